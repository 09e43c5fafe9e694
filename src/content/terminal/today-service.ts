// The last part of the day's screen: how the service itself is, in rows of a label and a value.
import { closedBy, conditionOf, type Maintenance, type Platform } from '../../domain/platform/platform.ts';
import type { WebhookState } from '../../domain/ports/webhook.ts';
import { keyRemedy } from '../../domain/rotation/sealed.ts';
import { folded, moment, printable, SCREEN } from './formats.ts';
import type { DaemonFacts, TodayFacts, WebhookFacts } from './today-facts.ts';

export function serviceText({ service, now }: TodayFacts): string {
  const { platforms, closures, outbox, webhook, letters, keys, unopened, version, daemon } = service;
  const rows: (readonly [string, string])[] = [
    ['daemon', daemonWords(daemon, version, now)],
    ...platforms.map((one) => [`platform ${one.environment}`, platformWords(one, closures, now)] as const),
    [
      'mail',
      `${waitingWords(outbox, now)}; today ${letters.sent} sent to managers, ${letters.refused} refused`,
    ],
    ...(webhook === null ? [] : [['webhook', webhookWords(webhook, now)] as const]),
    ['master keys', keys.kind === 'open' ? `${keys.known.length} known, ${keys.sealing} seals` : keys.reason],
    ...(unopened === 0
      ? []
      : [['sealed', `${unopened} secret(s) that no known key opens: ${keyRemedy(unopened)}`] as const]),
  ];
  return rows
    .flatMap(([label, value]) =>
      folded(printable(value), SCREEN - 25).map(
        (line, at) => `  ${(at === 0 ? label : '').padEnd(23)}${line}`,
      ),
    )
    .join('\n');
}

function waitingWords(
  { waiting, oldestAt }: Pick<WebhookState, 'waiting' | 'oldestAt'>,
  now: number,
): string {
  return `${waiting} waiting${oldestAt === null ? '' : `, the oldest since ${moment(oldestAt, now)}`}`;
}

function webhookWords({ failingSince, givenUp, ...open }: WebhookFacts, now: number): string {
  const failing = failingSince === null ? '' : `; no event was taken since ${moment(failingSince, now)}`;
  return `${waitingWords(open, now)}${failing}${givenUp === 0 ? '' : `; ${givenUp} given up in 30 days`}`;
}

function daemonWords(
  { runs, startedAt, version: started }: DaemonFacts,
  version: string,
  now: number,
): string {
  const since = startedAt === null ? '' : ` since ${moment(startedAt, now)}`;
  const other = started === null || started === version ? '' : `; this command is ${version}`;
  return runs
    ? `${started ?? version}, up${since}${other}`
    : `none runs on this machine; this command is ${version}`;
}

function platformWords(platform: Platform, closures: readonly Maintenance[], now: number): string {
  const closure = closedBy(closures, platform.environment, now);
  if (closure !== null) return `known to be closed until ${moment(closure.to, now)}`;
  const { lastSuccessAt, failingSince } = platform;
  if (failingSince !== null)
    return `${conditionOf(platform) === 'out' ? 'out: ' : ''}no answer since ${moment(failingSince, now)}`;
  return lastSuccessAt === null ? 'nothing was heard yet' : `an account worked ${moment(lastSuccessAt, now)}`;
}
