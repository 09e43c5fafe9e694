// `releve connectors discover`: the accounts that a connector's product has, as lines for the file of sinks.
import { Command } from 'commander';
import { loginWords, printable, tableWithin } from '../../content/terminal/formats.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { ConnectorList, DiscoveryMatch, ListedConnector } from '../../use-cases/connectors/list.ts';
import { refuseMore } from '../account-command.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type Options,
  print,
} from '../command-context.ts';

export type ConnectorsContext = Pick<CommandContext, 'connectors'>;

export function discoverConnectorCommand(inContext: InContext, io: CommandIo): Command {
  return new Command('discover')
    .description(
      "ask a connector's product which accounts it has, and propose their lines of the file of sinks",
    )
    .argument('<name>', 'a connector of the file of sinks')
    .option('--json', 'for programs')
    .allowExcessArguments()
    .action(async (name: string, options: Options, command: Command) => {
      refuseMore(command);
      await inContext((context) => runDiscoverConnector(name, options, context, io));
    });
}

/** Asks, and prints what follows; changes nothing. Throws CommandError 1 where the product cannot tell, or does not. */
export async function runDiscoverConnector(
  name: string,
  options: Options,
  context: ConnectorsContext,
  io: Pick<CommandIo, 'write' | 'width'>,
): Promise<void> {
  const all = await context.connectors();
  const [found] = connectorsNamed(all, name);
  if (!found?.discover) {
    throw new CommandError(
      EXIT.failed,
      `${name} (${found?.sink.kind}) cannot tell its accounts: write them by hand`,
    );
  }
  const match = await found.discover();
  if (!match.ok) throw new CommandError(EXIT.failed, match.fault);
  print({ json: { connector: name, ...forPrograms(match) }, text: textOf(match, io) }, options, io);
}

/** The one of this name. Throws CommandError 1 where there is none. */
export function connectorsNamed(all: ConnectorList, name: string): readonly ListedConnector[] {
  const found = all.connectors.filter(({ sink }) => sink.name === name);
  if (found.length > 0) return found;
  const names = all.connectors.map(({ sink }) => sink.name).join(', ');
  throw new CommandError(
    EXIT.failed,
    `no connector is called ${name}; there ${names === '' ? 'are none' : `are: ${names}`}`,
  );
}

function forPrograms({ matched, repeated, unregistered, lacking }: DiscoveryMatch) {
  const known = ({ account, login, ...found }: DiscoveryMatch['matched'][number]) => ({
    ...{ login: account.login, loginThere: login, structure: account.structure, ...found },
  });
  return {
    accounts: matched.map(known),
    repeated: repeated.map(known),
    unregistered,
    lacking: lacking.map(({ login, structure }) => ({ login, structure })),
  };
}

function textOf({ matched, repeated, unregistered, lacking }: DiscoveryMatch, io: Pick<CommandIo, 'width'>) {
  const parts: string[] = [];
  const lines = matched.map(
    ({ account, values, label }) =>
      `  ${yamlKey(account.login)}: ${yamlValues(values)} # ${printable(`${account.structure}, ${label}`)}`,
  );
  if (lines.length > 0) parts.push(['accounts:', ...lines].join('\n'));
  else parts.push('No account there is one of the registry.');
  const section = (title: string, rows: readonly (readonly string[])[]) => {
    if (rows.length > 0) parts.push(`${title}\n${tableWithin([], rows, io)}`);
  };
  section(
    'There once more: one entry of the file of sinks serves a login in one place; write a second entry for',
    repeated.map(({ account, values, label }) => [loginWords(account), yamlValues(values), label]),
  );
  section(
    'There, and not in the registry',
    unregistered.map(({ login, values, label }) => [login || 'no login', yamlValues(values), label]),
  );
  section(
    'In the registry, and not there',
    lacking.map((account) => [loginWords(account), account.structure]),
  );
  return parts.join('\n\n');
}

/** A login is a text of strangers: what is not plain stands between quotes. */
const yamlKey = (text: string) => (/^[A-Za-z][\w.@-]*$/.test(text) ? text : JSON.stringify(text));

const yamlValues = (values: Readonly<Record<string, string | number>>) =>
  `{ ${Object.entries(values)
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? value : JSON.stringify(value)}`)
    .join(', ')} }`;
