// A simulated year of accounts with all that happens to accounts: no letter says what our own records contradict.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordAlarm } from '../../src/content/letters/alarm/alarm.ts';
import { type AlarmFacts, type AlarmKind, NO_FACTS } from '../../src/domain/notification/letter.ts';
import { SENDER } from '../content/letters/sample-facts.ts';
import { atNight } from '../rig/at-night.ts';
import { CASES } from './year-cast.ts';
import { type LivedYear, liveYear, TABLE } from './year-life.ts';
import { plain, unitsOf } from './year-words.ts';

/** Every time as long as it takes until all has happened that happens to somebody. */
const [ACCOUNTS, DAYS] = atNight([100, 371], [CASES.length, 231]);

let year: LivedYear;
beforeAll(async () => {
  year = await liveYear(ACCOUNTS, DAYS);
}, 600_000);
afterAll(() => year?.close());

describe('a year of letters', () => {
  it('was lived as it was meant', () => {
    expect(year.failed).toEqual([]);
    expect(year.faults).toEqual([]);
    const { enrolment } = year;
    const outcomes = enrolment.kind === 'enrolled' ? enrolment.lines.map(({ outcome }) => outcome) : [];
    expect(outcomes.length).toBeGreaterThan(40);
    expect(new Set(outcomes)).toEqual(new Set(['enrolled']));
    // Nothing was renewed by that, and nobody heard of it.
    expect(year.firstDay).toEqual({ letters: 0, versions: [1] });
  });

  it('says nothing that our records contradict, and nothing that nobody knows', () => {
    expect(year.checker.findings).toEqual([]);
  });

  it('held many letters of every kind, and most sentences that there are', () => {
    const kinds = Object.groupBy(year.letters, (kind) => kind);
    expect(Object.keys(kinds).sort()).toEqual([
      ...['alarm', 'confirmation', 'digest', 'link', 'not-submitted', 'refusal', 'reminder'],
      ...['stopped', 'tasks', 'unclear', 'working-again'],
    ]);
    expect(year.letters.length).toBeGreaterThan(ACCOUNTS * 8);
    expect(year.checker.used.size).toBeGreaterThan(TABLE.length * 0.8);
  });
});

describe('the table', () => {
  const since = Date.parse('2027-03-01T09:00:00Z');
  it.each<[AlarmKind, Partial<AlarmFacts>]>([
    ['by-hand', { since, product: 'NOVA', place: 'NOVA › Paramètres › Chorus', task: 12 }],
    ['stop-by-hand', { product: 'NOVA', place: 'NOVA › Paramètres › Chorus' }],
    ['webhook-stuck', { since }],
    ['vault-shut', { sealed: true }],
    ['vault-shut', { sealed: false }],
    ['audit-trail', {}],
    ['works-again', { since, login: 'TECH_1_21900001200015@cpro.fr', locking: 'pastell' }],
  ])('knows each sentence of the alarm %s, though nobody gets it in that year: %o', (kind, facts) => {
    const today = Temporal.PlainDate.from('2027-03-01');
    const alarms = [{ kind, facts: { ...NO_FACTS, ...facts } }];
    const letter = wordAlarm({ language: 'fr', today, alarms }, SENDER);
    const said = [`OBJET ${plain(letter.subject)}`, ...unitsOf(letter, isKnown).map(({ text }) => text)];
    expect(said.filter((text) => !isKnown(text))).toEqual([]);
    expect(said.length).toBeGreaterThan(8);
  });
});

const isKnown = (text: string) => TABLE.some(({ pattern }) => pattern.test(text));
