// The limits of the door, in the order they are counted: the address first, before a byte of the body is read.
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { DoorRefusal } from './door-refusal.ts';
import { type Limit, type SlidingWindow, slidingWindow } from './limits.ts';

/** How often things may be posted. GET and HEAD change nothing and are not limited here. */
export interface DoorLimits {
  /** The managers' forms, from one client address (IPv6: from one /64). */
  readonly perAddress: Limit;
  /** The managers' forms, by one link. */
  readonly perLink: Limit;
  /** One technical user, by each kind of door: tools cannot use up what managers have. */
  readonly perUser: Limit;
  /** One IT tool; also one client address that knocks at the tools' door. */
  readonly perTool: Limit;
  /** Everything that reaches a desk; only who holds a true link or token can use it up. */
  readonly overall: Limit;
}

const TEN_MINUTES = 10 * 60_000;

/** Wide for people, narrow for machines: a thousand handovers in a minute pass, if they come from many links. */
export const DEFAULT_LIMITS: DoorLimits = {
  perAddress: { count: 60, perMs: TEN_MINUTES },
  perLink: { count: 20, perMs: TEN_MINUTES },
  perUser: { count: 30, perMs: TEN_MINUTES },
  perTool: { count: 600, perMs: TEN_MINUTES },
  overall: { count: 40, perMs: 1_000 },
};

/** The gates; each counts one and throws DoorRefusal('too-many') when there is no room. */
export interface Gates {
  address(door: 'form' | 'tool', ip: string | undefined): void;
  link(token: string): void;
  tool(name: string): void;
  /** The technical user, then everything together: the last gate before a desk. */
  user(door: 'form' | 'tool', login: string, environment: string | null): void;
}

/** Gates that count in memory; a restart forgets. */
export function openGates(limits: DoorLimits, now: () => number): Gates {
  const addresses = { form: slidingWindow(limits.perAddress), tool: slidingWindow(limits.perTool) };
  const links = slidingWindow(limits.perLink);
  const tools = slidingWindow(limits.perTool);
  const users = slidingWindow(limits.perUser);
  const overall = slidingWindow(limits.overall);
  const pass = (window: SlidingWindow, key: string) => {
    const taken = window.take(key, now());
    if (!taken.ok) throw new DoorRefusal('too-many', taken.retryAfterMs);
  };
  return {
    address: (door, ip) => pass(addresses[door], addressKey(ip)),
    // By its digest: a token is worth as much as a password, and need not lie about in memory.
    link: (token) => pass(links, createHash('sha256').update(token).digest('base64url')),
    tool: (name) => pass(tools, name),
    user: (door, login, environment) => {
      pass(users, `${door} ${environment ?? '?'} ${login.toLowerCase()}`);
      pass(overall, 'all');
    },
  };
}

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 one, which one household or attacker owns whole. */
export function addressKey(ip: string | undefined): string {
  const [bare = ''] = (ip ?? '').split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  const address = mapped ?? bare;
  if (isIP(address) === 4) return address;
  if (isIP(address) !== 6) return 'unknown';
  // The WHATWG form is canonical: lower case, no leading zeros, IPv4 tails written as groups.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
