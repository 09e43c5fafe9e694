import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepName } from '../../../src/domain/notification/letter.ts';
import { askOn, audience, ladderPosition, stepDay } from '../../../src/domain/reminder/ladder.ts';
import { daysBetween } from '../../../src/domain/shared/calendar.ts';
import { rulesWith } from '../../fakes/rules.ts';

const { ladder, calendar } = rulesWith();
const day = (text: string) => Temporal.PlainDate.from(text);
const portal = (on: Temporal.PlainDate) => ({ source: 'portal', on, latest: on }) as const;
const computed = (on: Temporal.PlainDate) =>
  ({ source: 'computed', on, latest: on.add({ days: 59 }) }) as const;
const anyDay = fc.integer({ min: 0, max: 14_600 }).map((days) => day('2020-01-01').add({ days }));
const anyExpiry = fc.oneof(anyDay.map(portal), anyDay.map(computed));

/** The steps reached day by day, with the day each began. */
function walk(on: string, from: number, to: number, expiry = portal(day(on))) {
  const found: string[] = [];
  for (let days = from; days <= to; days++) {
    const today = day(on).add({ days });
    const { step } = ladderPosition(expiry, today, ladder, calendar);
    const name = step === null ? 'none' : stepName(step);
    if (found.at(-1)?.split(' ')[0] !== name) found.push(`${name} ${today}`);
  }
  return found.slice(1);
}

describe('the ladder', () => {
  it('rises in step with the days, on working days only', () => {
    // Friday 12 March 2027: D-30 is Wednesday 10 February, D-7 Friday 5 March, D-3 Tuesday 9, D-1 Thursday 11.
    expect(walk('2027-03-12', -70, 15)).toEqual([
      'J-60 2027-01-11',
      'J-30 2027-02-10',
      'J-15 2027-02-25',
      'J-7 2027-03-05',
      'J-3 2027-03-09',
      'J-1 2027-03-11',
      'J-0 2027-03-12',
      'J+3 2027-03-15',
      'J+7 2027-03-19',
      'J+14 2027-03-26',
    ]);
  });

  it('brings steps forward before the date, and makes one letter of two that fall together', () => {
    // Sunday 28 February 2027: J-1 and J-0 both come on Friday 26, so J-0 holds; J-3 on Thursday 25.
    expect(walk('2027-02-28', -20, 10)).toEqual([
      'J-15 2027-02-12',
      'J-7 2027-02-19',
      'J-3 2027-02-25',
      'J-0 2027-02-26',
      'J+1 2027-03-01',
      'J+3 2027-03-03',
      'J+7 2027-03-08',
    ]);
  });

  it('puts steps off once the date has passed: Easter Monday, 1 January', () => {
    expect(stepDay(day('2027-03-26'), 3, calendar).toString()).toBe('2027-03-30');
    expect(stepDay(day('2026-12-31'), 1, calendar).toString()).toBe('2027-01-04');
    expect(stepDay(day('2027-01-01'), 0, calendar).toString()).toBe('2026-12-31');
  });

  it('raises its voice again on the latest credible day of a reckoned date, where that is before its last step', () => {
    const on = day('2027-03-12');
    const long = { ...ladder, after: [1, 3, 7, 90] };
    const before = ladderPosition(computed(on), on.add({ days: 58 }), long, calendar);
    const then = ladderPosition(computed(on), on.add({ days: 59 }), long, calendar);
    expect(before).toMatchObject({ step: { offset: 7, pastLatest: false } });
    expect(before.next?.toString()).toBe('2027-05-10');
    expect(then).toMatchObject({ step: { offset: 59, pastLatest: true } });
  });

  it('writes once a month after its last step, and says from the latest credible day on that it is past', () => {
    const on = day('2027-03-12');
    const at = (days: number) => ladderPosition(computed(on), on.add({ days }), ladder, calendar);
    expect(at(20)).toMatchObject({ step: { offset: 14, pastLatest: false } });
    expect(at(20).next?.toString()).toBe('2027-04-26');
    expect(at(73)).toMatchObject({ step: { offset: 44, pastLatest: false } });
    expect(at(74)).toMatchObject({ step: { offset: 74, pastLatest: true } });
  });

  it('says that a date read on the portal is past from its first day', () => {
    expect(
      ladderPosition(portal(day('2027-03-12')), day('2027-03-15'), ladder, calendar).step?.pastLatest,
    ).toBe(true);
  });

  it('goes on monthly without end, or ends where the setting says', () => {
    const on = day('2020-03-12');
    const late = on.add({ days: 365 * 6 });
    const { step, next } = ladderPosition(portal(on), late, ladder, calendar);
    expect(daysBetween(on.add({ days: step?.offset ?? 0 }), late)).toBeLessThan(30);
    expect(next && daysBetween(late, next)).toBeLessThan(35);
    expect(ladderPosition(portal(on), late, { ...ladder, thenEvery: null }, calendar)).toEqual({
      step: { offset: 14, pastLatest: true },
      next: null,
    });
  });

  it('has no gap, no overlap, and never falls: each day stands where the day before left off or higher', () => {
    fc.assert(
      fc.property(anyExpiry, fc.integer({ min: -90, max: 200 }), (expiry, since) => {
        const today = expiry.on.add({ days: since });
        const now = ladderPosition(expiry, today, ladder, calendar);
        const tomorrow = ladderPosition(expiry, today.add({ days: 1 }), ladder, calendar);
        const place = (s: typeof now) => s.step?.offset ?? Number.NEGATIVE_INFINITY;
        expect(place(tomorrow)).toBeGreaterThanOrEqual(place(now));
        // `next` is the very day on which the standing changes: not earlier, not later, and a working day.
        expect(now.next).not.toBeNull();
        if (now.next === null) return;
        expect(calendar.isWorkingDay(now.next)).toBe(true);
        expect(place(ladderPosition(expiry, now.next, ladder, calendar))).toBeGreaterThan(place(now));
        expect(place(ladderPosition(expiry, now.next.subtract({ days: 1 }), ladder, calendar))).toBe(
          place(now),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('reaches every step of the setting, each on its own day or together with a more urgent one', () => {
    fc.assert(
      fc.property(anyExpiry, (expiry) => {
        const steps = [-60, -30, -15, -7, -3, -1, 0, 1, 3, 7, 14, 44, 74];
        for (const offset of steps) {
          const reached = ladderPosition(expiry, stepDay(expiry.on, offset, calendar), ladder, calendar).step
            ?.offset;
          expect(reached).toBeGreaterThanOrEqual(offset);
          // A more urgent one only when it truly falls on the same day.
          if (reached !== undefined && reached !== offset) {
            expect(stepDay(expiry.on, reached, calendar)).toEqual(stepDay(expiry.on, offset, calendar));
          }
        }
      }),
    );
  });

  it('takes any ladder: a setting of the operator', () => {
    const anyLadder = fc
      .record({
        before: fc.uniqueArray(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 8 }),
        after: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
        thenEvery: fc.option(fc.integer({ min: 1, max: 40 })),
      })
      .map((changed) => ({ ...ladder, ...changed }));
    fc.assert(
      fc.property(anyLadder, anyExpiry, fc.integer({ min: -130, max: 400 }), (own, expiry, since) => {
        const { step, next } = ladderPosition(expiry, expiry.on.add({ days: since }), own, calendar);
        const last = Math.max(0, ...own.after);
        const latest = daysBetween(expiry.on, expiry.latest);
        if (step !== null) {
          const listed = own.before
            .map((days) => 0 - days)
            .concat(own.after, latest > 0 && latest <= last ? [latest] : []);
          const weekly =
            own.thenEvery !== null && step.offset > last && (step.offset - last) % own.thenEvery === 0;
          expect(listed.includes(step.offset) || weekly).toBe(true);
        }
        if (own.thenEvery !== null) expect(next).not.toBeNull();
      }),
    );
  });
});

describe('an unknown date', () => {
  it('is asked for at once, then at most monthly, on working days', () => {
    expect(askOn(null, day('2027-01-02'), ladder, calendar).toString()).toBe('2027-01-04');
    expect(askOn(day('2027-01-29'), day('2027-02-01'), ladder, calendar).toString()).toBe('2027-03-01');
    fc.assert(
      fc.property(anyDay, (asked) => {
        const next = askOn(asked, asked, ladder, calendar);
        expect(Temporal.PlainDate.compare(next, asked.add({ months: 1 }))).toBeGreaterThanOrEqual(0);
        expect(calendar.isWorkingDay(next)).toBe(true);
      }),
    );
  });
});

describe('who hears of a step', () => {
  it('the deputies from 15 days, the IT service from 7 days and whenever it is late', () => {
    const of = (offset: number) => audience({ offset, pastLatest: false }, { ...ladder, itFrom: 7 });
    expect(of(-60)).toEqual({ secondaries: false, itService: false });
    expect(of(-30)).toEqual({ secondaries: false, itService: false });
    expect(of(-15)).toEqual({ secondaries: true, itService: false });
    expect(of(-7)).toEqual({ secondaries: true, itService: true });
    expect(of(0)).toEqual({ secondaries: true, itService: true });
    expect(of(49)).toEqual({ secondaries: true, itService: true });
    expect(audience(null, ladder)).toEqual({ secondaries: false, itService: false });
  });

  it('the IT service of none, unless the setting says so', () => {
    for (const offset of [-60, -7, 0, 49])
      expect(audience({ offset, pastLatest: false }, ladder).itService).toBe(false);
  });
});
