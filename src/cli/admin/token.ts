// `releve token`: with which IT tools may hand in passwords; each is shown once, and only its hash is kept.
import { Command } from 'commander';
import { tell } from '../agent-context.ts';
import type { Surroundings } from '../command-context.ts';
import type { InKeeperHouse, KeeperHouse } from '../keeper-context.ts';
import { Ending, EXIT } from '../runtime.ts';
import { isoTime, parisTime } from '../terminal/instants.ts';
import { table } from '../terminal/table.ts';

interface Options {
  readonly json?: boolean;
}

export function tokenCommand(inHouse: InKeeperHouse, around: Surroundings): Command {
  const make = new Command('new')
    .description('make a token for a tool; it is shown this once')
    .argument('<name>', 'of the tool: it stands in the audit trail')
    .option('--json', 'for programs')
    .action((name: string, options: Options) =>
      inHouse((house) => runTokenNew(name, options, house, around), 'make'),
    );
  const list = new Command('list')
    .description('list the tools that have a token')
    .option('--json', 'for programs')
    .action((options: Options) => inHouse((house) => runTokenList(options, house, around)));
  const revoke = new Command('revoke')
    .description('end a token at once')
    .argument('<name>', 'of the tool')
    .option('--json', 'for programs')
    .action((name: string, options: Options) =>
      inHouse((house) => runTokenRevoke(name, options, house, around)),
    );
  const token = new Command('token').description('the tokens with which IT tools hand in passwords');
  for (const each of [make, list, revoke]) token.addCommand(each);
  return token;
}

const NAME = /^[A-Za-z\d][\w.-]{0,39}$/;
const WELL = { exit: EXIT.well, summary: '' };

/** Makes a token and shows it. Throws Ending: 2 for a name that is none, 1 for one that is taken. */
export async function runTokenNew(
  name: string,
  options: Options,
  { tokens, doorOpen }: Pick<KeeperHouse, 'tokens' | 'doorOpen'>,
  around: Surroundings,
): Promise<void> {
  if (!NAME.test(name)) {
    throw new Ending(
      EXIT.wrongUse,
      'a name is 1 to 40 letters, digits, “.”, “_” and “-”, with a letter or digit first',
    );
  }
  const token = await tokens.make(name);
  if (token === null) {
    throw new Ending(EXIT.failed, `${name} has or had a token already; take another name, such as ${name}-2`);
  }
  const door = doorOpen ? '' : '\nThe door for tools is shut: set door.url, and restart the daemon.';
  const text = `The token of ${name}, shown this once:\n\n${token}\n\nThe tool sends it as “Authorization: Bearer …”. releve token revoke ${name} ends it.${door}`;
  tell({ json: { name, token }, text, ...WELL }, options.json === true, around);
}

/** Lists the tools, those whose token was ended among them. */
export async function runTokenList(
  options: Options,
  { tokens }: Pick<KeeperHouse, 'tokens'>,
  around: Surroundings,
): Promise<void> {
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
  tell({ json, text, ...WELL }, options.json === true, around);
}

/** Ends a token. Throws Ending 1 when there is none of this name in use. */
export async function runTokenRevoke(
  name: string,
  options: Options,
  { tokens }: Pick<KeeperHouse, 'tokens'>,
  around: Surroundings,
): Promise<void> {
  if (!(await tokens.revoke(name))) {
    throw new Ending(EXIT.failed, 'no token of this name is in use; releve token list shows all');
  }
  tell(
    { json: { name, revoked: true }, text: `The token of ${name} is ended.`, ...WELL },
    options.json === true,
    around,
  );
}
