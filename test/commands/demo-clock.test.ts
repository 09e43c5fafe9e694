import { describe, expect, it } from 'vitest';
import { endOfSpan, moments } from '../../src/commands/demo-clock.ts';
import { demoFleet, FILE_START } from '../../src/commands/demo-fleet.ts';
import { readLines } from '../../src/intake/read-lines.ts';

const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[Europe/Paris]`);
const OPENING = Temporal.PlainTime.from('08:30');

describe('the clock', () => {
  it('stops twice a day, after where it stands and up to where it goes', () => {
    const stops = [...moments(at('2027-03-27T08:30'), at('2027-03-29T08:30'), OPENING)].map(String);
    expect(stops).toEqual([
      '2027-03-27T16:00:00+01:00[Europe/Paris]',
      '2027-03-28T08:30:00+02:00[Europe/Paris]',
      '2027-03-28T16:00:00+02:00[Europe/Paris]',
      '2027-03-29T08:30:00+02:00[Europe/Paris]',
    ]);
  });

  it.each([
    ['day', '2027-01-05T16:00'],
    ['week', '2027-01-11T16:00'],
    ['month', '2027-02-04T16:00'],
    ['year', '2027-12-31T16:00'],
    ['letter', '2028-01-04T16:00'],
  ] as const)('goes on by a %s', (span, end) => {
    expect(endOfSpan(span, at('2027-01-04T16:00')).equals(at(end))).toBe(true);
  });

  it('goes to the end of the next year from the end of this one', () => {
    expect(endOfSpan('year', at('2027-12-31T16:00')).equals(at('2028-12-31T16:00'))).toBe(true);
  });
});

describe('the twenty structures', () => {
  const read = (start: string) => {
    const day = Temporal.PlainDate.from(start);
    return readLines(demoFleet(day).bytes, day);
  };

  it('are all read, and nobody could take them for real ones', () => {
    const { lines, refused, warnings } = read(FILE_START.toString());
    expect(refused).toEqual([]);
    expect(new Set(lines.map(({ siret }) => siret)).size).toBe(20);
    // Each SIRET fails its check digit, so that it is nobody's; each address is under a name kept for examples.
    const wrong = warnings.filter(({ message }) => message.includes('wrong check digit'));
    expect(wrong).toHaveLength(lines.length);
    for (const { manager, deputies } of lines) {
      for (const { email } of [manager, ...(deputies ?? [])].filter((one) => one !== null)) {
        expect(email ?? '.example').toMatch(/\.example$/);
      }
    }
  });

  it.each(['2014-01-01', '2026-02-28', '2028-02-29', '2090-12-31'])(
    'move with the first day (%s)',
    (start) => {
      const [here, there] = [read(FILE_START.toString()), read(start)];
      expect(there.refused).toEqual([]);
      const days = (text: string | null, first: string) =>
        text === null ? null : Temporal.PlainDate.from(first).until(text, { largestUnit: 'day' }).days;
      expect(
        there.lines.map(({ changedOn, portalOn }) => [days(changedOn, start), days(portalOn, start)]),
      ).toEqual(
        here.lines.map(({ changedOn, portalOn }) => [
          days(changedOn, FILE_START.toString()),
          days(portalOn, FILE_START.toString()),
        ]),
      );
    },
  );

  it('say who renews when', () => {
    const { reactions } = demoFleet(FILE_START);
    expect(reactions.get('production tech_1_99990000400001@cpro.fr')).toBe(-20);
    expect(reactions.get('qualification tech_2_99990000100001@cpro.fr')).toBe(-4);
    expect(reactions.get('production tech_1_99990001600001@cpro.fr')).toBeUndefined();
  });
});
