import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExpiry } from '../../../src/domain/parsing/expiry-date.ts';

const today = Temporal.PlainDate.from('2026-11-20');
const expiry = (typed: string) => {
  const { on, code } = readExpiry(typed, today);
  return on ?? code;
};

describe('the expiry date read on the portal', () => {
  it.each(['', '  ', '\u200B\u00A0'])('may be left out: %j', (typed) => {
    expect(readExpiry(typed, today)).toEqual({ on: null, code: null });
  });

  it.each([
    '12/03/2027',
    ' 12/3/2027\u00A0',
    '\u200E12/03/2027',
    '2027-03-12',
    '12.03.2027',
    '12-03-2027',
    '12 03 2027',
    '12/03/27',
    '12 mars 2027',
    '12 MARS 2027',
    '12mars2027',
    'vendredi 12 mars 2027',
    'Expire le : 12/03/2027',
    'Date d’expiration : 12 mars 2027',
    'jusqu’au 12 mars 2027',
    '12 March 2027',
    'March 12, 2027',
    '12/03/2027 23:59',
    '12/03/2027 23:59:59',
    '12/03/2027 à 14h30',
    '12 mars 2027 à 9 h',
    '2027-03-12T00:00:00',
    '2027-03-12 00:00:00.000',
    '2027-03-12T10:00:00+01:00',
  ])('is read in any shape people write: %s', (typed) => {
    expect(expiry(typed)).toBe('2027-03-12');
  });

  it('is read in long French forms', () => {
    expect(expiry('1er janvier 2028')).toBe('2028-01-01');
    expect(expiry('3 févr. 2027')).toBe('2027-02-03');
    expect(expiry('15 août 2027')).toBe('2027-08-15');
    expect(expiry('mardi 7 déc. 2027')).toBe('2027-12-07');
    expect(expiry('dimanche 5 septembre 2027')).toBe('2027-09-05');
  });

  it('is the day in France of an instant', () => {
    expect(expiry('2027-03-11T23:30:00Z')).toBe('2027-03-12');
    expect(expiry('2027-07-11T22:30:00.000Z')).toBe('2027-07-12');
    expect(expiry('2027-02-30T10:00:00Z')).toBe('expiry-malformed');
  });

  it.each([
    'demain',
    '31/02/2027',
    '12/13/2027',
    '46000',
    'mars 2027',
    '12 jui 2027',
    '12 ma 2027',
    '12 se 2027',
    '1/1',
    '2027',
  ])('that is no day is malformed: %s', (typed) => {
    expect(expiry(typed)).toBe('expiry-malformed');
  });

  it('lies after today and not beyond three years', () => {
    expect(expiry('19/11/2026')).toBe('expiry-past');
    expect(expiry('20/11/2026')).toBe('expiry-past');
    expect(expiry('21/11/2026')).toBe('2026-11-21');
    expect(expiry('20/11/2029')).toBe('2029-11-20');
    expect(expiry('21/11/2029')).toBe('expiry-too-far');
  });

  it('written long in French by any program is the same day', () => {
    const long = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'full', timeZone: 'UTC' });
    const medium = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'medium', timeZone: 'UTC' });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_095 }), (days) => {
        const day = today.add({ days });
        const instant = day.toZonedDateTime('UTC').epochMilliseconds;
        expect(expiry(long.format(instant))).toBe(day.toString());
        expect(expiry(medium.format(instant))).toBe(day.toString());
      }),
    );
  });

  it('never makes anything else than a day to come or a finding, whatever was typed', () => {
    const odd = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9 /.:TZ+-]{1,30}$/));
    fc.assert(
      fc.property(odd, (typed) => {
        const { on, code } = readExpiry(typed, today);
        if (on === null) return;
        expect(code).toBeNull();
        expect(Temporal.PlainDate.compare(on, today)).toBe(1);
      }),
    );
  });
});
