import Holidays from 'date-holidays';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  daysBetween,
  easter,
  frenchCalendar,
  isOpen,
  nextOpening,
  parisDay,
  publicHolidays,
} from '../../../src/domain/shared/calendar.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const at = (text: string) => Temporal.Instant.from(text);
const anyDay = fc.integer({ min: 0, max: 40_540 }).map((days) => day('1990-01-01').add({ days }));
const national = frenchCalendar({ alsaceMoselle: false });
const window = { from: Temporal.PlainTime.from('08:30'), to: Temporal.PlainTime.from('17:00') };

describe('public holidays', () => {
  it('are those of a second source for every year from 1990 to 2100', () => {
    const source = new Holidays('FR');
    const alsace = new Holidays('FR', '57');
    for (let year = 1990; year <= 2100; year++) {
      const theirs = (from: Holidays) =>
        from
          .getHolidays(year)
          .flatMap((h) => (h.type === 'public' ? [h.date.slice(0, 10)] : []))
          .sort();
      expect([...publicHolidays(year, { alsaceMoselle: false })].sort()).toEqual([
        ...new Set(theirs(source)),
      ]);
      expect([...publicHolidays(year, { alsaceMoselle: true })].sort()).toEqual([...new Set(theirs(alsace))]);
    }
  });

  it('know Easter at its earliest, its latest and in leap years', () => {
    expect(easter(2285).toString()).toBe('2285-03-22');
    expect(easter(2038).toString()).toBe('2038-04-25');
    expect(easter(2024).toString()).toBe('2024-03-31');
    expect(easter(2027).toString()).toBe('2027-03-28');
  });

  it('make Easter Monday a day without work, and 26 December only in Alsace-Moselle', () => {
    expect(national.isWorkingDay(day('2027-03-29'))).toBe(false);
    expect(national.isWorkingDay(day('2025-12-26'))).toBe(true);
    expect(frenchCalendar({ alsaceMoselle: true }).isWorkingDay(day('2025-12-26'))).toBe(false);
    expect(frenchCalendar({ alsaceMoselle: true }).isWorkingDay(day('2027-03-26'))).toBe(false);
  });
});

describe('working days', () => {
  it('before and after a day are the nearest ones, and never pass over another', () => {
    fc.assert(
      fc.property(anyDay, (d) => {
        const before = national.onOrBefore(d);
        const after = national.onOrAfter(d);
        expect(national.isWorkingDay(before) && national.isWorkingDay(after)).toBe(true);
        for (
          let x = before.add({ days: 1 });
          Temporal.PlainDate.compare(x, after) < 0;
          x = x.add({ days: 1 })
        ) {
          expect(national.isWorkingDay(x)).toBe(false);
        }
        expect(daysBetween(before, after)).toBeLessThanOrEqual(6);
      }),
    );
  });
});

describe('the day in Paris', () => {
  it('turns at midnight there, in winter and in summer', () => {
    expect(parisDay(at('2026-12-31T22:59:59Z')).toString()).toBe('2026-12-31');
    expect(parisDay(at('2026-12-31T23:00:00Z')).toString()).toBe('2027-01-01');
    expect(parisDay(at('2027-07-13T21:59:59Z')).toString()).toBe('2027-07-13');
    expect(parisDay(at('2027-07-13T22:00:00Z')).toString()).toBe('2027-07-14');
  });

  it('counts civil days across both clock changes and 29 February', () => {
    expect(daysBetween(day('2027-03-27'), day('2027-03-29'))).toBe(2);
    expect(daysBetween(day('2027-10-30'), day('2027-11-01'))).toBe(2);
    expect(daysBetween(day('2028-02-28'), day('2028-03-01'))).toBe(2);
    expect(daysBetween(day('2027-03-01'), day('2027-02-28'))).toBe(-1);
  });
});

describe('the window', () => {
  it('opens at 08:30 and closes at 17:00 in Paris, whatever the season', () => {
    expect(isOpen(at('2027-01-11T07:29:59Z'), window, national)).toBe(false);
    expect(isOpen(at('2027-01-11T07:30:00Z'), window, national)).toBe(true);
    expect(isOpen(at('2027-01-11T15:59:59Z'), window, national)).toBe(true);
    expect(isOpen(at('2027-01-11T16:00:00Z'), window, national)).toBe(false);
    expect(isOpen(at('2027-07-12T06:30:00Z'), window, national)).toBe(true);
    expect(isOpen(at('2027-07-12T15:00:00Z'), window, national)).toBe(false);
  });

  it('stays shut on days without work', () => {
    expect(isOpen(at('2027-01-01T10:00:00Z'), window, national)).toBe(false);
    expect(isOpen(at('2027-01-02T10:00:00Z'), window, national)).toBe(false);
  });

  it('next opens at an instant at which it is open, and not before', () => {
    const anyInstant = fc
      .integer({ min: 0, max: 40 * 365 * 24 * 60 })
      .map((minutes) => at('2000-01-01T00:00:00Z').add({ minutes }));
    fc.assert(
      fc.property(anyInstant, (now) => {
        const opening = nextOpening(now, window, national);
        expect(isOpen(opening, window, national)).toBe(true);
        expect(Temporal.Instant.compare(opening, now)).toBeGreaterThanOrEqual(0);
        if (!isOpen(now, window, national)) {
          expect(isOpen(opening.subtract({ milliseconds: 1 }), window, national)).toBe(false);
        }
      }),
    );
  });
});
