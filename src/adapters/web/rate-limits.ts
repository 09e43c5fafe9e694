// How often something may be posted: sliding windows over keys, and the limits of the server that count with them.
//
// Requests with a link or a token are counted by it, all others by their address. Memory cannot grow without end.
import { createHash } from 'node:crypto';
import { loginKeys } from '../../domain/parsing/login.ts';
import { HttpError } from './http-errors.ts';
import { addressKey } from './request.ts';

/** At most `count` times in any `perMs` milliseconds. */
export interface Limit {
  readonly count: number;
  readonly perMs: number;
}

/** A flood of invented keys costs no more memory than this, and only ever gives room back. */
const MOST_KEYS = 10_000;

/**
 * A sliding window for each key; instants in ms. At most `MOST_KEYS` are remembered: beyond that the key that was used longest
 * ago is forgotten.
 */
export function slidingWindow({ count, perMs }: Limit) {
  // In the order of the last visit, the oldest first; each value holds the instants of what was taken, ascending.
  const taken = new Map<string, number[]>();
  const recentOf = (key: string, now: number) =>
    // Instants of the future come from a clock that was set back; they must not lock anybody out.
    (taken.get(key) ?? []).filter((at) => at > now - perMs && at <= now);
  const roomAfter = (recent: readonly number[], now: number) =>
    recent.length < count ? 0 : (recent[recent.length - count] ?? now) + perMs - now;
  return {
    /** After how many ms there is room; 0 when there is now. Takes nothing. */
    waitFor: (key: string, now: number) => roomAfter(recentOf(key, now), now),
    /** Takes one, when there is room. What is refused is not counted: a client that keeps trying does not wait longer. */
    take: (key: string, now: number) => {
      const recent = recentOf(key, now);
      const retryAfterMs = roomAfter(recent, now);
      taken.delete(key);
      if (retryAfterMs === 0) recent.push(now);
      if (recent.length > 0) taken.set(key, recent);
      forgetOldest(taken);
      return retryAfterMs === 0 ? ({ ok: true } as const) : ({ ok: false, retryAfterMs } as const);
    },
  };
}

/**
 * One queue for all, served at a given rate; instants in ms. At most `count` in any `perMs`, each at the first instant that allows it and in order of arrival, for a wait of at most
 * `longestMs`: that bounds the length of the queue, too.
 */
export function waitingLine({ count, perMs }: Limit, longestMs: number) {
  // The instants of the last places, ascending; no more than can matter to the next one.
  let places: number[] = [];
  const next = (now: number) => {
    // Places further ahead than any wait come from a clock that was set back.
    places = places.filter((at) => at <= now + longestMs);
    const before = places[places.length - count];
    return before === undefined ? now : Math.max(now, before + perMs);
  };
  return {
    /** After how many ms there is a place; more than the longest wait when the line is full. Takes none. */
    waitFor: (now: number) => next(now) - now,
    /** Takes the next place; how long to wait for it, in ms. To be called where `waitFor` allows it. */
    take: (now: number) => {
      const at = next(now);
      places = [...places.slice(1 - count), at];
      return at - now;
    },
  };
}

function forgetOldest(taken: Map<string, unknown>): void {
  for (const oldest of taken.keys()) {
    if (taken.size <= MOST_KEYS) return;
    taken.delete(oldest);
  }
}

/** How often things may be posted. GET and HEAD change nothing and are not limited here. */
export interface RateLimitSettings {
  /** Posts with no link and no token, from one client address (IPv6: from one /64). */
  readonly perAddress: Limit;
  /** The managers' forms, by one link. */
  readonly perLink: Limit;
  /** One technical user, by each channel: tools cannot use up what managers have. */
  readonly perUser: Limit;
  /** One IT tool. */
  readonly perTool: Limit;
  /** Everything that reaches an action: the rate at which holders of a valid link or token are served. */
  readonly overall: Limit;
}

const TEN_MINUTES = 10 * 60_000;

/** Wide for people, narrow for machines: a thousand handovers in a minute pass, if they come from many links. */
export const DEFAULT_LIMITS: RateLimitSettings = {
  perAddress: { count: 60, perMs: TEN_MINUTES },
  perLink: { count: 20, perMs: TEN_MINUTES },
  perUser: { count: 30, perMs: TEN_MINUTES },
  perTool: { count: 600, perMs: TEN_MINUTES },
  overall: { count: 40, perMs: 1_000 },
};

/** How long a post waits for its place among all before it is refused, in ms. */
const LONGEST_WAIT_MS = 5_000;
/** When to try again after a shutdown: about how long the next start takes, in ms. */
const RESTART_MS = 10_000;

/** Each method counts one post and throws HttpError('too-many') when there is no room. What is refused is not counted. */
export type RateLimits = ReturnType<typeof openRateLimits>;

/** A request that came with a valid link or token. */
interface IdentifiedRequest {
  readonly channel: 'form' | 'tool' | 'read';
  /** Null where it is about no technical user. */
  readonly login: string | null;
  readonly environment: string | null;
  /** The link's token; null for tools. */
  readonly token: string | null;
}

/** The current instant in ms, and a way to wait. */
export interface RateLimitClock {
  now(): number;
  /** Waits so many ms. */
  wait(ms: number): Promise<void>;
}

/** Rate limits that count in memory; a restart forgets. */
export function openRateLimits(limits: RateLimitSettings, { now, wait }: RateLimitClock) {
  const addresses = slidingWindow(limits.perAddress);
  const links = slidingWindow(limits.perLink);
  const tools = slidingWindow(limits.perTool);
  const users = slidingWindow(limits.perUser);
  const line = waitingLine(limits.overall, LONGEST_WAIT_MS);
  const closing = Promise.withResolvers<void>();
  let isClosed = false;
  const count = (window: typeof links, key: string) => {
    const taken = window.take(key, now());
    if (!taken.ok) throw new HttpError('too-many', taken.retryAfterMs);
  };
  return {
    /** Whether an address has used up its share of unidentified posts: with no link, no token, no form of ours. */
    isSpent: (ip: string) => addresses.waitFor(addressKey(ip), now()) > 0,
    /** One more such post. */
    countUnidentified: (ip: string) => count(addresses, addressKey(ip)),
    /** A post by a link that is ours, but ended. */
    countEndedLink: (token: string) => count(links, digestOf(token)),
    countTool: (name: string) => count(tools, name),
    /**
     * The last limit before an action: the link and the technical user have room, or it throws; among all it waits for its
     * place, and throws only when that would take too long.
     */
    admit: async ({ channel, login, environment, token }: IdentifiedRequest) => {
      const at = now();
      const keys: [typeof links, string][] = [];
      if (login !== null) keys.push([users, `${channel} ${environment ?? '?'} ${loginKeys(login).at(-1)}`]);
      if (token !== null) keys.unshift([links, digestOf(token)]);
      // All are checked before any is counted: a post that is refused uses up nothing.
      for (const [window, key] of keys) {
        const roomAfter = window.waitFor(key, at);
        if (roomAfter > 0) throw new HttpError('too-many', roomAfter);
      }
      const placeAfter = line.waitFor(at);
      if (placeAfter > LONGEST_WAIT_MS) throw new HttpError('too-many', placeAfter);
      for (const [window, key] of keys) window.take(key, at);
      const ms = line.take(at);
      if (ms > 0 && !isClosed) await Promise.race([wait(ms), closing.promise]);
      // Nothing was stored yet, and the process ends soon.
      if (ms > 0 && isClosed) throw new HttpError('too-many', RESTART_MS);
    },
    /** Refuses at once all posts that wait, and lets none wait any more. */
    close: () => {
      isClosed = true;
      closing.resolve();
    },
  };
}

/** A token is worth as much as a password, so memory holds only its digest. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
