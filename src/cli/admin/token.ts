// `releve token`: with which IT tools may hand in passwords; each is shown once, and only its hash is kept.
import { Command } from 'commander';
import { isoTime, parisTime, table } from '../../content/terminal/formats.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type Options,
  print,
} from '../command-context.ts';

type TokenContext = Pick<CommandContext, 'tokens'>;

export function tokenCommand(inContext: InContext, io: CommandIo): Command {
  const make = new Command('new')
    .description('make a token for a tool; it is shown this once')
    .argument('<name>', 'of the tool: it stands in the audit trail')
    .option('--json', 'for programs')
    .action((name: string, options: Options) =>
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
      inContext((context) => runTokenRevoke(name, options, context, io)),
    );
  const token = new Command('token').description('the tokens with which IT tools hand in passwords');
  for (const each of [make, list, revoke]) token.addCommand(each);
  return token;
}

const NAME = /^[A-Za-z\d][\w.-]{0,39}$/;

/** Makes a token, and prints it. Throws CommandError: 2 for a name that is none, 1 for one that is taken. */
export async function runTokenNew(
  name: string,
  options: Options,
  { tokens, hasDoor }: Pick<CommandContext, 'tokens' | 'hasDoor'>,
  io: CommandIo,
): Promise<void> {
  if (!NAME.test(name)) {
    throw new CommandError(
      EXIT.wrongUse,
      'a name is 1 to 40 letters, digits, “.”, “_” and “-”, with a letter or digit first',
    );
  }
  const token = await tokens.make(name);
  if (token === null) {
    throw new CommandError(
      EXIT.failed,
      `${name} has or had a token already; take another name, such as ${name}-2`,
    );
  }
  const door = hasDoor ? '' : '\nThe door for tools is shut: set door.url, and restart the daemon.';
  const text = `The token of ${name}, shown this once:\n\n${token}\n\nThe tool sends it as “Authorization: Bearer …”. releve token revoke ${name} ends it.${door}`;
  print({ json: { name, token }, text }, options, io);
}

/** Lists the tools, those whose token was ended among them. */
export async function runTokenList(options: Options, { tokens }: TokenContext, io: CommandIo): Promise<void> {
  const all = await tokens.all();
  const rows = all.map(({ name, madeAt, revokedAt }) => [
    name,
    parisTime(madeAt),
    revokedAt === null ? 'in use' : `ended on ${parisTime(revokedAt)}`,
  ]);
  const json = all.map(({ name, madeAt, revokedAt }) => ({
    name,
    madeAt: isoTime(madeAt),
    revokedAt: isoTime(revokedAt),
  }));
  const text =
    rows.length === 0
      ? 'No tool has a token; releve token new NAME makes one.'
      : table(['tool', 'made on', 'state'], rows);
  print({ json, text }, options, io);
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
