// A platform (PISTE with the Chorus Pro behind it) as the answers about all its accounts show it: well, or in an outage.
import type { Environment } from '../account/expiry.ts';
import type { NewAlarm } from '../notification/letter.ts';
import type { Cause, Verdict } from '../verification/verdict.ts';

/** What is known of one platform. Instants in ms. */
export interface Platform {
  readonly environment: Environment;
  /** When an account was last believed and whose (technical user's id); and the last time another one was. */
  readonly goodAt: number | null;
  readonly goodBy: number | null;
  readonly otherAt: number | null;
  /** Since when no answer has been of use, how many in a row were not, the last of them; null and 0 while it is well. */
  readonly badSince: number | null;
  readonly badCount: number;
  readonly badAt: number | null;
  readonly badCause: Cause | null;
  /** Whether the IT service was told of this outage. */
  readonly told: boolean;
}

/** The settings of incidents; times in ms. */
export interface PlatformRules {
  /** After how long without any answer the IT service is told. */
  readonly outageAlarmAfter: number;
}

/** What an answer makes of a platform. */
export interface Heard {
  readonly platform: Platform;
  readonly alarms: readonly NewAlarm[];
}

/** A platform of which nothing is known yet. */
export function newPlatform(environment: Environment): Platform {
  const unknown = { goodAt: null, goodBy: null, otherAt: null };
  return { environment, ...unknown, badSince: null, badCount: 0, badAt: null, badCause: null, told: false };
}

/** So many useless answers in a row, and no useful one between them, make an outage; one or two happen on good days. */
const OUTAGE = 3;

/** Whether a platform gives no answers at present. */
export function isOut({ badSince, badCount }: Platform): boolean {
  return badSince !== null && badCount >= OUTAGE;
}

/** How a platform does: well; ailing, which may be a stray answer and shows soon; out. */
export type Condition = 'well' | 'ailing' | 'out';

export function conditionOf(platform: Platform): Condition {
  if (platform.badSince === null) return 'well';
  return isOut(platform) ? 'out' : 'ailing';
}

/** An account that was believed is noted at most so often, in ms: ten thousand good answers are one piece of news. */
const NOTED_MS = 60_000;

/**
 * Heeds an answer about an account. `unjudged`: a refusal that cannot be counted, because no other account works either.
 * Null when it tells nothing new. While a platform is known to be closed (`closed`) nothing begins, and nobody is told.
 */
export function hear(
  platform: Platform,
  verdict: Verdict,
  about: { readonly userId: number; readonly unjudged: boolean; readonly closed: boolean },
  { outageAlarmAfter }: PlatformRules,
  now: number,
): Heard | null {
  if (verdict.kind === 'accepted') return good(platform, about.userId, now);
  // A refusal is an answer: whatever was out of order before is in order again, but for the accounts themselves.
  if (verdict.kind === 'refused' && !about.unjudged) {
    return isAnswering(platform) ? null : { platform: well(platform), alarms: overOf(platform) };
  }
  const cause = verdict.cause;
  // Nobody was asked (our own pace, an open circuit, a shut vault): that is no news, but for when to ask again.
  if (verdict.evidence.call === 'none' && cause !== 'not-configured') {
    return platform.badSince === null ? null : { platform: { ...platform, badAt: now }, alarms: [] };
  }
  if (about.closed) return platform.badSince === null || platform.told ? null : silent(platform);
  const badSince = Math.min(platform.badSince ?? now, now);
  const bad = { ...platform, badSince, badCount: platform.badCount + 1, badAt: now, badCause: cause };
  if (platform.told || !isOut(bad) || now - badSince < outageAlarmAfter) return { platform: bad, alarms: [] };
  return { platform: { ...bad, told: true }, alarms: [alarmOf('outage', bad)] };
}

/** Whether nothing but refusals, if anything, is held against it. */
function isAnswering({ badSince, badCause }: Platform): boolean {
  return badSince === null || badCause === 'password-refused';
}

function good(platform: Platform, userId: number, now: number): Heard | null {
  const { goodAt, goodBy, otherAt } = platform;
  const isFresh = goodAt !== null && now >= goodAt && now - goodAt < NOTED_MS;
  const otherIsFresh = otherAt !== null && now - otherAt < NOTED_MS;
  if (platform.badSince === null && isFresh && (goodBy === userId || otherIsFresh)) return null;
  const others = goodBy === null || goodBy === userId ? otherAt : goodAt;
  const noted = { ...well(platform), goodAt: now, goodBy: userId, otherAt: others };
  return { platform: noted, alarms: overOf(platform) };
}

function well(platform: Platform): Platform {
  return { ...platform, badSince: null, badCount: 0, badAt: null, badCause: null, told: false };
}

/** An outage that runs into a known closure begins anew, if it does, once that is over. */
function silent(platform: Platform): Heard {
  return { platform: well(platform), alarms: [] };
}

/** The all-clear, for those who were told of the outage. */
function overOf(platform: Platform): NewAlarm[] {
  return platform.told ? [alarmOf('outage-over', platform)] : [];
}

function alarmOf(kind: 'outage' | 'outage-over', platform: Platform): NewAlarm {
  const { environment, badSince, badCause } = platform;
  return {
    id: `${kind}/${environment}/${badSince}`,
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
      ...(badSince === null ? {} : { since: badSince }),
      ...(badCause === null ? {} : { cause: badCause }),
    },
  };
}

/** When an account other than this one was last believed (ms); null for never. */
export function othersWorkedAt({ goodAt, goodBy, otherAt }: Platform, userId: number): number | null {
  return goodBy === userId ? otherAt : goodAt;
}

/** The least and the longest wait between two tries while a platform is out, in ms. */
const CANARY_MS = [30_000, 300_000] as const;

/** When the next account may be asked, one alone, while a platform is out; `now` while it is well. */
export function canaryAt(platform: Platform, now: number): number {
  if (!isOut(platform) || platform.badAt === null || platform.badAt > now) return now;
  const [least, longest] = CANARY_MS;
  return platform.badAt + Math.min(longest, least * 2 ** Math.min(8, platform.badCount - OUTAGE));
}
