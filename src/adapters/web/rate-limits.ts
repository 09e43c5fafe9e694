// The limits of the door: who has a link or a token is counted by it, whoever has none by the address.
import { createHash } from 'node:crypto';
import { addressKey } from './forwarded-for.ts';
import { HttpError } from './http-errors.ts';
import { type Limit, type SlidingWindow, slidingWindow, waitingLine } from './sliding-window.ts';

/** How often things may be posted. GET and HEAD change nothing and are not limited here. */
export interface RateLimitSettings {
  /** What belongs to no link and no token, from one client address (IPv6: from one /64). */
  readonly perAddress: Limit;
  /** The managers' forms, by one link. */
  readonly perLink: Limit;
  /** One technical user, by each kind of door: tools cannot use up what managers have. */
  readonly perUser: Limit;
  /** One IT tool. */
  readonly perTool: Limit;
  /** Everything that reaches a desk: the pace at which those who hold a true link or token are served. */
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

/** A post waits so long for its turn among all, in ms, before it is refused. */
const LONGEST_WAIT_MS = 5_000;
/** To whom a door is being closed: the next start takes about so long, in ms. */
const RESTART_MS = 10_000;

/** The gates; each counts one and throws HttpError('too-many') when there is no room. What is refused is not counted. */
export interface RateLimits {
  /** Whether an address has used up its share of posts that belonged to nobody: to no link, no token, no form of ours. */
  isSpent(ip: string): boolean;
  /** One more such post. */
  stranger(ip: string): void;
  /** A link that is ours, but of no more use. */
  endedLink(token: string): void;
  tool(name: string): void;
  /**
   * The last gate before a desk: the link (null for tools) and the technical user have room, or it throws; among all it
   * waits for its turn, and throws only when that would take too long.
   */
  user(door: 'form' | 'tool', login: string, environment: string | null, token: string | null): Promise<void>;
  /** Whoever waits is refused at once, and nobody waits any more. */
  close(): void;
}

/** How the gates tell the time (instant, ms), and how they wait. */
export interface RateLimitClock {
  now(): number;
  /** Waits so many ms. */
  wait(ms: number): Promise<void>;
}

/** Gates that count in memory; a restart forgets. */
export function openRateLimits(limits: RateLimitSettings, { now, wait }: RateLimitClock): RateLimits {
  const addresses = slidingWindow(limits.perAddress);
  const links = slidingWindow(limits.perLink);
  const tools = slidingWindow(limits.perTool);
  const users = slidingWindow(limits.perUser);
  const line = waitingLine(limits.overall, LONGEST_WAIT_MS);
  const closing = Promise.withResolvers<void>();
  let isClosed = false;
  const pass = (window: SlidingWindow, key: string) => {
    const taken = window.take(key, now());
    if (!taken.ok) throw new HttpError('too-many', taken.retryAfterMs);
  };
  return {
    isSpent: (ip) => addresses.waitFor(addressKey(ip), now()) > 0,
    stranger: (ip) => pass(addresses, addressKey(ip)),
    endedLink: (token) => pass(links, digestOf(token)),
    tool: (name) => pass(tools, name),
    user: async (door, login, environment, token) => {
      const at = now();
      const keys: [SlidingWindow, string][] = [
        [users, `${door} ${environment ?? '?'} ${login.toLowerCase()}`],
      ];
      if (token !== null) keys.unshift([links, digestOf(token)]);
      // All are asked before any is taken from: a post that is refused uses up nothing.
      for (const [window, key] of keys) {
        const roomAfter = window.waitFor(key, at);
        if (roomAfter > 0) throw new HttpError('too-many', roomAfter);
      }
      const turnAfter = line.waitFor(at);
      if (turnAfter > LONGEST_WAIT_MS) throw new HttpError('too-many', turnAfter);
      for (const [window, key] of keys) window.take(key, at);
      const ms = line.take(at);
      if (ms > 0 && !isClosed) await Promise.race([wait(ms), closing.promise]);
      // It was not kept yet, and the process ends soon.
      if (ms > 0 && isClosed) throw new HttpError('too-many', RESTART_MS);
    },
    close: () => {
      isClosed = true;
      closing.resolve();
    },
  };
}

/** A token is worth as much as a password, and need not lie about in memory. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
