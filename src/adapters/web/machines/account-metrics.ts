// The metrics of technical users: their sums, and samples of each one, or only of the twenty that are worst off; each is a series
// that Prometheus keeps for ever, and a scrape of a hundred thousand takes tens of megabytes.
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

/** Of whom there are samples: of all, of the worst alone, or of all where they are few. */
type AccountMetrics = 'auto' | 'all' | 'worst';

/** What the metrics of technical users are made of. */
export interface MeasuredFleet {
  /** Every watched technical user, each once, in batches; read again for each metric family where samples of many are wanted. */
  readonly users: () => AsyncIterable<readonly MeasuredUser[]>;
  readonly accountMetrics: AccountMetrics;
  /** Passwords in service, by the state of their health. */
  readonly health: readonly { readonly state: string; readonly count: number }[];
  /** Instant in ms. */
  readonly now: number;
}

/** So many technical users have samples of their own, each, unless the setting says otherwise. */
const FEW = 1_000;
/** So many of the worst have them always. */
const WORST = 20;
/** Days within which passwords that expire are counted; 0: today or before. */
const WITHIN = [0, 7, 15, 30, 60] as const;
/** Days after which a password in service that Chorus Pro has not accepted again is counted. */
const WITHOUT_PROOF = [2, 7] as const;

/** About how many characters are gathered before they are passed on. */
const PIECE = 32 * 1024;

/** The text, in pieces. Fails where `users` fails: half a list would look as if technical users had been removed. */
export async function* accountMetrics(fleet: MeasuredFleet): AsyncGenerator<string> {
  const startOf = startOfExpiry();
  const { few, worst, ...sums } = await summaryOf(fleet, startOf);
  const isWhole = fleet.accountMetrics === 'all' || (fleet.accountMetrics === 'auto' && few !== null);
  yield sumsText(sums, isWhole);
  const shown = isWhole ? few : worst;
  const users =
    shown === null
      ? fleet.users
      : async function* () {
          yield shown;
        };
  yield* family(
    'releve_password_expiry_timestamp_seconds',
    'Start, in Europe/Paris, of the day on which the password expires, in seconds since 1970.',
    users,
    startOf,
  );
  yield* family(
    'releve_password_expiry_unknown',
    '1 for each technical user whose expiry date nobody knows.',
    users,
    (user) => (user.expiresOn === null ? 1 : null),
  );
  if (fleet.health.length > 0) yield* inService(users);
}

/** What one walk over the fleet finds. */
interface Summary {
  readonly bySource: Readonly<Record<ExpirySource, number>>;
  /** How many expire within each of WITHIN. */
  readonly within: readonly number[];
  /** How many have not been accepted for longer than each of WITHOUT_PROOF. */
  readonly unconfirmed: readonly number[];
  /** Those whom Chorus Pro refuses, then those whose date comes first. */
  readonly worst: readonly MeasuredUser[];
  /** All, where they are few. */
  readonly few: readonly MeasuredUser[] | null;
}

async function summaryOf({ users, now }: MeasuredFleet, startOf: SampleOf): Promise<Summary> {
  const bySource = { portal: 0, computed: 0, unknown: 0 };
  const within = WITHIN.map(() => 0);
  const unconfirmed = WITHOUT_PROOF.map(() => 0);
  const urgency = (user: MeasuredUser) =>
    user.works === false ? 0 : (startOf(user) ?? Number.POSITIVE_INFINITY);
  let few: MeasuredUser[] | null = [];
  let worst: MeasuredUser[] = [];
  for await (const batch of users()) {
    for (const user of batch) {
      bySource[user.source] += 1;
      const expiresAt = startOf(user) ?? Number.POSITIVE_INFINITY;
      countEach(within, WITHIN, (days) => expiresAt <= now / 1_000 + days * DAY_S);
      const workedAt = user.workedAt ?? Number.POSITIVE_INFINITY;
      countEach(unconfirmed, WITHOUT_PROOF, (days) => workedAt < now - days * DAY_S * 1_000);
    }
    worst = [...worst, ...batch]
      .filter((user) => Number.isFinite(urgency(user)))
      .sort((a, b) => urgency(a) - urgency(b))
      .slice(0, WORST);
    few = few === null || few.length + batch.length > FEW ? null : [...few, ...batch];
  }
  return { bySource, within, unconfirmed, worst, few };
}

/** Adds one to the count of each number of days for which it holds. */
function countEach(counts: number[], days: readonly number[], holds: (days: number) => boolean): void {
  for (const [nth, many] of days.entries()) if (holds(many)) counts[nth] = (counts[nth] ?? 0) + 1;
}

const DAY_S = 86_400;

function sumsText(
  { bySource, within, unconfirmed }: Omit<Summary, 'few' | 'worst'>,
  isWhole: boolean,
): string {
  const sum = (name: string, help: string, samples: readonly (readonly [labels: string, count: number])[]) =>
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${samples.map(([labels, count]) => `${name}${labels} ${count}\n`).join('')}`;
  const byDays = (days: readonly number[], counts: readonly number[]) =>
    days.map((many, nth) => [`{days="${many}"}`, counts[nth] ?? 0] as const);
  return [
    sum(
      'releve_accounts',
      'Technical users in use, by how their expiry date is known.',
      Object.entries(bySource).map(([source, count]) => [`{source="${source}"}`, count]),
    ),
    sum(
      'releve_accounts_expiring',
      'Technical users whose password expires within so many days; 0: today or before.',
      byDays(WITHIN, within),
    ),
    sum(
      'releve_passwords_unconfirmed',
      'Passwords in service that Chorus Pro accepted more than so many days ago, and not since.',
      byDays(WITHOUT_PROOF, unconfirmed),
    ),
    sum(
      'releve_account_metrics_whole',
      '1 where each technical user has samples below, 0 where only the worst twenty have.',
      [['', Number(isWhole)]],
    ),
  ].join('');
}

type SampleOf = (user: MeasuredUser) => number | null;

/** The metrics of passwords in service: no sample where none was ever checked. */
async function* inService(users: MeasuredFleet['users']): AsyncGenerator<string> {
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

/** One family with one sample for each technical user that has a value. */
async function* family(
  name: string,
  help: string,
  users: MeasuredFleet['users'],
  sampleOf: SampleOf,
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
function startOfExpiry(): SampleOf {
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
