// What the commands of the handover need of the house, and how every command tells what came of it.
import type { OperatorActions } from '../composition/operator-actions.ts';
import type { CommandIo } from './command-context.ts';
import { CommandError, EXIT } from './runtime.ts';

/** The open house, as far as handovers go. */
export interface OperatorContext {
  readonly agents: OperatorActions;
  /** Whether a daemon goes on with what is left to do. */
  daemonRuns(): boolean;
}

/** Runs work with the house open, and closes it whatever happens. */
export type InOperatorContext = <T>(work: (context: OperatorContext) => Promise<T>) => Promise<T>;

/** What a command tells: for programs, for people, and how it ends. */
export interface CommandResult {
  readonly json: unknown;
  readonly text: string;
  readonly exit: number;
  /** One line for standard error where the exit code is not 0. */
  readonly summary: string;
}

/** Writes what is told. Throws Ending where the exit code is not 0. */
export function printResult(
  { json, text, exit, summary }: CommandResult,
  asJson: boolean,
  io: CommandIo,
): void {
  if (asJson) io.write(`${JSON.stringify(json, null, 2)}\n`);
  else if (text !== '') io.write(text.endsWith('\n') ? text : `${text}\n`);
  if (exit !== EXIT.ok) throw new CommandError(exit, summary);
}
