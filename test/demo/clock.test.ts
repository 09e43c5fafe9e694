import { describe, expect, it } from 'vitest';
import { readLines } from '../../src/adapters/csv/read-lines.ts';
import { endOfSpan, handClock, moments, stops } from '../../src/demo/clock.ts';
import { demoFleet, FILE_START, STORY } from '../../src/demo/fleet.ts';

const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[Europe/Paris]`);
const OPENING = Temporal.PlainTime.from('08:30');

describe('the clock', () => {
  it('stops twice a day, after its start and up to its end', () => {
    const stops = [...moments(at('2027-03-27T08:30'), at('2027-03-29T08:30'), OPENING)].map(String);
    expect(stops).toEqual([
      '2027-03-27T16:00:00+01:00[Europe/Paris]',
      '2027-03-28T08:30:00+02:00[Europe/Paris]',
      '2027-03-28T16:00:00+02:00[Europe/Paris]',
      '2027-03-29T08:30:00+02:00[Europe/Paris]',
    ]);
  });

  it('goes on by itself from where it was set, and remembers where that was', () => {
    let elapsed = 5_000;
    const clock = handClock(at('2027-01-04T09:00'), () => elapsed);
    elapsed += 61_500.7;
    expect(clock.parisTime().equals(at('2027-01-04T09:01:01.5'))).toBe(true);
    expect(clock.now().epochMilliseconds).toBe(at('2027-01-04T09:01:01.5').epochMilliseconds);
    expect(clock.setTo).toBe(at('2027-01-04T09:00').epochMilliseconds);
    clock.set(at('2027-01-05T08:30'));
    expect(clock.parisTime().equals(at('2027-01-05T08:30'))).toBe(true);
    elapsed += 1_000;
    expect(clock.parisTime().equals(at('2027-01-05T08:30:01'))).toBe(true);
    expect(clock.setTo).toBe(at('2027-01-05T08:30').epochMilliseconds);
  });

  it('stops each quarter of an hour in a short move, and where the daemon looks in a longer one', () => {
    const of = (span: 'quarter' | 'hour' | 'day') => {
      const from = at('2027-01-04T15:50:10');
      return [...stops(span, from, endOfSpan(span, from), OPENING)].map((stop) =>
        stop.toPlainDateTime().toString(),
      );
    };
    expect(of('quarter')).toEqual(['2027-01-04T16:05:10']);
    expect(of('hour')).toEqual(
      ['16:05:10', '16:20:10', '16:35:10', '16:50:10'].map((time) => `2027-01-04T${time}`),
    );
    expect(of('day')).toEqual(['2027-01-04T16:00:00', '2027-01-05T08:30:00']);
  });

  it.each([
    ['quarter', '2027-01-04T16:15'],
    ['hour', '2027-01-04T17:00'],
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
    // Each SIRET fails its check digit, so that it is nobody's; each address is under a name kept for examples, and each
    // telephone number of a range kept for fiction (ARCEP).
    const wrong = warnings.filter(({ message }) => message.includes('wrong check digit'));
    expect(wrong).toHaveLength(lines.length);
    for (const { manager, deputies } of lines) {
      for (const { email } of [manager, ...(deputies ?? [])].filter((one) => one !== null)) {
        expect(email ?? '.example').toMatch(/\.example$/);
      }
    }
    const phones = lines.flatMap(({ phone, structurePhone, deputies }) =>
      [phone, structurePhone, ...(deputies ?? []).map((deputy) => deputy.phone ?? null)].flatMap(
        (numbers) => numbers?.split(', ') ?? [],
      ),
    );
    expect(phones.length).toBeGreaterThan(lines.length);
    for (const phone of phones) expect(phone).toMatch(/^(03 53 01|06 39 98) \d\d \d\d$/);
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

  it('are the accounts of the simulated Chorus Pro, each once, with the day its password expires', () => {
    const { accounts } = demoFleet(FILE_START);
    expect(accounts).toHaveLength(20);
    const known = (login: string) => accounts.find((one) => one.login === login);
    expect(known(STORY.login)).toEqual({
      ...STORY,
      home: { siret: '99990001100002', name: 'Commune de Lavarenne-sous-Ballon' },
      further: [],
      entitled: true,
      expiresOn: '2027-01-07',
    });
    // Its date is reckoned from the last change; it serves a second structure.
    expect(known('TECH_1_99990000700001@cpro.fr')).toMatchObject({
      home: { siret: '99990000700001' },
      further: [{ siret: '99990002000001' }],
      expiresOn: '2027-03-05',
    });
    expect(known('TECH_2_99990000100001@cpro.fr')?.environment).toBe('qualification');
  });

  it('have one account of the story, with only its own lines of the file', () => {
    const { story } = demoFleet(FILE_START);
    expect(story.expiresOn.toString()).toBe('2027-01-07');
    const { lines, refused } = readLines(story.bytes, FILE_START.subtract({ years: 1 }));
    expect(refused).toEqual([]);
    expect(lines.map(({ login }) => login)).toEqual([STORY.login]);
  });
});
