// How long each letter to a manager is, in the words of its text part as a reader sees them (the names of these tests print
// it), and that no two letters of a ladder that follow each other look the same.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderLetter } from '../../../src/adapters/smtp/render.ts';
import { wordReminder } from '../../../src/content/letters/reminder/reminder.ts';
import { wordLinkLetter } from '../../../src/content/letters/rotation/link-letter.ts';
import { wordRotationLetter } from '../../../src/content/letters/rotation/rotation-letter.ts';
import type { Structure } from '../../../src/domain/account/technical-user.ts';
import type { WordedLetter } from '../../../src/domain/notification/letter.ts';
import type { LinkFacts, ReminderLine } from '../../../src/domain/notification/letter-facts.ts';
import { CCAS, known, LANGUAGES, line, linkTo, reminder, SENDER, UNKNOWN } from './sample-facts.ts';
import { HANDOVERS, LINKS, REMINDERS } from './sample-managers.ts';

/** What one reads as a word: not a dash, a colon or a rule. */
const count = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** The words of a letter up to the line below which the way through the portal follows, where no page shows it. */
function wordsOf(letter: WordedLetter): number {
  const end = letter.blocks.findIndex(({ kind }) => kind === 'line');
  const blocks = end === -1 ? letter.blocks : letter.blocks.slice(0, end);
  return count(renderLetter({ ...letter, blocks }).text);
}

/** A test whose name tells how many words a letter has. */
function measured(name: string, letter: WordedLetter, limit: number): void {
  const words = wordsOf(letter);
  it(`${name}: ${words} words, of ${limit}`, () => {
    expect(words).toBeLessThanOrEqual(limit);
  });
}

const ladder = parse(readFileSync(new URL('../../../config/default.yaml', import.meta.url), 'utf8')).ladder;
/** Every step of the settings, those of the end of the ladder, and the latest credible day, 59 days after the date. */
const STEPS: readonly number[] = [
  ...ladder.before.map((days: number) => -days),
  ...[...ladder.after, 1, 2, 3, 7, 14, 44, 59, 74],
]
  .filter((offset, at, all) => all.indexOf(offset) === at)
  .sort((a, b) => a - b);

const STRUCTURES: readonly Structure[] = [
  { siret: '21900017300014', name: "Commune d'Argiésans" },
  CCAS,
  { siret: '21900005800017', name: 'Commune de Beaucourt' },
  { siret: '25900123400015', name: 'Syndicat des eaux de Giromagny' },
  { siret: '21900047000014', name: 'Commune de Giromagny' },
];

/** The account of the structure at that place, with a date that was computed. */
const account = (place: number, changes: Partial<ReminderLine> = {}): ReminderLine => {
  const home = STRUCTURES[place] ?? CCAS;
  return line({ home, login: `TECH_1_${home.siret}@cpro.fr`, written: 6, link: linkTo('aB3'), ...changes });
};
const who = { principal: 'Mme Brigitte Demeusy' };
const NIGHT = Temporal.PlainDateTime.from('2027-03-14T03:02');
const at = (offset: number) => ({ offset, pastLatest: offset >= 59 });

describe.each(LANGUAGES)('a reminder, %s', (language) => {
  const worded = (left: number, lines: readonly ReminderLine[]) =>
    wordReminder(reminder(left, lines, { ...who, language }), SENDER);

  for (const offset of STEPS) {
    const one = account(0, { step: at(offset), further: [CCAS] });
    measured(`${offset} days from the date`, worded(-offset, [one]), 250);
    measured(`${offset} days from the date, without a link`, worded(-offset, [{ ...one, link: null }]), 250);
    if (offset <= 0) continue;
    const worked = { ...one, workedAt: NIGHT };
    measured(`${offset} days after the date, while it worked`, worded(-offset, [worked]), 250);
    measured(`${offset} days after the date, monthly`, worded(-offset, [{ ...one, monthly: true }]), 60);
    measured(`${offset} days after, worked, monthly`, worded(-offset, [{ ...worked, monthly: true }]), 60);
  }

  for (const several of [2, 3, 4, 5]) {
    const limit = 250 + 30 * (several - 1);
    const places = Array.from({ length: several }, (_, place) => place);
    for (const left of [30, -3, -60]) {
      const lines = places.map((place) => account(place, { step: at(-left) }));
      measured(`about ${several} accounts, ${left} days left`, worded(left, lines), limit);
      const bare = lines.map((one) => ({ ...one, link: null }));
      measured(`about ${several} accounts, ${left} days left, without links`, worded(left, bare), limit);
    }
    const [first, ...others] = places.map((place) => account(place, { expiry: UNKNOWN, step: null }));
    if (first === undefined) continue;
    measured(`that asks for ${several} dates`, worded(20, [first, ...others]), limit);
    const mixed = [account(0), account(1, { workedAt: NIGHT }), ...others.slice(1)];
    measured(`about ${several} accounts of every kind`, worded(-3, mixed), limit);
  }

  measured('that asks for a date', worded(20, [account(0, { expiry: UNKNOWN, step: null })]), 250);
  measured(
    'on the test platform',
    worded(15, [account(0, { environment: 'qualification', expiry: known('2027-03-12') })]),
    250,
  );
  for (const [name, facts] of Object.entries(REMINDERS).filter(([each]) => /^(copy|deputies)/.test(each))) {
    measured(
      `to a deputy (${name})`,
      wordReminder({ ...facts, language }, SENDER),
      name === 'deputies' ? 160 : 110 + 30 * (facts.lines.length - 1),
    );
  }

  it('has its link within the first 120 words, and three things to do before', () => {
    for (const offset of STEPS) {
      const { text } = renderLetter(worded(-offset, [account(0, { step: at(offset), further: [CCAS] })]));
      expect(count(text.slice(0, text.indexOf('https://')))).toBeLessThan(120);
      expect(text.slice(0, text.indexOf('https://'))).toMatch(/^ {2}3\. /m);
    }
  });

  it.each([
    ['known', {}],
    ['computed and belied each night', { workedAt: NIGHT }],
    ['at the end of the ladder', { monthly: true }],
  ])('looks unlike the one before it, where the date is %s', (_name, changes) => {
    const letters = STEPS.map((offset) => {
      const one = account(0, { step: at(offset), ...changes });
      // Each night before the letter: the words for it are the same.
      const night = Temporal.PlainDate.from('2027-03-12').add({ days: offset }).toPlainDateTime('03:12');
      const shown = worded(-offset, [
        one.workedAt === null || offset <= 0 ? one : { ...one, workedAt: night },
      ]);
      return [shown.subject, shown.firstLine] as const;
    });
    for (const [place, [subject, first]] of letters.entries()) {
      expect(subject).not.toBe(letters[place + 1]?.[0]);
      expect(first).not.toBe(letters[place + 1]?.[1]);
    }
  });
});

describe.each(LANGUAGES)('a letter about a rotation, %s', (language) => {
  for (const [name, facts] of Object.entries(HANDOVERS)) {
    const letter = wordRotationLetter({ ...facts, language }, SENDER);
    measured(name, letter, facts.kind === 'stopped' ? 300 : 250);
  }
  for (const [name, facts] of Object.entries(LINKS))
    measured(`a link on request: ${name}`, wordLinkLetter({ ...facts, language }, SENDER), 250);

  it('a link on request stands in its letter, under its account', () => {
    for (const facts of Object.values(LINKS)) {
      const { login, link: url } = facts;
      expect(wordLinkLetter({ ...facts, language }, SENDER).blocks).toContainEqual(
        expect.objectContaining({ kind: 'link', url, label: expect.stringContaining(login) }),
      );
    }
  });

  it('a link for the first password speaks of none before it', () => {
    const { text } = renderLetter(wordLinkLetter({ ...(LINKS.first as LinkFacts), language }, SENDER));
    expect(text).toMatch(/premier mot de passe|first password/);
    expect(text).not.toMatch(/réinitialis|renouvel|\breset|renew|ancien|former/i);
  });
});
