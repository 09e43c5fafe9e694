// The metrics for Prometheus, as text in its format 0.0.4; written piece by piece, however many technical users there are.
import { Counter, Gauge, Registry } from 'prom-client';
import type { Environment } from '../../../domain/account/technical-user.ts';
import { accountMetrics, type MeasuredFleet } from './account-metrics.ts';

/** Requests to the managers' page and the tool API since the start, by place and by outcome: few and fixed words. */
export interface RequestCount {
  readonly place: string;
  readonly outcome: string;
  readonly count: number;
}

/** All that is measured; instants in ms, null where there is none yet. */
export interface Measures extends MeasuredFleet {
  /** Deliveries since the beginning, by kind of letter and by outcome. */
  readonly letters: readonly { readonly kind: string; readonly outcome: string; readonly count: number }[];
  readonly requests: readonly RequestCount[];
  /** Rotations by stage, of all time. */
  readonly rotations: readonly { readonly stage: string; readonly count: number }[];
  /** Open tasks by kind: every kind, 0 where there is none. */
  readonly tasks: readonly { readonly kind: string; readonly count: number }[];
  readonly platforms: readonly {
    readonly environment: Environment;
    readonly isOut: boolean;
    readonly lastSuccessAt: number | null;
  }[];
  readonly lastTickAt: number | null;
  /** When the oldest letter that still waits was written. */
  readonly oldestWaitingSince: number | null;
  readonly waiting: number;
  /** Events that wait for the webhook, and when the oldest happened. */
  readonly webhook: { readonly waiting: number; readonly oldestAt: number | null };
  readonly version: string;
}

/** The type that the text is served as. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The whole text, in pieces. Fails where `users` fails: half a list would look as if technical users had been removed. */
export async function* metricsText(measures: Measures): AsyncGenerator<string> {
  yield await generalMetrics(measures);
  yield* accountMetrics(measures);
}

/** The few metrics that are not about one technical user. */
function generalMetrics(measures: Measures): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, value: number | null) => {
    const made = new Gauge({ name, help, registers });
    // No sample at all where nothing is known yet: 0 would read as 1970.
    if (value === null) made.remove();
    else made.set(value);
  };
  const labelled = <Label extends string>(name: string, help: string, ...labelNames: Label[]) => ({
    name,
    help,
    labelNames,
    registers,
  });
  const { version, health, platforms, lastTickAt, oldestWaitingSince, now } = measures;
  new Gauge(labelled('releve_build_info', 'Always 1; the versions are its labels.', 'version', 'node')).set(
    { version, node: process.versions.node },
    1,
  );
  const letters = new Counter(
    labelled('releve_letters_total', 'Letters to each reader, by kind and by outcome.', 'kind', 'outcome'),
  );
  for (const { kind, outcome, count } of measures.letters) letters.inc({ kind, outcome }, count);
  const requestsHelp = "Requests at the managers' door since the start, by place and by outcome.";
  const requests = new Counter(labelled('releve_door_requests_total', requestsHelp, 'place', 'outcome'));
  for (const { place, outcome, count } of measures.requests) requests.inc({ place, outcome }, count);
  const rotations = new Gauge(
    labelled('releve_rotations', 'Rotations of passwords, by the stage they stand at.', 'stage'),
  );
  for (const { stage, count } of measures.rotations) rotations.set({ stage }, count);
  const tasks = new Gauge(labelled('releve_tasks', 'Tasks that wait for a person, by kind.', 'kind'));
  for (const { kind, count } of measures.tasks) tasks.set({ kind }, count);
  const passwords = new Gauge(
    labelled('releve_passwords', 'Passwords in service, by what is known of them.', 'state'),
  );
  for (const { state, count } of health) passwords.set({ state }, count);
  const upHelp = '0 while no account of a platform has an answer, else 1.';
  const up = new Gauge(labelled('releve_platform_up', upHelp, 'environment'));
  const goodHelp = 'When an account of a platform was last believed, in seconds since 1970.';
  const good = new Gauge(labelled('releve_platform_last_good_timestamp_seconds', goodHelp, 'environment'));
  for (const { environment, isOut, lastSuccessAt } of platforms) {
    up.set({ environment }, isOut ? 0 : 1);
    if (lastSuccessAt !== null) good.set({ environment }, lastSuccessAt / 1000);
  }
  const lastTick = lastTickAt === null ? null : lastTickAt / 1000;
  // After the clock was set back, nothing may seem to come from the future.
  const ageOf = (since: number | null) => (since === null ? 0 : Math.max(0, (now - since) / 1000));
  const { webhook } = measures;
  gauge(
    'releve_last_tick_timestamp_seconds',
    'When the last good tick ended, in seconds since 1970.',
    lastTick,
  );
  gauge('releve_outbox_waiting', 'Letters that wait to be sent.', measures.waiting);
  const oldest = ageOf(oldestWaitingSince);
  gauge('releve_outbox_oldest_age_seconds', 'Age of the oldest letter that waits; 0 when none does.', oldest);
  gauge('releve_webhook_waiting', 'Events that wait for the webhook.', webhook.waiting);
  const eventAge = ageOf(webhook.oldestAt);
  gauge(
    'releve_webhook_oldest_age_seconds',
    'Age of the oldest event that waits; 0 when none does.',
    eventAge,
  );
  return registry.metrics();
}
