// What goes wrong at the simulated PISTE and Chorus Pro, and when: a plan that tests, scenarios and the demo switch as they like.
import type { World } from '../chorus-pro/events.ts';
import { FAULT_NATURES, type Fault, fitsScope, isWait, type Strike } from './fault-kinds.ts';
import { isWithin, type Window } from './fault-schedule.ts';
import { type Draw, seededDraw, seedFor, waitOf } from './seeded-draw.ts';

export type { Fault } from './fault-kinds.ts';

/** When a fault strikes: what is left out matches everything that the fault fits. */
export interface FaultRule extends Window {
  readonly fault: Fault;
  /** `token`, `health-check`, `recuperer/tauxtva`, …; `api` for every call but the token's. */
  readonly call?: string;
  readonly login?: string;
  readonly environment?: World;
  /** How often, before it is over; without end when left out. */
  readonly times?: number;
  /** How likely it is to strike a call that it matches, 0 to 1; drawn from the seed. */
  readonly chance?: number;
  /** What the request log calls it; the fault's kind when left out. */
  readonly name?: string;
}

/** What a call meets, in the order of meeting: a wait, then perhaps a fault. */
export interface Struck {
  readonly delayMs: number;
  readonly fault: Strike | null;
  /** The names of the rules that struck, waits too. */
  readonly names: readonly string[];
}

/** A call as the plan sees it; the token call has no login. */
export interface StruckCall {
  readonly call: string;
  readonly login: string | null;
  readonly environment: World;
}

/** A rule in force. */
export interface StandingRule {
  readonly id: number;
  readonly rule: FaultRule;
  /** How often it struck. */
  readonly struck: number;
}

/** What the plan is drawn with. */
export interface FaultSettings {
  /** In ms. */
  readonly now?: () => number;
  /** For what is left to chance. */
  readonly seed?: number;
  /** How long a submitted password is not known yet, in ms, unless `setSettling` says otherwise. */
  readonly settlingMs?: number;
}

interface PlacedFault {
  readonly id: number;
  readonly rule: FaultRule;
  readonly draw: Draw;
  struck: number;
}

/** The plan. All faults are over after `clear`. */
export class ChorusFaults {
  readonly #now: () => number;
  readonly #seed: number;
  readonly #usualSettlingMs: number;
  #standing: PlacedFault[] = [];
  #placed = 0;
  #settlingMs: number;
  #down: 'piste' | 'chorus-pro' | null = null;

  constructor({ now = Date.now, seed = 1, settlingMs = 0 }: FaultSettings = {}) {
    this.#now = now;
    this.#seed = seed;
    this.#usualSettlingMs = settlingMs;
    this.#settlingMs = settlingMs;
  }

  /** Adds a rule; an earlier one goes before it, waits add up. The function it gives ends the rule. */
  add(rule: FaultRule): () => void {
    const id = this.place(rule);
    return () => {
      this.lift(id);
    };
  }

  /** The same, by a number that is never given twice. */
  place(rule: FaultRule): number {
    const id = this.#placed + 1;
    this.#placed = id;
    this.#standing.push({ id, rule, draw: seededDraw(seedFor(this.#seed, id)), struck: 0 });
    return id;
  }

  /** Ends a rule; false when there is none of that number. */
  lift(id: number): boolean {
    const before = this.#standing.length;
    this.#standing = this.#standing.filter((one) => one.id !== id);
    return this.#standing.length < before;
  }

  /** The rules, in the order in which they are asked. */
  list(): readonly StandingRule[] {
    return this.#standing.map(({ id, rule, struck }) => ({ id, rule, struck }));
  }

  /** Takes PISTE down (tokens and calls), or Chorus Pro behind it (calls only), or puts both up again (null). */
  setDown(which: 'piste' | 'chorus-pro' | null): void {
    this.#down = which;
  }

  /** From now on a submitted password is refused for so long, in ms. */
  setSettling(ms: number): void {
    this.#settlingMs = ms;
  }

  settlingMs(): number {
    return this.#settlingMs;
  }

  clear(): void {
    this.#standing = [];
    this.#settlingMs = this.#usualSettlingMs;
    this.#down = null;
  }

  /** What this call meets; counts the rules that strike. */
  strike(call: StruckCall): Struck {
    const at = this.#now();
    const names: string[] = [];
    let delayMs = 0;
    for (const standing of this.#standing) {
      const { rule, draw } = standing;
      if (!matches(standing, call) || !isWithin(rule, at)) continue;
      if (rule.chance !== undefined && draw.next() >= rule.chance) continue;
      standing.struck += 1;
      names.push(rule.name ?? rule.fault.kind);
      if (!isWait(rule.fault)) return { delayMs, fault: turned(rule.fault, standing.struck), names };
      delayMs += waitOf(rule.fault, draw);
    }
    const isDown = this.#down === 'piste' || (this.#down === 'chorus-pro' && call.call !== 'token');
    return isDown
      ? { delayMs, fault: { kind: 'maintenance' }, names: [...names, `${this.#down}-down`] }
      : { delayMs, fault: null, names };
  }
}

function matches({ rule, struck }: PlacedFault, { call, login, environment }: StruckCall): boolean {
  if (struck >= (rule.times ?? Number.POSITIVE_INFINITY)) return false;
  const isCall = rule.call === undefined || rule.call === call || (rule.call === 'api' && call !== 'token');
  return (
    isCall &&
    fitsScope(FAULT_NATURES[rule.fault.kind].scope, call) &&
    (rule.login ?? login) === login &&
    (rule.environment ?? environment) === environment
  );
}

/** An account that has not settled answers in turns. */
function turned(fault: Strike, time: number): Strike {
  if (fault.kind !== 'unsettled') return fault;
  return { kind: 'unsettled', status: fault.status ?? (time % 2 === 1 ? 401 : 403) };
}
