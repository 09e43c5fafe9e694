// The technical accounts of the simulated Chorus Pro: who they are, which password works now, and when they lock.
import { randomInt } from 'node:crypto';
import {
  type AccountName,
  type ChorusAccount,
  type ChorusStructure,
  dayInParis,
  type Refusal,
  type Tell,
  type World,
} from './events.ts';

/** A change; what is left out stays. */
export interface AccountChange {
  /** Puts another password in force, as a reset does: the old one is dead, the expiry moves, a lock is lifted. */
  readonly password?: string;
  /** True locks as failures do, or for so many ms; false lifts the lock. */
  readonly locked?: boolean | { readonly forMs: number };
  readonly disabled?: boolean;
  readonly entitled?: boolean;
  /** An ISO day, null for never. */
  readonly expiresOn?: string | null;
  readonly further?: readonly ChorusStructure[];
}

/** A change that comes by itself at an instant, in ms. */
export interface ScheduledChange extends AccountName {
  readonly at: number;
  readonly change: AccountChange;
}

/** After how many failures in a row an account locks, and for how long (ms). */
export interface Lockout {
  readonly failures: number;
  readonly ms: number;
}

/** As for people's accounts on the real portal. */
const USUAL_LOCKOUT: Lockout = { failures: 5, ms: 3_600_000 };

/** An account to begin with; without a password it gets one of its own. */
export interface AccountSeed extends ChorusAccount {
  readonly password?: string;
  /** Before this instant (ms) it is too new to work. */
  readonly usableFrom?: number;
  /** Until this instant (ms) it is locked. */
  readonly lockedUntil?: number;
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
  readonly lockout?: Lockout;
  /** Changes that come by themselves. */
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

  /** The password that works, for those who set the scene. */
  passwordOf(name: AccountName): string {
    this.#catchUp();
    return this.#entry(name).password;
  }

  /** All passwords that work, for those who strike secrets out. */
  secrets(): readonly string[] {
    return [...this.#entries.values()].map(({ password }) => password);
  }

  /** Failures in a row, and until when the account is locked (ms; null when it is not). */
  troubleOf(name: AccountName): { readonly failures: number; readonly lockedUntil: number | null } {
    this.#catchUp();
    const entry = this.#entry(name);
    this.#unlock(entry);
    return { failures: entry.failures, lockedUntil: entry.lockedUntil };
  }

  /** Whether the password in force is too new to work. */
  isTooNew(name: AccountName): boolean {
    this.#catchUp();
    return this.#settings.now() < this.#entry(name).worksFrom;
  }

  /** Changes an account past everybody, as of now. */
  change(name: AccountName, change: AccountChange): void {
    this.#catchUp();
    this.#change(name, change, this.#settings.now());
  }

  /** Puts a new password in force: the old one is dead at once, a lock is lifted. Gives the new expiry day. */
  replace(name: AccountName, password: string): string {
    this.#catchUp();
    return this.#replace(this.#entry(name), password, this.#settings.now());
  }

  /** Whether a login and a password hold, as a call of the API presents them. A wrong one counts. */
  check(environment: World, login: string, password: string): ChorusAccount | Refusal {
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

  /** Makes the changes that are due, each as of its own instant. */
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
    this.#settings.tell({ kind: 'account-changed', what: Object.keys(change), login, environment });
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
    this.#settings.tell({ kind: 'locked', login, environment, until });
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
