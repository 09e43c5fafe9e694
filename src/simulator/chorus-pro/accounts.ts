// The technical accounts of the simulated Chorus Pro: who they are, which password works now, and when they lock.
import { randomInt } from 'node:crypto';
import {
  type AccountName,
  type ChorusAccount,
  type ChorusEnvironment,
  dayInParis,
  type EmitEvent,
  type Refusal,
} from './events.ts';

/** A change of an account made outside the portal; fields left out stay as they are. */
export interface AccountChange
  extends Partial<Pick<ChorusAccount, 'disabled' | 'entitled' | 'expiresOn' | 'further'>> {
  /** Sets a new password, as a reset does: the old one stops working, the expiry moves, a lock is removed. */
  readonly password?: string;
  /** True locks as failures do, or for so many ms; false removes the lock. */
  readonly locked?: boolean | { readonly forMs: number };
}

/** A change made at an instant, in ms. */
export interface ScheduledChange extends AccountName {
  readonly at: number;
  readonly change: AccountChange;
}

/** After how many failures in a row an account locks, and for how long (ms). */
export interface Lockout {
  readonly failures: number;
  readonly ms: number;
}

/** As for the accounts of people on the real portal. */
const USUAL_LOCKOUT: Lockout = { failures: 5, ms: 3_600_000 };

/** An account at the start; without a password it gets a generated one. */
export interface AccountSeed extends ChorusAccount {
  readonly password?: string;
  /** Before this instant (ms) it is too new to work. */
  readonly usableFrom?: number;
  /** Until this instant (ms) it is locked. */
  readonly lockedUntil?: number;
}

export interface AccountSettings {
  readonly seeds: readonly AccountSeed[];
  /** In ms. */
  readonly now: () => number;
  /** How long a submitted password does not work yet, in ms. */
  readonly settlingMs: () => number;
  /** How long a new password lives. */
  readonly validity: Temporal.DurationLike;
  readonly emit: EmitEvent;
  readonly lockout?: Lockout;
  readonly schedule?: readonly ScheduledChange[];
}

interface Entry {
  account: ChorusAccount;
  password: string;
  worksFrom: number;
  failures: number;
  lockedUntil: number | null;
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const DIGITS = '0123456789';
const SPECIAL = '([_)]-!';

/** A password as the portal makes it: 12 to 14 ASCII characters, mixed case, at least a digit and a special character. */
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

/** All accounts, in memory, by login and environment; an unknown one is an error. */
export class ChorusAccounts {
  readonly #settings: AccountSettings;
  readonly #lockout: Lockout;
  /** The scheduled changes still to come, the earliest first. */
  readonly #scheduled: ScheduledChange[];
  readonly #entries = new Map<string, Entry>();

  constructor(settings: AccountSettings) {
    this.#settings = settings;
    this.#lockout = settings.lockout ?? USUAL_LOCKOUT;
    for (const seed of settings.seeds) {
      const { password = generatePassword(), usableFrom, lockedUntil, ...account } = seed;
      this.#entries.set(keyOf(account), {
        account,
        password,
        worksFrom: usableFrom ?? Number.NEGATIVE_INFINITY,
        failures: 0,
        lockedUntil: lockedUntil ?? null,
      });
    }
    this.#scheduled = (settings.schedule ?? []).toSorted((one, other) => one.at - other.at);
    for (const one of this.#scheduled) this.#entry(one);
  }

  list(): readonly ChorusAccount[] {
    this.#catchUp();
    return [...this.#entries.values()].map(({ account }) => account);
  }

  find(name: AccountName): ChorusAccount | null {
    this.#catchUp();
    return this.#entries.get(keyOf(name))?.account ?? null;
  }

  /** The current password, for tests and for the demo. */
  passwordOf(name: AccountName): string {
    this.#catchUp();
    return this.#entry(name).password;
  }

  /** All current passwords, for redaction. */
  secrets(): readonly string[] {
    return [...this.#entries.values()].map(({ password }) => password);
  }

  /** Failures in a row, and until when the account is locked (ms; null when it is not). */
  lockStateOf(name: AccountName): { readonly failures: number; readonly lockedUntil: number | null } {
    this.#catchUp();
    const entry = this.#entry(name);
    this.#unlock(entry);
    return { failures: entry.failures, lockedUntil: entry.lockedUntil };
  }

  isTooNew(name: AccountName): boolean {
    this.#catchUp();
    return this.#settings.now() < this.#entry(name).worksFrom;
  }

  change(name: AccountName, change: AccountChange): void {
    this.#catchUp();
    this.#change(name, change, this.#settings.now());
  }

  /** Sets a new password: the old one stops working at once, a lock is removed. Gives the new expiry day. */
  replace(name: AccountName, password: string): string {
    this.#catchUp();
    return this.#replace(this.#entry(name), password, this.#settings.now());
  }

  /** Checks a login and a password as a call of the API presents them. A wrong password counts as a failure. */
  check(environment: ChorusEnvironment, login: string, password: string): ChorusAccount | Refusal {
    this.#catchUp();
    const entry = this.#entries.get(keyOf({ login, environment }));
    if (entry === undefined) return 'unknown-login';
    this.#unlock(entry);
    if (entry.lockedUntil !== null) return 'locked';
    if (entry.account.disabled === true) return 'disabled';
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

  /** Makes the scheduled changes that are due, each as of its own instant. */
  #catchUp(): void {
    while ((this.#scheduled[0]?.at ?? Number.POSITIVE_INFINITY) <= this.#settings.now()) {
      const due = this.#scheduled.shift();
      if (due !== undefined) this.#change(due, due.change, due.at);
    }
  }

  #change(name: AccountName, change: AccountChange, at: number): void {
    const entry = this.#entry(name);
    const { password, locked, ...facts } = change;
    if (password !== undefined) this.#replace(entry, password, at);
    entry.account = { ...entry.account, ...facts };
    if (locked === false) this.#release(entry);
    else if (locked !== undefined)
      this.#lock(entry, at + (locked === true ? this.#lockout.ms : locked.forMs));
    const { login, environment } = entry.account;
    this.#settings.emit({ kind: 'account-changed', what: Object.keys(change), login, environment });
  }

  #replace(entry: Entry, password: string, at: number): string {
    const expiresOn = dayInParis(at).add(this.#settings.validity).toString();
    entry.account = { ...entry.account, expiresOn };
    entry.password = password;
    entry.worksFrom = at + this.#settings.settlingMs();
    this.#release(entry);
    return expiresOn;
  }

  #countFailure(entry: Entry, now: number): void {
    entry.failures += 1;
    if (entry.failures >= this.#lockout.failures) this.#lock(entry, now + this.#lockout.ms);
  }

  #lock(entry: Entry, until: number): void {
    entry.lockedUntil = until;
    const { login, environment } = entry.account;
    this.#settings.emit({ kind: 'locked', login, environment, until });
  }

  #unlock(entry: Entry): void {
    if (entry.lockedUntil !== null && this.#settings.now() >= entry.lockedUntil) this.#release(entry);
  }

  #release(entry: Entry): void {
    entry.lockedUntil = null;
    entry.failures = 0;
  }

  #entry(name: AccountName): Entry {
    const entry = this.#entries.get(keyOf(name));
    if (entry === undefined) throw new Error(`no account ${keyOf(name)} in the simulated Chorus Pro`);
    return entry;
  }
}
