// What the commands of the handover need of the house, and how they find the technical user that is meant.
import { type Command, Option } from 'commander';
import type { Agents } from '../daemon-agents.ts';
import type { Environment } from '../domain/expiry.ts';
import type { Watched } from '../domain/technical-user.ts';
import type { Surroundings } from './house.ts';
import { Ending, EXIT } from './session.ts';

/** The open house, as far as handovers go. */
export interface AgentHouse {
  readonly agents: Agents;
  /** Whether a daemon goes on with what is left to do. */
  daemonRuns(): boolean;
}

/** Runs work with the house open, and closes it whatever happens. */
export type InAgentHouse = <T>(work: (house: AgentHouse) => Promise<T>) => Promise<T>;

/** Options that all commands about one technical user share. */
export interface UserOptions {
  readonly environment?: string;
  readonly json?: boolean;
}

const ENVIRONMENTS: readonly string[] = ['production', 'qualification'] satisfies Environment[];

/** `--environment NAME`. Checked by `userOf`: what commander does not allow it repeats, and it may be a password. */
export function environmentOption(): Option {
  return new Option('--environment <name>', 'production or qualification, when the login exists in both');
}

/** Refuses more than a login. Commander would repeat what is too much, and it may be a password. Throws Ending. */
export function refuseMore(command: Command): void {
  if (command.args.length > 1) {
    throw new Ending(EXIT.wrongUse, `${command.name()} takes one login, nothing more`);
  }
}

/** The technical user that is meant. Throws Ending; what was typed is not repeated, for it may be a password. */
export async function userOf(agents: Agents, login: string, { environment }: UserOptions): Promise<Watched> {
  if (environment !== undefined && !ENVIRONMENTS.includes(environment)) {
    throw new Ending(EXIT.wrongUse, '--environment: production or qualification is expected');
  }
  const found = await agents.find(login.trim(), (environment as Environment | undefined) ?? null);
  switch (found.kind) {
    case 'found':
      return found.user;
    case 'both':
      throw new Ending(
        EXIT.wrongUse,
        'this login exists in both environments; add --environment production or --environment qualification',
      );
    case 'unknown': {
      const near = found.near.map((one) => `\n  ${one}`).join('');
      const advice = near === '' ? 'releve list shows all' : `near it:${near}`;
      throw new Ending(EXIT.failed, `no technical user of this login is known; ${advice}`);
    }
  }
}

/** The same, and it is in use. Throws Ending. */
export async function userInUse(agents: Agents, login: string, options: UserOptions): Promise<Watched> {
  const user = await userOf(agents, login, options);
  if (!user.retired) return user;
  throw new Ending(
    EXIT.failed,
    `${user.login} is retired; releve set ${user.login} --reinstate brings it back`,
  );
}

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
