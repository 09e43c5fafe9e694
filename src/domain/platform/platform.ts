// A platform (PISTE with the Chorus Pro behind it) as the answers about all its accounts show it: well, or in an outage.
import type { Environment } from '../account/technical-user.ts';
import type { NewAlarm } from '../notification/letter.ts';
import type { Cause, Verdict } from '../verification/verdict.ts';

/** What is known of one platform. Instants in ms. */
export interface Platform {
  readonly environment: Environment;
  /** When an account was last believed and whose (technical user's id); and the last time another one was. */
  readonly lastSuccessAt: number | null;
  readonly lastSuccessBy: number | null;
  readonly otherSuccessAt: number | null;
  /** Since when no answer has been of use, how many in a row were not, the last of them; null and 0 while it is well. */
  readonly failingSince: number | null;
  readonly failureCount: number;
  readonly lastFailureAt: number | null;
  readonly lastFailureCause: Cause | null;
  /** Whether the IT service was told of this outage. */
  readonly told: boolean;
}

/** The settings of incidents; times in ms. */
export interface PlatformRules {
  /** After how long without any answer the IT service is told. */
  readonly outageAlarmAfter: number;
}

/** What an answer makes of a platform. */
export interface PlatformUpdate {
  readonly platform: Platform;
  readonly alarms: readonly NewAlarm[];
}

/** A platform of which nothing is known yet. */
export function newPlatform(environment: Environment): Platform {
  const unknown = { lastSuccessAt: null, lastSuccessBy: null, otherSuccessAt: null };
  return {
    environment,
    ...unknown,
    failingSince: null,
    failureCount: 0,
    lastFailureAt: null,
    lastFailureCause: null,
    told: false,
  };
}

/** So many useless answers in a row, and no useful one between them, make an outage; one or two happen on good days. */
const OUTAGE = 3;

/** Whether a platform gives no answers at present. */
export function isOut({ failingSince, failureCount }: Platform): boolean {
  return failingSince !== null && failureCount >= OUTAGE;
}

/** How a platform does: well; ailing, which may be a stray answer and shows soon; out. */
export type PlatformCondition = 'well' | 'ailing' | 'out';

export function conditionOf(platform: Platform): PlatformCondition {
  if (platform.failingSince === null) return 'well';
  return isOut(platform) ? 'out' : 'ailing';
}

/** An account that was believed is noted at most so often, in ms: ten thousand good answers are one piece of news. */
const NOTED_MS = 60_000;

/**
 * Heeds an answer about an account. `unjudged`: a refusal that cannot be counted, because no other account works either.
 * Null when it tells nothing new. While a platform is known to be closed (`closed`) nothing begins, and nobody is told.
 */
export function recordAnswer(
  platform: Platform,
  {
    verdict,
    about,
  }: {
    readonly verdict: Verdict;
    readonly about: { readonly userId: number; readonly unjudged: boolean; readonly closed: boolean };
  },
  { outageAlarmAfter }: PlatformRules,
  now: number,
): PlatformUpdate | null {
  if (verdict.kind === 'accepted') return good(platform, about.userId, now);
  // A refusal is an answer: whatever was out of order before is in order again, but for the accounts themselves.
  if (verdict.kind === 'refused' && !about.unjudged) {
    return isAnswering(platform) ? null : { platform: well(platform), alarms: overOf(platform) };
  }
  const cause = verdict.cause;
  // Nobody was asked (our own pace, an open circuit, a shut vault): that is no news, but for when to ask again.
  if (verdict.evidence.call === 'none' && cause !== 'not-configured') {
    return platform.failingSince === null
      ? null
      : { platform: { ...platform, lastFailureAt: now }, alarms: [] };
  }
  if (about.closed) return platform.failingSince === null || platform.told ? null : silent(platform);
  const failingSince = Math.min(platform.failingSince ?? now, now);
  const bad = {
    ...platform,
    failingSince,
    failureCount: platform.failureCount + 1,
    lastFailureAt: now,
    lastFailureCause: cause,
  };
  if (platform.told || !isOut(bad) || now - failingSince < outageAlarmAfter)
    return { platform: bad, alarms: [] };
  return { platform: { ...bad, told: true }, alarms: [alarmOf('outage', bad)] };
}

/** Whether nothing but refusals, if anything, is held against it. */
function isAnswering({ failingSince, lastFailureCause }: Platform): boolean {
  return failingSince === null || lastFailureCause === 'password-refused';
}

function good(platform: Platform, userId: number, now: number): PlatformUpdate | null {
  const { lastSuccessAt, lastSuccessBy, otherSuccessAt } = platform;
  const isFresh = lastSuccessAt !== null && now >= lastSuccessAt && now - lastSuccessAt < NOTED_MS;
  const otherIsFresh = otherSuccessAt !== null && now - otherSuccessAt < NOTED_MS;
  if (platform.failingSince === null && isFresh && (lastSuccessBy === userId || otherIsFresh)) return null;
  const others = lastSuccessBy === null || lastSuccessBy === userId ? otherSuccessAt : lastSuccessAt;
  const noted = { ...well(platform), lastSuccessAt: now, lastSuccessBy: userId, otherSuccessAt: others };
  return { platform: noted, alarms: overOf(platform) };
}

function well(platform: Platform): Platform {
  return {
    ...platform,
    failingSince: null,
    failureCount: 0,
    lastFailureAt: null,
    lastFailureCause: null,
    told: false,
  };
}

/** An outage that runs into a known closure begins anew, if it does, once that is over. */
function silent(platform: Platform): PlatformUpdate {
  return { platform: well(platform), alarms: [] };
}

/** The all-clear, for those who were told of the outage. */
function overOf(platform: Platform): NewAlarm[] {
  return platform.told ? [alarmOf('outage-over', platform)] : [];
}

function alarmOf(kind: 'outage' | 'outage-over', platform: Platform): NewAlarm {
  const { environment, failingSince, lastFailureCause } = platform;
  return {
    id: `${kind}/${environment}/${failingSince}`,
    kind,
    facts: {
      login: null,
      structure: null,
      siret: null,
      deadline: null,
      person: null,
      address: null,
      reply: null,
      environment,
      ...(failingSince === null ? {} : { since: failingSince }),
      ...(lastFailureCause === null ? {} : { cause: lastFailureCause }),
    },
  };
}

/** When an account other than this one was last believed (ms); null for never. */
export function othersWorkedAt(
  { lastSuccessAt, lastSuccessBy, otherSuccessAt }: Platform,
  userId: number,
): number | null {
  return lastSuccessBy === userId ? otherSuccessAt : lastSuccessAt;
}

/** The least and the longest wait between two tries while a platform is out, in ms. */
const CANARY_MS = [30_000, 300_000] as const;

/** When the next account may be asked, one alone, while a platform is out; `now` while it is well. */
export function canaryAt(platform: Platform, now: number): number {
  if (!isOut(platform) || platform.lastFailureAt === null || platform.lastFailureAt > now) return now;
  const [least, longest] = CANARY_MS;
  return platform.lastFailureAt + Math.min(longest, least * 2 ** Math.min(8, platform.failureCount - OUTAGE));
}

/** One announced closure. Instants in ms. */
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
