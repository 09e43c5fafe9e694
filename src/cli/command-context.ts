// What commands work with: the parts that a command asks for, and where it writes; and how every command prints its result.

import {
  type AggregateReader,
  byHandActionsOver,
  closuresOver,
  connectorsOver,
  openAggregateReader,
  operatorActionsOver,
  proberOver,
  type RegistryActions,
  registryActionsOver,
  securityAdminOver,
  sendLinkOver,
  taskActionsOver,
} from '../composition/command-parts.ts';
import type { Opening, Parts } from '../composition/parts.ts';
import { type RotationParts, rotationPartsOver } from '../composition/rotations.ts';
import type { Config } from '../config/config.ts';
import type { TechnicalUser } from '../domain/account/technical-user.ts';
import type { Secret } from '../domain/shared/secret.ts';
import { openLog } from '../system/log.ts';
import { CommandError, EXIT, type ProgressLine } from '../system/terminal.ts';
import type { ConnectorList } from '../use-cases/connectors/list.ts';
import type { Closures } from '../use-cases/monitoring/closures.ts';
import type { Prober } from '../use-cases/monitoring/prober.ts';
import type { LinkSent } from '../use-cases/reminders/send-link.ts';
import type { SampleSent } from '../use-cases/reminders/send-sample.ts';
import type { OperatorActions } from '../use-cases/rotation/operator-actions.ts';
import type { DaemonState, SecurityAdmin } from '../use-cases/security/security-admin.ts';
import type { ByHandActions } from '../use-cases/tasks/by-hand.ts';
import type { TaskActions } from '../use-cases/tasks/tasks.ts';
import { daemonRuns, readyToSend, refuseUnreadableProxy, systemClock, withContext } from './runtime.ts';

/**
 * What commands work with. Each part is opened when it is read for the first time: most commands need neither master keys nor
 * sinks, and work where those are faulty.
 */
export interface CommandContext extends RegistryActions, SecurityAdmin {
  readonly aggregates: AggregateReader;
  readonly operatorActions: OperatorActions;
  readonly prober: Prober;
  readonly closures: Closures;
  readonly tasks: TaskActions;
  readonly byHand: ByHandActions;
  /** The connectors with their accounts. Throws ConfigFaults where the file of sinks has a fault. */
  connectors(): Promise<ConnectorList>;
  /** Sends a personal link to the principal manager. */
  sendLink(user: TechnicalUser, how: { readonly isFirst: boolean }): Promise<LinkSent>;
  /** Sends a sample of a reminder, about an account or (null) an example, to an address. */
  sendSample(user: TechnicalUser | null, address: string): Promise<SampleSent>;
  /** Whether a daemon continues what is left to do. */
  daemonRuns(): boolean;
  /** Whether a daemon runs that opens sealed passwords. */
  daemonState(): DaemonState;
  /** The file of the master keys by the settings; null where they come from a program or a credential. */
  readonly keyFile: string | null;
  /** Whether the settings name a program that prints the keys. */
  readonly hasKeyCommand: boolean;
  /** Whether the managers' page and the API for tools have an address. */
  readonly hasDoor: boolean;
}

/** What the commands about a password work with. */
export type OperatorContext = Pick<CommandContext, 'operatorActions' | 'daemonRuns'>;

/** Runs work over the open data, and closes all that was opened, whatever happens. */
export type InContext<Context = CommandContext> = <T>(
  work: (context: Context) => Promise<T>,
  opening?: Opening,
) => Promise<T>;

/** Where a command writes, and what it knows of who gives it. */
export interface CommandIo {
  write(text: string): void;
  now(): Temporal.Instant;
  /** The user of the system who gives the command, for the history. */
  readonly who: string;
  readonly progress: ProgressLine;
  /** Says something beside the output, which may go into a file or a program. */
  aside(text: string): void;
  /** Asks on the terminal; false where there is none. */
  confirmed(question: string): Promise<boolean>;
  /** Columns of the terminal; those of `SCREEN` where there is none. */
  readonly width?: number | undefined;
}

/** Where a long text is written. */
export interface OutputIo extends CommandIo {
  /** Whether a person reads what is written. */
  readonly terminal: boolean;
  /** Writes piece by piece, no faster than it is read. */
  writeAll(pieces: AsyncIterable<string>): Promise<void>;
}

/** What a command asks a person who sits before the terminal. */
export interface InteractiveIo extends CommandIo {
  /** Asks for a password; nothing of it is shown. */
  secret(question: string): Promise<Secret>;
}

/** The option of every command that prints for people or for programs. */
export interface Options {
  readonly json?: boolean;
}

/** What a command prints, for programs and for people, and how it ends. */
export interface CommandResult {
  readonly json: unknown;
  readonly text: string;
  readonly exit: number;
  /** One line for standard error where the exit code is not 0. */
  readonly summary: string;
}

/** Prints a result; one without an exit code is good. Throws CommandError where the exit code is not 0. */
export function print(
  { json, text, exit = EXIT.ok, summary = '' }: Pick<CommandResult, 'json' | 'text'> & Partial<CommandResult>,
  options: Options,
  io: Pick<CommandIo, 'write'>,
): void {
  if (options.json === true) io.write(`${JSON.stringify(json, null, 2)}\n`);
  else if (text !== '') io.write(text.endsWith('\n') ? text : `${text}\n`);
  if (exit !== EXIT.ok) throw new CommandError(exit, summary);
}

/** Opens the data of the settings for commands, which may call Chorus Pro or not; `who` stands in the history and the audit trail. */
export const contextFor =
  (who: string, { calls = false } = {}): InContext =>
  (work, opening) =>
    withContext(async (parts) => {
      if (calls) refuseUnreadableProxy(parts.config);
      using opened = new DisposableStack();
      return await work(contextOver(parts, who, opened));
    }, opening);

function contextOver(parts: Parts, who: string, opened: DisposableStack): CommandContext {
  const { config } = parts;
  const rotationParts = once(() => {
    const rotation = openRotationsLogged(parts);
    opened.defer(() => rotation.close());
    return rotation;
  });
  const byHand = once(() =>
    byHandActionsOver(parts, { env: process.env, clock: systemClock, logger: errorLog(), who }),
  );
  const security = once(() => securityAdminOver(parts, process.env, systemClock, who));
  return {
    ...registryActionsOver(parts),
    get aggregates() {
      return openAggregateReader(parts);
    },
    get operatorActions() {
      return operatorActionsOver(parts, rotationParts(), who);
    },
    get byHand() {
      return byHand();
    },
    get prober() {
      return proberOver(rotationParts());
    },
    get closures() {
      return closuresOver(parts, systemClock, who);
    },
    get tasks() {
      return taskActionsOver(parts, systemClock, { claim: (task) => byHand().claim(task) });
    },
    connectors: () => connectorsOver(parts),
    sendLink: (user, how) => sendLinkOver(parts, systemClock, user, { ...how, who }),
    sendSample: async (user, address) => {
      const { sendSampleOver } = await import('../composition/letters.ts');
      return sendSampleOver(parts, readyToSend(config), systemClock, { user, address, who });
    },
    get keys() {
      return security().keys;
    },
    get tokens() {
      return security().tokens;
    },
    get audit() {
      return security().audit;
    },
    daemonRuns: () => daemonRuns(config),
    daemonState: () => daemonStateOf(config),
    keyFile: config.vault.keyFile,
    hasKeyCommand: config.vault.keyCommand.length > 0,
    hasDoor: config.door.url !== null,
  };
}

/** What goes wrong inside is logged on standard error. */
function openRotationsLogged(parts: Parts): RotationParts {
  return rotationPartsOver(parts, systemClock, errorLog());
}

const errorLog = () =>
  openLog({ level: 'error', terminal: process.stderr.isTTY === true, stream: process.stderr });

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function daemonStateOf(config: Config): DaemonState {
  // With neither an address for managers nor sinks, a daemon neither seals nor says which keys it knows.
  if (config.door.url === null && config.sinks.file === null) return 'none';
  if (daemonRuns(config)) return 'runs';
  return config.database.kind === 'postgres' ? 'may-run' : 'none';
}
