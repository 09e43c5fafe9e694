// What may be changed about a simulated account past everybody, by a schedule, a scenario or the control door.
import type { AccountName, ChorusStructure } from './events.ts';

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
export const USUAL_LOCKOUT: Lockout = { failures: 5, ms: 3_600_000 };

/** The changes to come, the earliest first; gives each of them once. */
export class ChangesToCome {
  readonly #waiting: ScheduledChange[];

  constructor(schedule: readonly ScheduledChange[]) {
    this.#waiting = schedule.toSorted((one, other) => one.at - other.at);
  }

  /** The next one that is due at this instant (ms); null when there is none. */
  take(now: number): ScheduledChange | null {
    const [next] = this.#waiting;
    if (next === undefined || next.at > now) return null;
    this.#waiting.shift();
    return next;
  }
}
