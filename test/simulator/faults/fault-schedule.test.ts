import { describe, expect, it } from 'vitest';
import { isWithin, readDuration, readPoint, windowOf } from '../../../src/simulator/faults/fault-schedule.ts';

const at = (iso: string) => Temporal.Instant.from(iso).epochMilliseconds;

describe('a point in time', () => {
  it.each([
    ['2027-03-12T10:00:00+01:00', { kind: 'instant', at: at('2027-03-12T09:00:00Z') }],
    ['PT5M', { kind: 'since', ms: 300_000 }],
    ['P1DT1H', { kind: 'since', ms: 90_000_000 }],
    ['22:30', { kind: 'daily', minutes: 1350 }],
  ])('%s is read', (text, point) => {
    expect(readPoint(text)).toEqual(point);
  });

  it.each(['', '24:00', '9:00', '2027-03-12', 'P1Y', 'P1M', 'tomorrow', '5'])('%j is none', (text) => {
    expect(readPoint(text)).toBeNull();
  });

  it('may lie before the start', () => {
    expect(readDuration('-PT1M')).toBe(-60_000);
  });
});

describe('a window', () => {
  it('takes its first instant, and not its last', () => {
    const window = { from: 10, until: 20 };
    expect([9, 10, 19, 20].map((now) => isWithin(window, now))).toEqual([false, true, true, false]);
    expect([isWithin({ until: 20 }, 0), isWithin({ from: 10 }, 1e15), isWithin({}, 0)]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is counted from the start, or fixed in the calendar', () => {
    const since = (ms: number) => ({ kind: 'since', ms }) as const;
    expect(windowOf(since(1000), { kind: 'instant', at: 9000 }, 500)).toEqual({ from: 1500, until: 9000 });
    expect(windowOf(null, since(1000), 500)).toEqual({ until: 1500 });
  });

  it('of each day is one of Paris, in winter and in summer, over midnight too', () => {
    const night = windowOf(readPoint('22:30'), readPoint('05:00'), 0);
    if (night === null) throw new Error('no window');
    const inNight = (iso: string) => isWithin(night, at(iso));
    expect(['T21:29Z', 'T21:30Z', 'T03:59Z', 'T04:00Z'].map((time) => inNight(`2027-01-04${time}`))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(['T20:29Z', 'T20:30Z', 'T02:59Z', 'T03:00Z'].map((time) => inNight(`2027-07-04${time}`))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const noon = windowOf(readPoint('12:00'), readPoint('12:01'), 0);
    expect(isWithin(noon ?? {}, at('2027-01-04T11:00:59Z'))).toBe(true);
    expect(isWithin(noon ?? {}, at('2027-01-04T11:01:00Z'))).toBe(false);
  });

  it('is none when only one end is a time of day', () => {
    expect(windowOf(readPoint('22:30'), readPoint('PT5M'), 0)).toBeNull();
    expect(windowOf(readPoint('22:30'), null, 0)).toBeNull();
  });
});
