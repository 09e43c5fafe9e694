// `releve token`: with which IT tools hand in passwords, report or read; each is shown once, and only its hash is kept.
import { Command } from 'commander';
import { isoTime, parisTime, table } from '../../content/terminal/formats.ts';
import type { Environment } from '../../domain/account/technical-user.ts';
import {
  type ApiTool,
  grantWords,
  MOST_TOKEN_LOGINS,
  TOKEN_PURPOSES,
  type TokenPurpose,
} from '../../domain/registry/api-token.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { takenFrom, userIn } from '../account-command.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type Options,
  print,
} from '../command-context.ts';
import { environmentChoice } from '../runtime.ts';

type TokenContext = Pick<CommandContext, 'tokens'>;

/** What a new token is for. */
interface NewTokenOptions extends Options {
  readonly for?: string;
  readonly login?: readonly string[];
  readonly environment?: Environment;
}

export function tokenCommand(inContext: InContext, io: CommandIo): Command {
  const make = new Command('new')
    .description('make a token for a tool; it is shown this once')
    .argument('<name>', 'of the tool: it stands in the audit trail')
    .option('--for <purpose>', 'what it may do: submit, report or read')
    .option('--login <login...>', 'only these technical users: a login, name, SIRET or address each')
    .addOption(environmentChoice('only this one'))
    .option('--json', 'for programs')
    .action((name: string, options: NewTokenOptions) =>
      inContext((context) => runTokenNew(name, options, context, io), 'make'),
    );
  const list = new Command('list')
    .description('list the tools that have a token')
    .option('--json', 'for programs')
    .action((options: Options) => inContext((context) => runTokenList(options, context, io)));
  const revoke = new Command('revoke')
    .description('end a token at once')
    .argument('<name>', 'of the tool')
    .option('--json', 'for programs')
    .action((name: string, options: Options) =>
      inContext((context) => runTokenRevoke(name, options, context, io), 'existing'),
    );
  const token = new Command('token').description('the tokens with which IT tools hand in passwords, or read');
  for (const each of [make, list, revoke]) token.addCommand(each);
  return token;
}

const NAME = /^[A-Za-z\d][\w.-]{0,39}$/;

const MAY: Readonly<Record<TokenPurpose, string>> = {
  submit: 'hand in new passwords (POST /v1/submissions)',
  report: 'say which version a connector uses, and that Chorus Pro refused it (/v1/adoptions, /v1/refusals)',
  read: 'read accounts and tasks, and change nothing (GET /v1/accounts, /v1/tasks)',
};

/** Makes a token, and prints it. Throws CommandError: 2 for a name or purpose that is none, 1 for a name that is taken, or of an account that is not known. */
export async function runTokenNew(
  name: string,
  options: NewTokenOptions,
  context: Pick<CommandContext, 'tokens' | 'hasDoor' | 'findAccount'>,
  io: CommandIo,
): Promise<void> {
  if (!NAME.test(name)) {
    throw new CommandError(
      EXIT.wrongUse,
      'a name is 1 to 40 letters, digits, “.”, “_” and “-”, with a letter or digit first',
    );
  }
  const purpose = purposeIn(options);
  const environment = options.environment ?? null;
  const logins = await loginsIn({ ...options, environment }, context, io);
  const tool: ApiTool = { name, purpose, logins, environment };
  const token = await context.tokens.make(tool);
  if (token === null) {
    throw new CommandError(
      EXIT.failed,
      `${name} has or had a token already; take another name, such as ${name}-2`,
    );
  }
  const door = context.hasDoor ? '' : '\nThe door for tools is shut: set door.url, and restart the daemon.';
  const text = `The token of ${name}, shown this once:\n\n${token}\n\nIt is for ${grantWords(tool)}: it may ${MAY[purpose]}.\nThe tool sends it as “Authorization: Bearer …”. releve token revoke ${name} ends it.${door}`;
  print({ json: { name, for: purpose, logins, environment, token }, text }, options, io);
}

/** Throws CommandError 2, which says what each may do. What was typed is not repeated. */
function purposeIn({ for: typed }: NewTokenOptions): TokenPurpose {
  const purpose = TOKEN_PURPOSES.find((one) => one === typed);
  if (purpose !== undefined) return purpose;
  const each = TOKEN_PURPOSES.map((one) => `  --for ${one}   may ${MAY[one]}`);
  throw new CommandError(EXIT.wrongUse, `say what the token is for:\n${each.join('\n')}`);
}

/** The logins as they are registered; null where none is named. Throws CommandError 1 for what is not known, 2 for what is ambiguous or too many. */
async function loginsIn(
  { login, environment, json }: Pick<ApiTool, 'environment'> & Pick<NewTokenOptions, 'login' | 'json'>,
  { findAccount }: Pick<CommandContext, 'findAccount'>,
  io: CommandIo,
): Promise<readonly string[] | null> {
  if (login === undefined) return null;
  const logins = new Set<string>();
  for (const typed of login) {
    const found = await findAccount(typed.trim(), environment);
    // A token may be for a login in both environments.
    const isOne = found.kind === 'several' && new Set(found.users.map((user) => user.login)).size === 1;
    const user =
      found.kind === 'found'
        ? takenFrom(found, { json: json === true }, io)
        : userIn(
            found.kind === 'both' || isOne ? await findAccount(typed.trim(), 'production') : found,
            '--login: ',
          );
    logins.add(user.login);
  }
  if (logins.size <= MOST_TOKEN_LOGINS) return [...logins];
  throw new CommandError(
    EXIT.wrongUse,
    `--login: at most ${MOST_TOKEN_LOGINS} logins; make several tokens, or one for all`,
  );
}

/** Lists the tools, those whose token was ended among them. */
export async function runTokenList(options: Options, { tokens }: TokenContext, io: CommandIo): Promise<void> {
  const all = await tokens.all();
  const rows = all.map((tool) => [
    tool.name,
    tool.purpose ?? 'submit\nreport',
    accountsOf(tool),
    usedText(tool),
  ]);
  const json = all.map(({ name, purpose, logins, environment, madeAt, revokedAt }) => ({
    name,
    for: purpose,
    logins,
    environment,
    madeAt: isoTime(madeAt),
    revokedAt: isoTime(revokedAt),
  }));
  const text =
    rows.length === 0
      ? 'No tool has a token; releve token new NAME --for PURPOSE makes one.'
      : table(['tool', 'for', 'accounts', 'in use'], rows);
  print({ json, text }, options, io);
}

/** A row takes 80 columns with a name of 25. */
function usedText({
  madeAt,
  revokedAt,
}: {
  readonly madeAt: number;
  readonly revokedAt: number | null;
}): string {
  const minute = (at: number) => parisTime(at).slice(0, 16);
  return `since ${minute(madeAt)}${revokedAt === null ? '' : `\nuntil ${minute(revokedAt)}`}`;
}

function accountsOf({ logins, environment }: ApiTool): string {
  const names = logins?.map((login) => login.replace(/@cpro\.fr$/i, '')) ?? ['all'];
  return (environment === null ? names : [...names, `(${environment})`]).join('\n');
}

/** Ends a token. Throws CommandError 1 when there is none of this name in use. */
export async function runTokenRevoke(
  name: string,
  options: Options,
  { tokens }: TokenContext,
  io: CommandIo,
): Promise<void> {
  if (!(await tokens.revoke(name))) {
    throw new CommandError(EXIT.failed, 'no token of this name is in use; releve token list shows all');
  }
  print({ json: { name, revoked: true }, text: `The token of ${name} is ended.` }, options, io);
}
