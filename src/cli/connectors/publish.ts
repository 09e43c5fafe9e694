// `releve publish`: compares every sink with the password in service, and writes where they differ.
import { Command } from 'commander';
import type { Stood } from '../../composition/operator-actions.ts';
import { type AccountOptions, environmentOption, refuseMore, userOf } from '../account-command.ts';
import { type AgentHouse, type InAgentHouse, tell } from '../agent-context.ts';
import type { Surroundings } from '../command-context.ts';
import { isEverywhere, type SinkStand, sinkForPrograms, sinksOf } from '../rotation/outcome.ts';
import { stateWords } from '../rotation/outcome-words.ts';
import { Ending, EXIT } from '../runtime.ts';
import { parisTime } from '../terminal/instants.ts';
import { table } from '../terminal/table.ts';

export interface PublishOptions extends AccountOptions {
  readonly all?: boolean;
}

export function publishCommand(inHouse: InAgentHouse, around: Surroundings): Command {
  return new Command('publish')
    .description('compare every sink with the password in service, and write where they differ')
    .argument('[login]', 'the technical user')
    .option('--all', 'every technical user with a password in service')
    .addOption(environmentOption())
    .option('--json', 'for programs')
    .allowExcessArguments()
    .action(async (login: string | undefined, options: PublishOptions, command: Command) => {
      refuseMore(command);
      await inHouse((house) => runPublish(login, options, house, around));
    });
}

/** Publishes and tells it sink by sink. Throws Ending. */
export async function runPublish(
  login: string | undefined,
  options: PublishOptions,
  { agents }: AgentHouse,
  around: Surroundings,
): Promise<void> {
  if ((login === undefined) !== (options.all === true)) {
    throw new Ending(EXIT.wrongUse, 'publish takes a login, or --all');
  }
  const ids = login === undefined ? await agents.inService() : [(await userOf(agents, login, options)).id];
  const lines: Line[] = [];
  let users = 0;
  for (const id of ids) {
    const stood = await agents.publish(id);
    if (stood === null) continue;
    users += 1;
    lines.push(...linesOf(stood));
  }
  if (users === 0)
    throw new Ending(EXIT.failed, 'no password of ours is in service; releve submit hands one in');
  const everywhere = isEverywhere(lines.map(({ stand }) => stand));
  tell(
    {
      json: lines.map(({ stand, ...rest }) => ({ ...rest, ...sinkForPrograms(stand) })),
      text: lines.length === 0 ? 'No sink is set up for it: the password stays here.' : textOf(lines),
      exit: everywhere ? EXIT.well : EXIT.failed,
      summary: 'not every sink holds the password in service',
    },
    options.json === true,
    around,
  );
}

interface Line {
  readonly login: string;
  readonly environment: string;
  readonly version: number;
  readonly stand: SinkStand;
}

function linesOf({ book, seen }: Stood): Line[] {
  const { login, environment, version } = book.user;
  return sinksOf(book, seen).map((stand) => ({ login, environment, version, stand }));
}

function textOf(lines: readonly Line[]): string {
  return table(
    ['login', 'environment', 'version', 'sink', 'state', 'fault', 'next try'],
    lines.map(({ login, environment, version, stand }) => [
      login,
      environment,
      version,
      stand.sink,
      stateWords(stand),
      stand.fault,
      parisTime(stand.nextTryAt),
    ]),
  );
}
