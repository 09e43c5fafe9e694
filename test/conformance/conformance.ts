// The conformance suite: each fact of PISTE and Chorus Pro as a test against whatever target it is given.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACTS } from './all-facts.ts';
import { type Caller, openCaller } from './caller.ts';
import { examine, type Fact, isFault, type Need, type Row } from './fact.ts';
import { reportOf } from './report.ts';
import type { Target } from './target.ts';

/** How strict a run is, and what it can check. */
export interface Plan {
  /** Whether every fact must hold; else facts that are not sure are observations, and fail nothing. */
  readonly isStrict: boolean;
  readonly has: readonly Need[];
}

/** A target with what is to be closed after it. */
export interface OpenTarget {
  readonly target: Target;
  close?(): Promise<void>;
}

/** The report of a run at its end. */
export interface Told {
  readonly report: string;
  readonly rows: readonly Row[];
  readonly caller: Caller;
}

const WHY_NOT: Readonly<Record<Need, string>> = {
  'other world': 'no other world was named',
  siret: 'no SIRET of the account was named',
  'spare account':
    'it would show a real account with a wrong password, or with its own in an odd form, which may count as one',
};

const nameOf = ({ mark, paragraph, says }: Fact) => `[${mark}] §${paragraph} ${says}`;

/** Describes the suite; `tell` is called with its report, before the target is closed, whatever the result. */
export function conformance(
  name: string,
  plan: Plan,
  open: () => Promise<OpenTarget>,
  tell: (told: Told) => Promise<void> | void = () => undefined,
): void {
  const isAsked = ({ needs }: Fact) => needs === undefined || plan.has.includes(needs);
  const unasked = FACTS.flatMap((fact) =>
    isAsked(fact) || fact.needs === undefined ? [] : [`[${fact.mark}] ${fact.says}: ${WHY_NOT[fact.needs]}`],
  );
  // Never twice: an answer is remembered for the run, and a refusal must not be repeated.
  describe(`the conformance of ${name}`, { retry: 0, concurrent: false, shuffle: false }, () => {
    const rows: Row[] = [];
    let opened: OpenTarget;
    let caller: Caller;
    beforeAll(async () => {
      opened = await open();
      caller = openCaller(opened.target);
    });
    afterAll(async () => {
      if (opened === undefined) return;
      try {
        await tell({ report: reportOf(rows, unasked), rows, caller });
      } finally {
        await opened.close?.();
      }
    });
    for (const fact of FACTS.filter(isAsked)) {
      it(nameOf(fact), async () => {
        const row = await examine(fact, caller).catch((error: unknown) => {
          // The report names it too; what the caller throws contains no value of an account.
          rows.push({
            ...fact,
            holds: null,
            seen: `not seen: ${error instanceof Error ? error.message : 'fault'}`,
          });
          throw error;
        });
        rows.push(row);
        if (isFault(row, plan.isStrict)) expect.fail(`expected: ${row.expected}; seen: ${row.seen}`);
      });
    }
  });
}
