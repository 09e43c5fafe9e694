// How every command about one technical user opens: its argument and options, and which technical user is meant.
import { Command, Option } from 'commander';
import { accountWords } from '../content/letters/commands.ts';
import { clipped, printable, shortLogin, table } from '../content/terminal/formats.ts';
import type { Environment, TechnicalUser } from '../domain/account/technical-user.ts';
import { type IsAddress, readAddress } from '../domain/parsing/address.ts';
import { type ParsedEntry, readEnvironment } from '../domain/parsing/characters.ts';
import { readLogin } from '../domain/parsing/login.ts';
import { readSiret } from '../domain/parsing/siret.ts';
import { CommandError, EXIT } from '../system/terminal.ts';
import type { FoundAccount, SeveralAccounts } from '../use-cases/registry/find-account.ts';
import type { OperatorActions } from '../use-cases/rotation/operator-actions.ts';
import type { CommandIo, InContext, OperatorContext } from './command-context.ts';

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

/** What help says of the argument that names a technical user. */
export const ACCOUNT_ARGUMENT =
  'the technical user: its login, or a name, SIRET or address that names no other';

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
    .argument('<login>', ACCOUNT_ARGUMENT)
    .addOption(environmentOption());
  for (const option of own) command.addOption(option);
  return command
    .option('--json', 'for programs')
    .allowExcessArguments()
    .action(async (login: string, options: Options) => {
      refuse(command);
      await inContext((context) => run(login, options, context, io), 'existing');
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

/** Where it is said who was meant, and asked whether that is so. */
type AccountIo = Pick<CommandIo, 'write' | 'aside' | 'confirmed'>;

/** The technical user that is meant; one that was named by something else than its login is told. Throws CommandError. */
export async function userOf(
  operatorActions: Pick<OperatorActions, 'find'>,
  typed: string,
  options: AccountOptions,
  io: AccountIo,
): Promise<TechnicalUser> {
  return takenFrom(await operatorActions.find(typed.trim(), environmentOf(options)), options, io);
}

/** The same for what cannot be taken back: a part of a name is not enough, unless a person says on the terminal that it is the one. */
export async function userForGood(
  operatorActions: Pick<OperatorActions, 'find'>,
  typed: string,
  options: AccountOptions,
  io: AccountIo,
): Promise<TechnicalUser> {
  const found = await operatorActions.find(typed.trim(), environmentOf(options));
  await refusePart(found, io);
  return takenFrom(found, options, io);
}

/** Says on the output who was taken by all of a name, and beside it, for programs too, who was taken by a part. Throws CommandError. */
export function takenFrom(
  found: FoundAccount,
  options: AccountOptions,
  io: Pick<CommandIo, 'write' | 'aside'>,
): TechnicalUser {
  const user = userIn(found);
  if (found.kind !== 'found' || found.by === 'login') return user;
  if (found.by === 'part') io.aside(`only a part was typed; meant is ${takenWords(user)}`);
  else if (options.json !== true) io.write(`${takenWords(user)}\n`);
  return user;
}

/** Throws CommandError where only a part was typed, and nobody confirms it. */
export async function refusePart(found: FoundAccount, io: Pick<CommandIo, 'confirmed'>): Promise<void> {
  if (found.kind !== 'found' || found.by !== 'part') return;
  const words = takenWords(found.user);
  if (await io.confirmed(`Only a part was typed. Meant is ${words}?`)) return;
  throw new CommandError(
    EXIT.wrongUse,
    `nothing was done: only a part was typed, and this cannot be taken back. If ${words} is meant, give its login, or the whole SIRET, name or address`,
  );
}

/** Says which technical user was taken, where it was named by something else than its login. */
function takenWords({ home, login, environment }: TechnicalUser): string {
  return printable(`${home.name}: ${login} (${environment})`);
}

/** Throws CommandError where no single one was found; what was typed is not repeated, for it may be a password. `of` stands before its message. */
export function userIn(found: FoundAccount, of = ''): TechnicalUser {
  switch (found.kind) {
    case 'found':
      return found.user;
    case 'several':
      throw severalMeant(found, of);
    case 'both':
      throw new CommandError(
        EXIT.wrongUse,
        `${of}this login exists in both environments; add --environment production or --environment qualification`,
      );
    case 'unknown': {
      const near = found.near.map((one) => `\n  ${one}`).join('');
      const advice = near === '' ? 'releve list shows all' : `near it:${near}`;
      throw new CommandError(
        EXIT.failed,
        `${of}no technical user of this login, and nothing of this name is known; ${advice}`,
      );
    }
  }
}

const NAME_WIDTH = 36;

/** Names those that may be meant. */
function severalMeant({ users, count }: SeveralAccounts, of: string): CommandError {
  const rows = users.map(({ home, login, environment, retired }) => [
    clipped(home.name, NAME_WIDTH),
    shortLogin(login),
    `${environment}${retired ? ', retired' : ''}`,
  ]);
  const more = count > users.length ? `\n  … and ${count - users.length} more` : '';
  const isOneLogin = new Set(users.map(({ login }) => login)).size === 1;
  const how = isOneLogin ? 'add --environment' : 'give the login, or more of the name';
  return new CommandError(
    EXIT.wrongUse,
    `${of}${count} technical users may be meant; ${how}:${table([], rows).replaceAll(/\n/g, '\n  ')}${more}`,
  );
}

/** The same as `userOf`, and it is in use. Throws CommandError. */
export async function userInUse(
  operatorActions: Pick<OperatorActions, 'find'>,
  typed: string,
  options: AccountOptions,
  io: AccountIo,
): Promise<TechnicalUser> {
  return inUse(await userOf(operatorActions, typed, options, io));
}

/** Throws CommandError for one that is retired. */
export function inUse(user: TechnicalUser): TechnicalUser {
  if (!user.retired) return user;
  throw new CommandError(
    EXIT.failed,
    `${user.login} is retired; releve set ${accountWords(user)} --reinstate brings it back`,
  );
}
