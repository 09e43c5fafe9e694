// `releve connectors`: what each connector of the settings holds for each of its accounts.
import { Command } from 'commander';
import { sinkForPrograms, sinkStatusOf } from '../../content/terminal/account-facts.ts';
import { adoptionWords } from '../../content/terminal/adoption-words.ts';
import { isoTime, loginWords, parisTime, tableWithin } from '../../content/terminal/formats.ts';
import type { ConnectorRecord } from '../../domain/ports/connectors.ts';
import type { ConnectorList, ListedConnector } from '../../use-cases/connectors/list.ts';
import { type CommandIo, type InContext, type Options, print } from '../command-context.ts';
import { type ConnectorsContext, connectorsNamed, discoverConnectorCommand } from './discover.ts';

export function connectorsCommand(inContext: InContext, io: CommandIo): Command {
  return (
    new Command('connectors')
      .description('the connectors of the file of sinks, with what each account holds there')
      .argument('[name]', 'one of them')
      .option('--json', 'for programs')
      // An option behind the name of a command is that command's.
      .enablePositionalOptions()
      .action(async (name: string | undefined, options: Options) => {
        await inContext((context) => runConnectors(name, options, context, io));
      })
      .addCommand(discoverConnectorCommand(inContext, io))
  );
}

/** Lists them. Throws CommandError 1 for a name that none has. */
export async function runConnectors(
  name: string | undefined,
  options: Options,
  context: ConnectorsContext,
  io: Pick<CommandIo, 'write' | 'width'>,
): Promise<void> {
  const all = await context.connectors();
  const connectors = name === undefined ? all.connectors : connectorsNamed(all, name);
  const list = { connectors, withoutConnector: name === undefined ? all.withoutConnector : [] };
  print({ json: forPrograms(list), text: textOf(list, io) }, options, io);
}

function forPrograms({ connectors, withoutConnector }: ConnectorList) {
  const facts = ({ login, environment, structure, version }: ConnectorList['withoutConnector'][number]) => ({
    ...{ login, environment, structure, version },
  });
  return {
    connectors: connectors.map(({ sink, accounts }) => ({
      ...{ name: sink.name, kind: sink.kind, product: sink.product, canHold: sink.canHold },
      ...{ readsBack: sink.readsBack, place: sink.byHand?.place ?? null, holdLimit: sink.holdLimit ?? null },
      accounts: accounts.map(({ account, record }) => {
        const { publication = null, hold = null } = record ?? {};
        return {
          ...facts(account),
          held: record?.held ?? null,
          state: publication === null ? null : sinkForPrograms(sinkStatusOf(publication)),
          claimedAt: isoTime(publication?.claimedAt ?? null),
          adoption:
            publication === null
              ? null
              : { at: isoTime(publication.adoptedAt), by: publication.adoptedBy, late: publication.isLate },
          hold: hold === null ? null : { ...hold, appliedAt: isoTime(hold.appliedAt) },
        };
      }),
    })),
    withoutConnector: withoutConnector.map(facts),
  };
}

function textOf({ connectors, withoutConnector }: ConnectorList, io: Pick<CommandIo, 'width'>): string {
  const parts = connectors.map((one) => connectorText(one, io));
  if (connectors.length === 0) parts.push('No connector is set up: passwords stay here (docs/SINKS.md).');
  if (withoutConnector.length > 0) {
    const rows = withoutConnector.map((account) => [loginWords(account), account.structure]);
    parts.push(`In no connector: their passwords stay here\n${tableWithin([], rows, io)}`);
  }
  return parts.join('\n\n');
}

function connectorText({ sink, accounts }: ListedConnector, io: Pick<CommandIo, 'width'>): string {
  const { name, kind, product, canHold, byHand, holdLimit } = sink;
  const how = byHand === null ? kind : `typed in by hand: ${byHand.place}`;
  const hold = byHand === null ? 'cannot be told to hold' : 'only a person can stop it';
  const limit = holdLimit === undefined ? null : `holds ${holdLimit}`;
  const head = [product, how, canHold ? limit : hold].filter((part) => part !== null);
  const rows = accounts.map(({ account, record }) => [
    loginWords(account),
    account.structure,
    record === null ? 'nothing was published here' : recordWords(record),
  ]);
  const table = rows.length === 0 ? '    no account of the registry' : tableWithin([], rows, io);
  return `${name} (${head.join(', ')})\n${table}`;
}

function recordWords({ held, publication, hold }: ConnectorRecord): string {
  const status = publication === null ? null : sinkStatusOf(publication);
  return [
    held === null ? 'holds no version of ours' : `version ${held}`,
    status === null || status.state === 'holds it' ? null : status.state,
    publication?.claimedAt == null ? null : `by a person’s word of ${parisTime(publication.claimedAt)}`,
    status?.fault ?? null,
    publication === null ? null : adoptionWords(publication),
    hold === null ? null : holdState(hold),
  ]
    .filter((part) => part !== null)
    .join('; ');
}

/** Null where it goes on, as it should. */
function holdState({
  wanted,
  applied,
  appliedAt,
  isByHand,
}: NonNullable<ConnectorRecord['hold']>): string | null {
  if (wanted && isByHand) return 'to be stopped by hand';
  if (wanted !== applied) return `to be told to ${wanted ? 'hold its calls' : 'go on'}`;
  if (!applied) return null;
  return appliedAt === null ? 'holds its calls' : `holds its calls since ${parisTime(appliedAt)}`;
}
