import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryOf } from '../../../src/domain/account/technical-user.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const validity = { workTowards: Temporal.Duration.from('P1Y'), latest: Temporal.Duration.from('P424D') };
const expiry = (changedOn: string | null, portalOn: string | null) => {
  const { source, on, latest } = expiryOf(
    {
      changedOn: changedOn === null ? null : day(changedOn),
      portalOn: portalOn === null ? null : day(portalOn),
    },
    validity,
  );
  return { source, on: on?.toString() ?? null, latest: latest?.toString() ?? null };
};

describe('the expiry of a password', () => {
  it('is unknown when nothing is known', () => {
    expect(expiry(null, null)).toEqual({ source: 'unknown', on: null, latest: null });
  });

  it('is reckoned from the last change: a year to work towards, 424 days at the latest', () => {
    expect(expiry('2026-03-12', null)).toEqual({
      source: 'computed',
      on: '2027-03-12',
      latest: '2027-05-10',
    });
  });

  it('falls on 28 February after a change on the 29th', () => {
    expect(expiry('2028-02-29', null)).toMatchObject({ on: '2029-02-28' });
    expect(expiry('2027-02-28', null)).toMatchObject({ on: '2028-02-28' });
  });

  it('is the date read on the portal, which beats a reckoned one', () => {
    expect(expiry('2026-03-12', '2027-05-01')).toEqual({
      source: 'portal',
      on: '2027-05-01',
      latest: '2027-05-01',
    });
    expect(expiry(null, '2027-05-01')).toMatchObject({ source: 'portal' });
  });

  it('forgets a date read on the portal before the password was changed', () => {
    expect(expiry('2027-05-02', '2027-05-01')).toMatchObject({ source: 'computed', on: '2028-05-02' });
    expect(expiry('2027-05-01', '2027-05-01')).toMatchObject({ source: 'computed' });
  });

  it('never lies before the change, and the latest never before the date worked towards', () => {
    const anyDay = fc.option(
      fc.integer({ min: 0, max: 20_000 }).map((days) => day('2010-01-01').add({ days })),
    );
    fc.assert(
      fc.property(anyDay, anyDay, (changedOn, portalOn) => {
        const { on, latest } = expiryOf({ changedOn, portalOn }, validity);
        if (on === null) expect(changedOn).toBeNull();
        else {
          expect(Temporal.PlainDate.compare(on, latest)).toBeLessThanOrEqual(0);
          if (changedOn) expect(Temporal.PlainDate.compare(on, changedOn)).toBeGreaterThan(0);
        }
      }),
    );
  });
});
