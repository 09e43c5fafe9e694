import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  isQuiet,
  nextSlot,
  nightAt,
  type QuietHours,
  slotOf,
} from '../../../src/domain/platform/probe-schedule.ts';
import { rankCorrelation } from '../../journeys/night-judge.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

const hours = (from: string, to: string): QuietHours => ({
  from: Temporal.PlainTime.from(from),
  to: Temporal.PlainTime.from(to),
});
const DEFAULT = hours('01:00', '05:30');
const day = (text: string) => Temporal.PlainDate.from(text);
const paris = (text: string) =>
  Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris').epochMilliseconds;
const civil = (at: number) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Paris').toPlainDateTime();

/** Ten thousand accounts as a large IT service has them: logins that differ in a few digits. */
const FLEET = Array.from({ length: 10_000 }, (_, nth) => ({
  environment: 'production' as const,
  login: `TECH_1_${String(21_900_012_000_000 + nth).padStart(14, '0')}@cpro.fr`,
}));
const slotsOf = (night: string, quiet = DEFAULT) => FLEET.map((one) => slotOf(one, day(night), quiet));

const anyLogin = fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom(...FLEET.map(({ login }) => login)));
const anySleeper = fc.record({
  environment: fc.constantFrom('production' as const, 'qualification' as const),
  login: anyLogin,
});
/** Any quiet hours that the settings allow: they begin and end on one day. */
const anyQuiet = fc
  .tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 1_439 }))
  .filter(([one, other]) => one !== other)
  .map((ends) => {
    const [from, to] = ends.toSorted((a, b) => a - b) as [number, number];
    const at = (minutes: number) => new Temporal.PlainTime(Math.floor(minutes / 60), minutes % 60);
    return { from: at(from), to: at(to) };
  });
const SPECIAL = ['2027-03-28', '2027-10-31', '2028-02-29', '2028-01-01', '2027-12-31', '2028-03-26'];
const anyDay = fc.oneof(
  fc.constantFrom(...SPECIAL).map(day),
  fc.integer({ min: 0, max: 3_000 }).map((days) => day('2026-11-01').add({ days })),
);
/** Any instant, those about midnight and about the changes of the clocks among them. */
const anyInstant = fc
  .tuple(anyDay, fc.integer({ min: -30 * MINUTE, max: 25 * HOUR }))
  .map(([date, more]) => date.toZonedDateTime('Europe/Paris').epochMilliseconds + more);

/** The ends of a night's quiet hours as a calendar tells them; a minute at least where spring swallows them. */
function endsOf(night: Temporal.PlainDate, { from, to }: QuietHours) {
  const [begin, end] = [paris(`${night}T${from}`), paris(`${night}T${to}`)];
  return { begin, end: Math.max(end, begin + MINUTE) };
}

describe('the minute of an account', () => {
  it('lies within the quiet hours of its night, and is the same whenever it is reckoned', () => {
    fc.assert(
      fc.property(anySleeper, anyDay, anyQuiet, (sleeper, night, quiet) => {
        const slot = slotOf(sleeper, night, quiet);
        const { begin, end } = endsOf(night, quiet);
        expect(Number.isInteger(slot)).toBe(true);
        expect(slot).toBeGreaterThanOrEqual(begin);
        expect(slot).toBeLessThan(end);
        expect(isQuiet(slot, quiet)).toBe(true);
        expect(nightAt(slot, quiet)).toEqual({ begin, end });
        expect(slotOf({ ...sleeper }, day(night.toString()), { ...quiet })).toBe(slot);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is followed by another one, in the next night that has not begun', () => {
    fc.assert(
      fc.property(anySleeper, anyInstant, anyQuiet, (sleeper, after, quiet) => {
        const slot = nextSlot(sleeper, after, quiet);
        const night = nightAt(slot, quiet);
        expect(slot).toBeGreaterThan(after);
        // A day of autumn has 25 hours, and within the night itself it may be the last moment.
        expect(slot).toBeLessThanOrEqual(after + 25 * HOUR + (night.end - night.begin));
        expect(night.begin).toBeGreaterThan(after);
        expect(nightAt(after, quiet).begin).toBeLessThanOrEqual(night.begin);
      }),
      { numRuns: 2_000 },
    );
  });

  it('comes at most 29 hours and a half after the one before, by the default hours', () => {
    fc.assert(
      fc.property(anySleeper, anyDay, (sleeper, night) => {
        const slot = slotOf(sleeper, night, DEFAULT);
        const next = nextSlot(sleeper, slot, DEFAULT);
        expect(civil(next).toPlainDate().toString()).toBe(night.add({ days: 1 }).toString());
        expect(next - slot).toBeLessThan(29.5 * HOUR);
        expect(next - slot).toBeGreaterThan(19.5 * HOUR);
      }),
    );
  });
});

describe('the calendar', () => {
  test.each([
    ['2028-02-28T23:00', '2028-02-29'],
    ['2028-02-29T02:00', '2028-03-01'],
    ['2027-02-28T12:00', '2027-03-01'],
    ['2027-12-31T12:00', '2028-01-01'],
    ['2028-01-01T00:30', '2028-01-01'],
    ['2027-03-27T12:00', '2027-03-28'],
    ['2027-10-30T12:00', '2027-10-31'],
    ['2027-10-31T02:30', '2027-11-01'],
  ])('after %s comes the night of %s', (after, night) => {
    for (const one of FLEET.slice(0, 200)) {
      expect(
        civil(nextSlot(one, paris(after), DEFAULT))
          .toPlainDate()
          .toString(),
      ).toBe(night);
    }
  });

  it('keeps a minute for all where the missing hour swallows the quiet ones', () => {
    const [from, to] = ['02:30', '03:00'].map((text) => Temporal.PlainTime.from(text));
    if (from === undefined || to === undefined) throw new Error('no hours');
    for (const one of FLEET.slice(0, 50)) {
      const slot = slotOf(one, day('2027-03-28'), { from, to });
      expect(civil(slot).toString()).toMatch(/^2027-03-28T03:30/);
    }
  });

  it('leaves nobody in the hour that spring skips, and uses both of the hours that autumn brings', () => {
    const spring = slotsOf('2027-03-28').map((at) => civil(at).hour);
    expect(spring).not.toContain(2);
    expect(new Set(spring)).toEqual(new Set([1, 3, 4, 5]));
    const autumn = slotsOf('2027-10-31').filter((at) => civil(at).hour === 2);
    const offsets = autumn.map(
      (at) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Paris').offset,
    );
    const [early, late] = ['+02:00', '+01:00'].map(
      (offset) => offsets.filter((one) => one === offset).length,
    );
    expect((early ?? 0) / (late ?? 1)).toBeCloseTo(1, 1);
  });
});

/** Most of chi-square with so many degrees of freedom in 999 of 1,000 draws (Wilson and Hilferty). */
const mostOf = (degrees: number) =>
  degrees * (1 - 2 / (9 * degrees) + 3.09 * Math.sqrt(2 / (9 * degrees))) ** 3;

function chiSquare(values: readonly number[], begin: number, end: number, bins: number): number {
  const counts = Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - begin) / (end - begin)) * bins);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const fair = values.length / bins;
  return counts.reduce((sum, count) => sum + (count - fair) ** 2 / fair, 0);
}

describe('a fleet of ten thousand', () => {
  const NIGHTS = ['2027-03-02', '2027-03-28', '2027-10-31', '2028-01-01', '2028-02-29'];

  test.each(NIGHTS)(
    'is spread evenly over nine tenths of the night of %s, the rest is for who is late',
    (night) => {
      const slots = slotsOf(night);
      const { begin, end } = nightAt(paris(`${night}T01:00`), DEFAULT);
      const last = begin + 0.9 * (end - begin);
      expect(Math.max(...slots)).toBeLessThan(last);
      for (const bins of [27, 100])
        expect(chiSquare(slots, begin, last, bins)).toBeLessThan(mostOf(bins - 1));
      // The two platforms, and any part of the fleet, are spread as well.
      const some = slots.filter((_, nth) => nth % 10 === 3);
      expect(chiSquare(some, begin, last, 27)).toBeLessThan(mostOf(26));
    },
  );

  it('is drawn anew each night, and neighbours are strangers', () => {
    const nights = NIGHTS.map((night) => slotsOf(night));
    for (const [nth, slots] of nights.entries()) {
      const next = nights[(nth + 1) % nights.length] ?? [];
      // A hundredth is what chance gives ten thousand.
      expect(Math.abs(rankCorrelation(slots, next))).toBeLessThan(0.035);
      expect(Math.abs(rankCorrelation(slots, [...slots.slice(1), slots[0] ?? 0]))).toBeLessThan(0.035);
    }
  });

  /** How long before the end of the night the last one is done (ms), each taking one turn of two in 1,001 ms. */
  const spareIn = (night: string): number => {
    let free = Number.NEGATIVE_INFINITY;
    for (const slot of slotsOf(night).toSorted((a, b) => a - b)) free = Math.max(free, slot) + 501;
    return nightAt(paris(`${night}T01:00`), DEFAULT).end - free;
  };

  test.each([
    ['an ordinary night', '2027-03-02', 26],
    ['the night that lacks an hour', '2027-03-28', 15],
    ['the night that has one more', '2027-10-31', 32],
  ])('can be asked at two calls a second within %s', (_, night, minutes) => {
    expect(spareIn(night)).toBeGreaterThan(minutes * MINUTE);
  });
});
