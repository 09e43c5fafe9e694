// `releve announce`: a reset is about to happen, so connectors hold their calls until the new password is in service.
import type { Command } from 'commander';
import { accountWords } from '../../content/letters/commands.ts';
import { isoTime, parisTime, tableWithin } from '../../content/terminal/formats.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { RotationSnapshot } from '../../use-cases/rotation/operator-actions.ts';
import { type AccountOptions, accountCommand, userInUse } from '../account-command.ts';
import { type CommandIo, type InContext, type OperatorContext, print } from '../command-context.ts';

export function announceCommand(inContext: InContext<OperatorContext>, io: CommandIo): Command {
  const description = 'announce a reset: connectors hold their calls until the new password is in service';
  return accountCommand({ name: 'announce', description }, runAnnounce, inContext, io);
}

/** Announces, and prints it. Throws CommandError. */
export async function runAnnounce(
  login: string,
  options: AccountOptions,
  { operatorActions, daemonRuns }: OperatorContext,
  io: CommandIo,
): Promise<void> {
  const user = await userInUse(operatorActions, login, options, io);
  const snapshot = await operatorActions.announce(user);
  if (snapshot.announced.kind === 'in-hand') {
    throw new CommandError(
      EXIT.failed,
      `a password of ${user.login} is in hand already; releve verify ${accountWords(user)} tells how it stands`,
    );
  }
  const { until } = snapshot.announced;
  const connectors = connectorsOf(snapshot);
  const ends = daemonRuns()
    ? ''
    : ' No daemon runs here: nobody lets them go on at that time, unless releve run is started.';
  const head = `Announced until ${parisTime(until)}.${connectors.length === 0 ? ' No connector can be told to hold its calls: no sink of it has a holdFile or a hold program.' : ends}`;
  const result = {
    json: { login: user.login, environment: user.environment, until: isoTime(until), connectors },
    text: `${head}${connectors.length === 0 ? '' : `\n\n${connectorsTable(connectors)}`}`,
    exit: connectors.every(({ state }) => state !== 'not told') ? EXIT.ok : EXIT.failed,
    summary: 'not every connector could be told',
  };
  print(result, options, io);
}

/** A connector behind a sink, and what it knows. */
interface Connector {
  readonly sink: string;
  readonly state: 'holds its calls' | 'goes on' | 'not told' | 'stop it by hand';
  /** Why it was not told, or where a person stops it. */
  readonly fault: string | null;
  /** What its hold leaves out; absent where it holds every call. */
  readonly limit?: string;
}

/** The connectors that can be told to hold, by the name of their sink. */
export function connectorsOf({ aggregate, observations }: RotationSnapshot): readonly Connector[] {
  return aggregate.holds
    .map(({ sink, wanted, applied, byHand }): Connector => {
      if (wanted && byHand !== null) return { sink, state: 'stop it by hand', fault: byHand.place };
      if (wanted !== applied)
        return { sink, state: 'not told', fault: observations.untold.get(sink) ?? null };
      const limit = observations.limits.get(sink);
      const left = applied && limit !== undefined ? { limit } : {};
      return { sink, state: applied ? 'holds its calls' : 'goes on', fault: null, ...left };
    })
    .sort((a, b) => (a.sink < b.sink ? -1 : 1));
}

export function connectorsTable(connectors: readonly Connector[]): string {
  return tableWithin(
    ['sink', 'its connector', 'fault'],
    connectors.map(({ sink, state, fault, limit }) => [
      sink,
      limit === undefined ? state : `holds ${limit}`,
      fault,
    ]),
  );
}
