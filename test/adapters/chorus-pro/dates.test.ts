import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDate } from '../../../src/adapters/chorus-pro/dates.ts';

const instantOf = (text: string) => {
  const read = readDate(text);
  return read?.kind === 'instant' ? read.at.toString() : read;
};

describe('a date of Chorus Pro', () => {
  it('is a day, an instant with its zone, or a day and time in Paris', () => {
    expect(readDate('2027-02-28')).toMatchObject({ kind: 'day', day: Temporal.PlainDate.from('2027-02-28') });
    expect(instantOf('2027-03-01T10:00:00.123+0100')).toBe('2027-03-01T09:00:00.123Z');
    expect(instantOf('2027-07-01T10:00:00Z')).toBe('2027-07-01T10:00:00Z');
    expect(instantOf('2027-07-01 10:00')).toBe('2027-07-01T08:00:00Z');
    expect(instantOf('2027-01-01 10:00:30')).toBe('2027-01-01T09:00:30Z');
  });

  it('is the first of an hour that the clock shows twice, and the one after an hour that it skips', () => {
    expect(instantOf('2027-10-31 02:30')).toBe('2027-10-31T00:30:00Z');
    expect(instantOf('2027-03-28 02:30')).toBe('2027-03-28T01:30:00Z');
  });

  it.each([
    '',
    'hier',
    '28/02/2027',
    '2027-02-30',
    '2027-02-29',
    '2027-03-01 25:00',
    '2027-03-01T10:00[Europe/Paris]',
    '20270301',
  ])('is not known from %j', (text) => {
    expect(readDate(text)).toBeNull();
  });

  it('comes back from each shape as it went in, and never throws', () => {
    const millis = fc.integer({ min: Date.parse('2000-01-01'), max: Date.parse('2100-01-01') });
    fc.assert(
      fc.property(millis, (ms) => {
        const at = Temporal.Instant.fromEpochMilliseconds(ms);
        const paris = at.toZonedDateTimeISO('Europe/Paris');
        expect(instantOf(at.toString())).toBe(at.toString());
        expect(instantOf(paris.toString({ timeZoneName: 'never' }))).toBe(at.toString());
        const day = paris.toPlainDate();
        expect(readDate(day.toString())).toMatchObject({ kind: 'day', day });
        const minute = paris.toPlainDateTime().round('minute');
        expect(instantOf(minute.toString({ smallestUnit: 'minute' }).replace('T', ' '))).toBe(
          minute.toZonedDateTime('Europe/Paris').toInstant().toString(),
        );
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void readDate(text)));
  });
});
