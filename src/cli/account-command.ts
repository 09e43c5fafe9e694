// How every command about one technical user opens: its argument and options, and which technical user is meant.
import { Command, Option } from 'commander';
import type { Environment, TechnicalUser } from '../domain/account/technical-user.ts';
import { type IsAddress, readAddress } from '../domain/parsing/address.ts';
import { type ParsedEntry, readEnvironment } from '../domain/parsing/characters.ts';
import { readLogin } from '../domain/parsing/login.ts';
import { readSiret } from '../domain/parsing/siret.ts';
import { CommandError, EXIT } from '../system/terminal.ts';
import type { OperatorActions } from '../use-cases/rotation/operator-actions.ts';
import type { InContext, OperatorContext } from './command-context.ts';

/** The value that was read of an option; `warn` hears what is odd about it. Throws CommandError. */
export function optionValue<T>(option: string, entry: ParsedEntry<T>, warn?: (warning: string) => void): T {
  if (!entry.ok) throw new CommandError(EXIT.wrongUse, `${option}: ${entry.fault}`);
  if (entry.warning !== null) warn?.(`${option}: ${entry.warning}`);
  return entry.value;
}

/** What a typed subject of the registry may be, in the order of the look-ups: as it was typed, a SIRET, a login, an address. */
export function subjectsIn(typed: string, isAddress: IsAddress = () => false): readonly string[] {
  const read = [readSiret(typed), readLogin(typed), readAddress(typed, isAddress)];
  return [...new Set([typed.trim(), ...read.flatMap((entry) => (entry.ok ? [entry.value] : []))])];
}

/** Options that all commands about one technical user share. */
export interface AccountOptions {
  readonly environment?: string;
  readonly json?: boolean;
}

/** What a command does once its context is open. Throws CommandError. */
export type OnAccount<Options extends AccountOptions, Io, Context = OperatorContext> = (
  login: string,
  options: Options,
  context: Context,
  io: Io,
) => Promise<void>;

/** What is a command's own: its name, what its help says, and its options beside those that all share. */
export interface AccountCommandSpec {
  readonly name: string;
  readonly description: string;
  readonly options?: readonly Option[];
  /** Refuses more than a login. Throws CommandError. */
  readonly refuse?: (command: Command) => void;
}

/** A command about the technical user that its argument names. */
export function accountCommand<Options extends AccountOptions, Io, Context = OperatorContext>(
  { name, description, options: own = [], refuse = refuseMore }: AccountCommandSpec,
  run: OnAccount<Options, Io, Context>,
  inContext: InContext<Context>,
  io: Io,
): Command {
  const command = new Command(name)
    .description(description)
    .argument('<login>', 'the technical user')
    .addOption(environmentOption());
  for (const option of own) command.addOption(option);
  return command
    .option('--json', 'for programs')
    .allowExcessArguments()
    .action(async (login: string, options: Options) => {
      refuse(command);
      await inContext((context) => run(login, options, context, io));
    });
}

/** `--environment NAME`. Read by `environmentOf`: what commander does not allow it repeats, and it may be a password. */
export function environmentOption(): Option {
  return new Option('--environment <name>', 'production or qualification, when the login exists in both');
}

/** Refuses more than a login. Commander would repeat what is too much, and it may be a password. Throws CommandError. */
export function refuseMore(command: Command): void {
  if (command.args.length > 1) {
    throw new CommandError(EXIT.wrongUse, `${command.name()} takes one login, nothing more`);
  }
}

/** The environment that is meant; null where none was named. Throws CommandError. */
export function environmentOf({ environment }: AccountOptions): Environment | null {
  if (environment === undefined) return null;
  const read = readEnvironment(environment);
  if (read.ok) return read.value;
  throw new CommandError(EXIT.wrongUse, '--environment: production or qualification is expected');
}

/** The technical user that is meant. Throws CommandError; what was typed is not repeated, for it may be a password. */
export async function userOf(
  operatorActions: OperatorActions,
  login: string,
  options: AccountOptions,
): Promise<TechnicalUser> {
  const found = await operatorActions.find(login.trim(), environmentOf(options));
  switch (found.kind) {
    case 'found':
      return found.user;
    case 'both':
      throw new CommandError(
        EXIT.wrongUse,
        'this login exists in both environments; add --environment production or --environment qualification',
      );
    case 'unknown': {
      const near = found.near.map((one) => `\n  ${one}`).join('');
      const advice = near === '' ? 'releve list shows all' : `near it:${near}`;
      throw new CommandError(EXIT.failed, `no technical user of this login is known; ${advice}`);
    }
  }
}

/** The same, and it is in use. Throws CommandError. */
export async function userInUse(
  operatorActions: OperatorActions,
  login: string,
  options: AccountOptions,
): Promise<TechnicalUser> {
  const user = await userOf(operatorActions, login, options);
  if (!user.retired) return user;
  throw new CommandError(
    EXIT.failed,
    `${user.login} is retired; releve set ${user.login} --reinstate brings it back`,
  );
}
