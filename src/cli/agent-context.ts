// What the commands of the handover need of the house, and how every command tells what came of it.
import type { Agents } from '../composition/operator-actions.ts';
import type { Surroundings } from './command-context.ts';
import { Ending, EXIT } from './runtime.ts';

/** The open house, as far as handovers go. */
export interface AgentHouse {
  readonly agents: Agents;
  /** Whether a daemon goes on with what is left to do. */
  daemonRuns(): boolean;
}

/** Runs work with the house open, and closes it whatever happens. */
export type InAgentHouse = <T>(work: (house: AgentHouse) => Promise<T>) => Promise<T>;

/** What a command tells: for programs, for people, and how it ends. */
export interface Told {
  readonly json: unknown;
  readonly text: string;
  readonly exit: number;
  /** One line for standard error where the exit code is not 0. */
  readonly summary: string;
}

/** Writes what is told. Throws Ending where the exit code is not 0. */
export function tell({ json, text, exit, summary }: Told, asJson: boolean, around: Surroundings): void {
  if (asJson) around.write(`${JSON.stringify(json, null, 2)}\n`);
  else if (text !== '') around.write(text.endsWith('\n') ? text : `${text}\n`);
  if (exit !== EXIT.well) throw new Ending(exit, summary);
}
