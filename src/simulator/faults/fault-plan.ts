// The fault rules of the simulated PISTE and Chorus Pro, set by tests, scenarios, the control server and the demo.
import type { ChorusEnvironment } from '../chorus-pro/events.ts';
import { type ActiveFault, FAULT_NATURES, fitsScope, isDelay, type SimulatedFault } from './fault-kinds.ts';
import { type FaultWindow, isWithin } from './fault-schedule.ts';
import { type Draw, delayOf, seededDraw, seedFor } from './seeded-draw.ts';

/** When a fault applies: a field left out matches everything that the fault fits. */
export interface FaultRule extends FaultWindow {
  readonly fault: SimulatedFault;
  /** `token`, `health-check`, `recuperer/tauxtva`, …; `api` for every call but the token's. */
  readonly call?: string;
  readonly login?: string;
  readonly environment?: ChorusEnvironment;
  /** How often, before it is over; without end when left out. */
  readonly times?: number;
  /** The probability that it applies to a call that it matches, 0 to 1; drawn from the seed. */
  readonly chance?: number;
  /** Its name in the request log; the fault's kind when left out. */
  readonly name?: string;
}

/** The effect on a call: first a delay, then perhaps a fault. */
export interface FaultEffect {
  readonly delayMs: number;
  readonly fault: ActiveFault | null;
  /** The names of the rules that applied, delays too. */
  readonly names: readonly string[];
}

/** A call to match with rules; the token call has no login. */
export interface SimulatedCall {
  readonly call: string;
  readonly login: string | null;
  readonly environment: ChorusEnvironment;
}

export interface ActiveRule {
  readonly id: number;
  readonly rule: FaultRule;
  /** How often it applied; served under this name. */
  readonly struck: number;
}

export interface FaultSettings {
  /** In ms. */
  readonly now?: () => number;
  readonly seed?: number;
  /** How long a submitted password does not work yet, in ms, unless `setSettling` says otherwise. */
  readonly settlingMs?: number;
}

interface PlacedRule extends ActiveRule {
  readonly draw: Draw;
  struck: number;
}

/** The rules. `clear` ends all faults. */
export class ChorusFaults {
  readonly #now: () => number;
  readonly #seed: number;
  readonly #usualSettlingMs: number;
  #rules: PlacedRule[] = [];
  #lastId = 0;
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
    const id = this.insert(rule);
    return () => {
      this.remove(id);
    };
  }

  /** Adds a rule and returns its number, which is never reused. */
  insert(rule: FaultRule): number {
    const id = this.#lastId + 1;
    this.#lastId = id;
    this.#rules.push({ id, rule, draw: seededDraw(seedFor(this.#seed, id)), struck: 0 });
    return id;
  }

  /** Ends a rule; false when there is none of that number. */
  remove(id: number): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((one) => one.id !== id);
    return this.#rules.length < before;
  }

  /** The rules, in the order in which they are tried. */
  list(): readonly ActiveRule[] {
    return this.#rules.map(({ id, rule, struck }) => ({ id, rule, struck }));
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
    this.#rules = [];
    this.#settlingMs = this.#usualSettlingMs;
    this.#down = null;
  }

  /** The effect on this call; counts the rules that apply. */
  apply(call: SimulatedCall): FaultEffect {
    const at = this.#now();
    const names: string[] = [];
    let delayMs = 0;
    for (const placed of this.#rules) {
      const { rule, draw } = placed;
      if (!matches(placed, call) || !isWithin(rule, at)) continue;
      if (rule.chance !== undefined && draw.next() >= rule.chance) continue;
      placed.struck += 1;
      names.push(rule.name ?? rule.fault.kind);
      if (!isDelay(rule.fault)) return { delayMs, fault: alternated(rule.fault, placed.struck), names };
      delayMs += delayOf(rule.fault, draw);
    }
    const isDown = this.#down === 'piste' || (this.#down === 'chorus-pro' && call.call !== 'token');
    return isDown
      ? { delayMs, fault: { kind: 'maintenance' }, names: [...names, `${this.#down}-down`] }
      : { delayMs, fault: null, names };
  }
}

function matches({ rule, struck }: PlacedRule, { call, login, environment }: SimulatedCall): boolean {
  if (struck >= (rule.times ?? Number.POSITIVE_INFINITY)) return false;
  const isCall = rule.call === undefined || rule.call === call || (rule.call === 'api' && call !== 'token');
  return (
    isCall &&
    fitsScope(FAULT_NATURES[rule.fault.kind].scope, call) &&
    (rule.login ?? login) === login &&
    (rule.environment ?? environment) === environment
  );
}

/** An account that has not settled answers 401 and 403 alternately. */
function alternated(fault: ActiveFault, time: number): ActiveFault {
  if (fault.kind !== 'unsettled') return fault;
  return { kind: 'unsettled', status: fault.status ?? (time % 2 === 1 ? 401 : 403) };
}
