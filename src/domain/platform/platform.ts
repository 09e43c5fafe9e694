// The condition of a platform (PISTE with the Chorus Pro behind it), as the answers about all its accounts show it, and its
// announced closures.
import type { Environment } from '../account/technical-user.ts';
import { type AlarmFacts, type NewAlarm, NO_FACTS } from '../notification/letter.ts';
import type { Cause, Verdict } from '../verification/verdict.ts';

/** Instants in ms. */
export interface Platform {
  readonly environment: Environment;
  /** When an account was last accepted and whose (technical user's id); and the last time another one was. */
  readonly lastSuccessAt: number | null;
  readonly lastSuccessBy: number | null;
  readonly otherSuccessAt: number | null;
  /** Since when no answer has been of use, how many in a row were not, the last of them; null and 0 while it is up. */
  readonly failingSince: number | null;
  readonly failureCount: number;
  readonly lastFailureAt: number | null;
  readonly lastFailureCause: Cause | null;
  /** Whether the IT service was notified of this outage. */
  readonly alarmed: boolean;
}

/** Times in ms. */
export interface PlatformRules {
  /** After how long without any answer the IT service is notified. */
  readonly outageAlarmAfter: number;
}

export interface PlatformUpdate {
  readonly platform: Platform;
  readonly alarms: readonly NewAlarm[];
}

export function newPlatform(environment: Environment): Platform {
  return { environment, lastSuccessAt: null, lastSuccessBy: null, otherSuccessAt: null, ...NO_FAILURE };
}

const NO_FAILURE = {
  failingSince: null,
  failureCount: 0,
  lastFailureAt: null,
  lastFailureCause: null,
  alarmed: false,
} as const;

/** This many useless answers in a row, without a useful one between them, make an outage; one or two happen on good days. */
const OUTAGE = 3;

export function isOut({ failingSince, failureCount }: Platform): boolean {
  return failingSince !== null && failureCount >= OUTAGE;
}

/** well: it answers; ailing: an answer was of no use, perhaps by chance; out: an outage. */
export type PlatformCondition = 'well' | 'ailing' | 'out';

export function conditionOf(platform: Platform): PlatformCondition {
  if (platform.failingSince === null) return 'well';
  return isOut(platform) ? 'out' : 'ailing';
}

/** A success is stored at most once in this time, in ms: ten thousand good answers carry no more news than one. */
const NOTED_MS = 60_000;

/**
 * Records an answer about an account. `unjudged`: a refusal that cannot be counted, because no other account works either.
 * Null when nothing changes. While a platform is known to be closed (`closed`) no outage begins, and nobody is notified.
 */
export function recordAnswer(
  platform: Platform,
  answer: {
    readonly verdict: Verdict;
    readonly about: { readonly userId: number; readonly unjudged: boolean; readonly closed: boolean };
  },
  { outageAlarmAfter }: PlatformRules,
  now: number,
): PlatformUpdate | null {
  const { verdict, about } = answer;
  if (verdict.kind === 'accepted') return recordSuccess(platform, about.userId, now);
  // A refusal is an answer: the platform works again, apart from the accounts themselves.
  if (verdict.kind === 'refused' && !about.unjudged) {
    return isAnswering(platform)
      ? null
      : { platform: { ...platform, ...NO_FAILURE }, alarms: overOf(platform, now) };
  }
  const cause = verdict.cause;
  // No call was made (our own pace, an open circuit, a locked vault): that shows nothing; only the time of the next try
  // moves.
  if (verdict.evidence.call === 'none' && cause !== 'not-configured') {
    return platform.failingSince === null
      ? null
      : { platform: { ...platform, lastFailureAt: now }, alarms: [] };
  }
  // An outage that runs into a known closure starts again, if it does, once the closure is over.
  if (about.closed) {
    const isUnreported = platform.failingSince !== null && !platform.alarmed;
    return isUnreported ? { platform: { ...platform, ...NO_FAILURE }, alarms: [] } : null;
  }
  const failingSince = Math.min(platform.failingSince ?? now, now);
  const failed = {
    ...platform,
    failingSince,
    failureCount: platform.failureCount + 1,
    lastFailureAt: now,
    lastFailureCause: cause,
  };
  if (platform.alarmed || !isOut(failed) || now - failingSince < outageAlarmAfter)
    return { platform: failed, alarms: [] };
  return { platform: { ...failed, alarmed: true }, alarms: [alarmOf('outage', failed)] };
}

/** Whether its failures, if any, are refusals only. */
function isAnswering({ failingSince, lastFailureCause }: Platform): boolean {
  return failingSince === null || lastFailureCause === 'password-refused';
}

function recordSuccess(platform: Platform, userId: number, now: number): PlatformUpdate | null {
  const { lastSuccessAt, lastSuccessBy, otherSuccessAt } = platform;
  const isFresh = lastSuccessAt !== null && now >= lastSuccessAt && now - lastSuccessAt < NOTED_MS;
  const otherIsFresh = otherSuccessAt !== null && now - otherSuccessAt < NOTED_MS;
  if (platform.failingSince === null && isFresh && (lastSuccessBy === userId || otherIsFresh)) return null;
  const others = lastSuccessBy === null || lastSuccessBy === userId ? otherSuccessAt : lastSuccessAt;
  const success = { lastSuccessAt: now, lastSuccessBy: userId, otherSuccessAt: others };
  return { platform: { ...platform, ...NO_FAILURE, ...success }, alarms: overOf(platform, now) };
}

/** The all-clear, if the outage was reported. */
function overOf(platform: Platform, now: number): NewAlarm[] {
  return platform.alarmed ? [alarmOf('outage-over', platform, { over: now })] : [];
}

function alarmOf(
  kind: 'outage' | 'outage-over',
  platform: Platform,
  more: Partial<AlarmFacts> = {},
): NewAlarm {
  const { environment, failingSince, lastFailureCause } = platform;
  return {
    id: `${kind}/${environment}/${failingSince}`,
    kind,
    facts: {
      ...NO_FACTS,
      environment,
      ...(failingSince === null ? {} : { since: failingSince }),
      ...(lastFailureCause === null ? {} : { cause: lastFailureCause }),
      ...more,
    },
  };
}

/** When an account other than this one was last accepted (ms); null for never. */
export function othersWorkedAt(
  { lastSuccessAt, lastSuccessBy, otherSuccessAt }: Platform,
  userId: number,
): number | null {
  return lastSuccessBy === userId ? otherSuccessAt : lastSuccessAt;
}

/** The least and the longest wait between two tries while a platform is out, in ms. */
const CANARY_MS = [30_000, 300_000] as const;

/** When the next account may be checked, one alone, while a platform is out; `now` while it is up. */
export function canaryAt(platform: Platform, now: number): number {
  if (!isOut(platform) || platform.lastFailureAt === null || platform.lastFailureAt > now) return now;
  const [least, longest] = CANARY_MS;
  return platform.lastFailureAt + Math.min(longest, least * 2 ** Math.min(8, platform.failureCount - OUTAGE));
}

/** An announced closure. Instants in ms. */
export interface Maintenance {
  readonly id: string;
  /** Null for both platforms. */
  readonly environment: Environment | null;
  readonly from: number;
  readonly to: number;
  readonly why: string;
  readonly by: string;
  readonly enteredAt: number;
}

/** The closure of a platform at an instant (ms): the one that ends last; null when it is open. */
export function closedBy(
  all: readonly Maintenance[],
  environment: Environment,
  now: number,
): Maintenance | null {
  const [last] = all
    .filter((one) => (one.environment ?? environment) === environment && one.from <= now && now < one.to)
    .sort((a, b) => b.to - a.to);
  return last ?? null;
}
