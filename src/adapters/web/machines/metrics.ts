// The metrics for Prometheus, as text in its format 0.0.4; written piece by piece, however many technical users there are.
import { Counter, Gauge, Registry } from 'prom-client';
import type { Environment, ExpirySource } from '../../../domain/account/technical-user.ts';
import { ZONE } from '../../../domain/shared/calendar.ts';

/** A technical user as the figures need it; `expiresOn` is an ISO date, null when it is unknown. */
export interface MeasuredUser {
  readonly login: string;
  readonly environment: Environment;
  readonly siret: string;
  readonly source: ExpirySource;
  readonly expiresOn: string | null;
  /** Whether Chorus Pro accepted the password in service at the last check; null where that is not known. */
  readonly works: boolean | null;
  readonly workedAt: number | null;
}

/** Requests to the managers' page and the tool API since the start, by place and by outcome: few and fixed words. */
export interface RequestCount {
  readonly place: string;
  readonly outcome: string;
  readonly count: number;
}

/** All that is measured; instants in ms, null where there is none yet. */
export interface Measures {
  /** Every watched technical user, each once, in batches; called once for each metric family. */
  readonly users: () => AsyncIterable<readonly MeasuredUser[]>;
  /** Deliveries since the beginning, by kind of letter and by outcome. */
  readonly letters: readonly { readonly kind: string; readonly outcome: string; readonly count: number }[];
  readonly requests: readonly RequestCount[];
  /** Rotations by stage, of all time. */
  readonly rotations: readonly { readonly stage: string; readonly count: number }[];
  /** Passwords in service, by the state of their health. */
  readonly health: readonly { readonly state: string; readonly count: number }[];
  readonly platforms: readonly {
    readonly environment: Environment;
    readonly isOut: boolean;
    readonly lastSuccessAt: number | null;
  }[];
  readonly lastTickAt: number | null;
  /** When the oldest letter that still waits was written. */
  readonly oldestWaitingSince: number | null;
  readonly waiting: number;
  readonly version: string;
  readonly now: number;
}

/** The type that the text is served as. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** About how many characters are gathered before they are passed on. */
const PIECE = 32 * 1024;

/** The whole text, in pieces. Fails where `users` fails: half a list would look as if technical users had been removed. */
export async function* metricsText(measures: Measures): AsyncGenerator<string> {
  yield await generalMetrics(measures);
  yield* family(
    'releve_password_expiry_timestamp_seconds',
    'Start, in Europe/Paris, of the day on which the password expires, in seconds since 1970.',
    measures.users,
    startOfExpiry(),
  );
  yield* family(
    'releve_password_expiry_unknown',
    '1 for each technical user whose expiry date nobody knows.',
    measures.users,
    (user) => (user.expiresOn === null ? 1 : null),
  );
  // Two more passes over the whole fleet, only where there are samples.
  if (measures.health.length > 0) yield* inService(measures);
}

/** The metrics of passwords in service: no sample where none was ever checked. */
async function* inService({ users }: Measures): AsyncGenerator<string> {
  yield* family(
    'releve_password_works',
    '1 while Chorus Pro believes the password in service, 0 while it refuses it.',
    users,
    ({ works }) => (works === null ? null : Number(works)),
  );
  yield* family(
    'releve_password_last_worked_timestamp_seconds',
    'When Chorus Pro last believed the password in service, in seconds since 1970.',
    users,
    ({ workedAt }) => (workedAt === null ? null : workedAt / 1000),
  );
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
  // After the clock was set back, no letter may seem to come from the future.
  const age = oldestWaitingSince === null ? 0 : Math.max(0, (now - oldestWaitingSince) / 1000);
  gauge(
    'releve_last_tick_timestamp_seconds',
    'When the last good tick ended, in seconds since 1970.',
    lastTick,
  );
  gauge('releve_outbox_waiting', 'Letters that wait to be sent.', measures.waiting);
  gauge('releve_outbox_oldest_age_seconds', 'Age of the oldest letter that waits; 0 when none does.', age);
  return registry.metrics();
}

/** One family with one sample for each technical user that has a value. */
async function* family(
  name: string,
  help: string,
  users: Measures['users'],
  sampleOf: (user: MeasuredUser) => number | null,
): AsyncGenerator<string> {
  let piece = `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
  for await (const batch of users()) {
    for (const user of batch) {
      const value = sampleOf(user);
      if (value !== null) piece += `${name}{${labels(user)}} ${value}\n`;
      if (piece.length >= PIECE) {
        yield piece;
        piece = '';
      }
    }
  }
  if (piece !== '') yield piece;
}

/** Seconds of the start of the expiry day; the fleet shares few days, so each is computed once. */
function startOfExpiry(): (user: MeasuredUser) => number | null {
  const known = new Map<string, number>();
  return ({ expiresOn }) => {
    if (expiresOn === null) return null;
    const seconds =
      known.get(expiresOn) ??
      Temporal.PlainDate.from(expiresOn).toZonedDateTime({ timeZone: ZONE }).epochMilliseconds / 1000;
    known.set(expiresOn, seconds);
    return seconds;
  };
}

function labels({ login, environment, siret, source }: MeasuredUser): string {
  return `login="${escaped(login)}",environment="${environment}",siret="${escaped(siret)}",source="${source}"`;
}

/** A label's value: backslash, quote and line feed are escaped. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
