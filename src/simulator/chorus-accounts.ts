// The technical accounts of the simulated Chorus Pro: who they are, which password works now, and when they lock.
import { randomInt } from 'node:crypto';
import {
  type AccountName,
  type ChorusAccount,
  dayInParis,
  type Refusal,
  type Tell,
  type World,
} from './chorus-events.ts';

/** An account to begin with; without a password it gets one of its own. */
export interface AccountSeed extends ChorusAccount {
  readonly password?: string;
}

/** What the accounts need to know of the world. */
export interface AccountSettings {
  readonly seeds: readonly AccountSeed[];
  /** In ms. */
  readonly now: () => number;
  /** How long a submitted password is not known yet, in ms. */
  readonly settlingMs: () => number;
  /** How long a new password lives. */
  readonly validity: Temporal.DurationLike;
  readonly tell: Tell;
}

interface Entry {
  account: ChorusAccount;
  password: string;
  worksFrom: number;
  failures: number;
  lockedUntil: number | null;
}

/** Failures in a row that lock an account, and for how long: as for people's accounts on the real portal. */
const FAILURES_TO_LOCK = 5;
const LOCK_MS = 3_600_000;

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const DIGITS = '0123456789';
const SPECIAL = '([_)]-!';

/** A password as the portal makes them: 12 to 14 ASCII characters, mixed case, a digit and a special one at least. */
export function generatePassword(): string {
  const pick = (letters: string) => letters.charAt(randomInt(letters.length));
  const drawn = [UPPER, LOWER, DIGITS, SPECIAL].map(pick);
  const length = randomInt(12, 15);
  while (drawn.length < length) drawn.push(pick(UPPER + LOWER + DIGITS + SPECIAL));
  for (let at = drawn.length - 1; at > 0; at -= 1) {
    const other = randomInt(at + 1);
    [drawn[at], drawn[other]] = [drawn[other] ?? '', drawn[at] ?? ''];
  }
  return drawn.join('');
}

const keyOf = ({ login, environment }: AccountName) => `${environment} ${login}`;

/** All accounts, in memory. Refers to an account by login and environment; an unknown one is an error. */
export class ChorusAccounts {
  readonly #settings: AccountSettings;
  readonly #entries = new Map<string, Entry>();

  constructor(settings: AccountSettings) {
    this.#settings = settings;
    for (const { password = generatePassword(), ...account } of settings.seeds) {
      this.#entries.set(keyOf(account), {
        account,
        password,
        worksFrom: Number.NEGATIVE_INFINITY,
        failures: 0,
        lockedUntil: null,
      });
    }
  }

  list(): readonly ChorusAccount[] {
    return [...this.#entries.values()].map(({ account }) => account);
  }

  find(name: AccountName): ChorusAccount | null {
    return this.#entries.get(keyOf(name))?.account ?? null;
  }

  /** The password that works, for those who set the scene. */
  passwordOf(name: AccountName): string {
    return this.#entry(name).password;
  }

  /** Failures in a row, and until when the account is locked (ms; null when it is not). */
  troubleOf(name: AccountName): { readonly failures: number; readonly lockedUntil: number | null } {
    const entry = this.#entry(name);
    this.#unlock(entry);
    return { failures: entry.failures, lockedUntil: entry.lockedUntil };
  }

  /** Sets the scene: what the account may do, or the day it expires. */
  change(
    name: AccountName,
    change: Partial<Pick<ChorusAccount, 'entitled' | 'expiresOn' | 'further'>>,
  ): void {
    const entry = this.#entry(name);
    entry.account = { ...entry.account, ...change };
  }

  /** Puts a new password in force: the old one is dead at once, a lock is lifted. Gives the new expiry day. */
  replace(name: AccountName, password: string): string {
    const { now, settlingMs, validity } = this.#settings;
    const entry = this.#entry(name);
    const expiresOn = dayInParis(now()).add(validity).toString();
    entry.account = { ...entry.account, expiresOn };
    entry.password = password;
    entry.worksFrom = now() + settlingMs();
    entry.failures = 0;
    entry.lockedUntil = null;
    return expiresOn;
  }

  /** Whether a login and a password hold, as a call of the API presents them. A wrong one counts. */
  check(environment: World, login: string, password: string): ChorusAccount | Refusal {
    const entry = this.#entries.get(keyOf({ login, environment }));
    if (entry === undefined) return 'unknown-login';
    this.#unlock(entry);
    if (entry.lockedUntil !== null) return 'locked';
    const now = this.#settings.now();
    const isRight = entry.password === password;
    if (isRight && now >= entry.worksFrom) {
      const { expiresOn } = entry.account;
      // It still works on the very day: nothing public says otherwise, and a test can set the day before.
      if (expiresOn !== null && dayInParis(now).toString() > expiresOn) return 'expired';
      entry.failures = 0;
      return entry.account;
    }
    this.#countFailure(entry, now);
    return isRight ? 'too-soon' : 'wrong-password';
  }

  #countFailure(entry: Entry, now: number): void {
    entry.failures += 1;
    if (entry.failures < FAILURES_TO_LOCK) return;
    entry.lockedUntil = now + LOCK_MS;
    const { login, environment } = entry.account;
    this.#settings.tell({ kind: 'locked', login, environment, until: entry.lockedUntil });
  }

  #unlock(entry: Entry): void {
    if (entry.lockedUntil === null || this.#settings.now() < entry.lockedUntil) return;
    entry.lockedUntil = null;
    entry.failures = 0;
  }

  #entry(name: AccountName): Entry {
    const entry = this.#entries.get(keyOf(name));
    if (entry === undefined) throw new Error(`no account ${keyOf(name)} in the simulated Chorus Pro`);
    return entry;
  }
}
