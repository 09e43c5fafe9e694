// What goes wrong at the simulated PISTE and Chorus Pro, and when: a plan that tests and the demo switch as they like.
import type { World } from './chorus-events.ts';

/**
 * One way to go wrong. `delay` answers rightly, but later; `hang` never answers; `reset` cuts the connection;
 * `html` is a page where JSON was expected, as a captive network gives.
 */
export type Fault =
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  /** 401 without `WWW-Authenticate`, in the three other shapes that have been seen. */
  | { readonly kind: 'refused-ldap' | 'refused-field' | 'refused-bare' }
  /** 401 and 403 of the gateway, about the token; 403 with nothing in it. */
  | { readonly kind: 'token-dead' | 'scope-short' | 'forbidden' }
  /** 429; `after` is the Retry-After header as it stands (seconds or an HTTP date), null for none. */
  | { readonly kind: 'quota'; readonly after: string | null }
  /** 500 with an empty body; 503 with a page. */
  | { readonly kind: 'broken' | 'maintenance' }
  /** 200 with an empty body, or with a page. */
  | { readonly kind: 'empty' | 'html' }
  /** A token answer of 200 with an empty `access_token`. Only for the call `token`. */
  | { readonly kind: 'empty-token' }
  /** 200 with a business code. */
  | { readonly kind: 'business'; readonly code: number; readonly label: string };

/** When a fault strikes: what is left out matches everything. */
export interface FaultRule {
  readonly fault: Fault;
  /** `token`, `health-check`, `recuperer/tauxtva`, … */
  readonly call?: string;
  readonly login?: string;
  readonly environment?: World;
  /** How often, before it is over; without end when left out. */
  readonly times?: number;
}

/** What a call meets, in the order of meeting: a wait, then perhaps a fault. */
export interface Struck {
  readonly delayMs: number;
  readonly fault: Exclude<Fault, { kind: 'delay' }> | null;
}

/** A call as the plan sees it; the token call has no login. */
export interface StruckCall {
  readonly call: string;
  readonly login: string | null;
  readonly environment: World;
}

interface Standing {
  readonly rule: FaultRule;
  left: number;
}

/** The plan. All faults are over after `clear`. */
export class ChorusFaults {
  #standing: Standing[] = [];
  #settlingMs = 0;
  #down: 'piste' | 'chorus-pro' | null = null;

  /** Adds a rule; an earlier one goes before it, delays add up. The function it gives ends the rule. */
  add(rule: FaultRule): () => void {
    const standing = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.#standing.push(standing);
    return () => {
      this.#standing = this.#standing.filter((one) => one !== standing);
    };
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
    this.#settlingMs = 0;
    this.#down = null;
  }

  /** What this call meets; counts down the rules that strike. */
  strike(call: StruckCall): Struck {
    let delayMs = 0;
    for (const standing of this.#standing.filter(({ rule, left }) => left > 0 && matches(rule, call))) {
      const { fault } = standing.rule;
      standing.left -= 1;
      if (fault.kind !== 'delay') return { delayMs, fault };
      delayMs += fault.ms;
    }
    const isDown = this.#down === 'piste' || (this.#down === 'chorus-pro' && call.call !== 'token');
    return { delayMs, fault: isDown ? { kind: 'maintenance' } : null };
  }
}

function matches(rule: FaultRule, call: StruckCall): boolean {
  return (
    (rule.call ?? call.call) === call.call &&
    (rule.login ?? call.login) === call.login &&
    (rule.environment ?? call.environment) === call.environment
  );
}
