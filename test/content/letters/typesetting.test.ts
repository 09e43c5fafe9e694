import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  oneLine,
  shortened,
  structuresInWords,
  subjectLine,
  typeset,
} from '../../../src/content/letters/typesetting.ts';
import type { Block } from '../../../src/domain/notification/letter.ts';
import { dayInWords, frenchSigns, groupedSiret, momentInWords } from '../../../src/foundation/typography.ts';
import { BAVILLIERS, CCAS, EAUX } from './sample-facts.ts';
import { samples } from './samples.ts';

const date = (iso: string) => Temporal.PlainDate.from(iso);

describe('dates in words', () => {
  it.each([
    ['2027-03-12', 'vendredi 12 mars 2027', 'Friday 12 March 2027'],
    ['2027-03-01', 'lundi 1er mars 2027', 'Monday 1 March 2027'],
    ['2028-02-29', 'mardi 29 février 2028', 'Tuesday 29 February 2028'],
    ['2027-08-15', 'dimanche 15 août 2027', 'Sunday 15 August 2027'],
  ])('%s', (iso, french, english) => {
    expect(dayInWords(date(iso), 'fr')).toBe(french);
    expect(dayInWords(date(iso), 'en')).toBe(english);
  });

  it('say what Intl says, for every day', () => {
    const days = fc.integer({ min: 0, max: 40_000 });
    const intl = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
    fc.assert(
      fc.property(days, (count) => {
        const day = date('2000-01-01').add({ days: count });
        const french = day.toLocaleString('fr-FR', intl);
        expect(dayInWords(day, 'fr').replace('1er ', '1 ')).toBe(french.replace('1er ', '1 '));
        expect(dayInWords(day, 'en')).toBe(day.toLocaleString('en-GB', intl).replace(',', ''));
      }),
    );
  });
});

it('says a moment as each language does', () => {
  const moment = Temporal.PlainDateTime.from('2027-03-01T09:05');
  expect(momentInWords(moment, 'fr')).toBe('lundi 1er mars 2027 à 9\u00A0h\u00A005');
  expect(momentInWords(moment, 'en')).toBe('Monday 1 March 2027 at 09:05');
});

describe('links', () => {
  const set = (url: string) =>
    typeset({
      language: 'fr',
      subject: 'x',
      firstLine: 'x',
      blocks: [{ kind: 'link', label: 'x', url }],
      calendar: [],
    }).blocks;

  it('come through as they are', () => {
    const token = fc.string({ unit: fc.constantFrom(...'aZ09-_.~:;!?=&%'), maxLength: 90 });
    fc.assert(
      fc.property(token, (end) => {
        const url = `https://door.example/r/${end}`;
        expect(set(url)).toEqual([{ kind: 'link', label: 'x', url }]);
      }),
    );
  });

  it.each([
    'javascript:alert(1)',
    'https://door.example/r/a b',
    'https://door.example/r/a\nBcc: x',
    'https://door.example/r/\u202Ea',
    'https://door.example/r/a\u00A0b',
    '/r/secret',
    '',
  ])('%j is no link, and its fault does not show it', (url) => {
    expect(() => set(url)).toThrow(/^the link of a letter is not a web address$/);
  });
});

describe('values', () => {
  it('groups a SIRET with no-break spaces and leaves anything else', () => {
    expect(groupedSiret('25900096600020')).toBe('259\u00A0000\u00A0966\u00A000020');
    expect(groupedSiret('2590')).toBe('2590');
  });

  it('keeps every text on one line, without invisible characters', () => {
    expect(oneLine('Mairie\r\nBcc: x@y.example')).toBe('Mairie Bcc: x@y.example');
    expect(oneLine('a\u2028b\u202Ec\u200Bd\u0000')).toBe('a b c d');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(oneLine(text).isWellFormed()).toBe(true);
      }),
    );
  });

  it('shortens by characters, not by halves of them', () => {
    expect(shortened('Commune', 7)).toBe('Commune');
    expect(shortened('Commune de Bavilliers', 9)).toBe('Commune…');
    expect(shortened('😀😀😀', 2)).toBe('😀…');
  });

  it('names one, two or more structures, each once', () => {
    expect(structuresInWords([BAVILLIERS, BAVILLIERS], 'fr')).toBe('Commune de Bavilliers');
    expect(structuresInWords([BAVILLIERS, CCAS], 'en')).toBe('Commune de Bavilliers and CCAS de Bavilliers');
    expect(structuresInWords([BAVILLIERS, CCAS, EAUX], 'fr')).toBe(
      'Commune de Bavilliers et 2 autres structures',
    );
  });

  it('shortens names in a subject, never what is asked by when', () => {
    const what = 'Chorus Pro : mot de passe à renouveler avant le vendredi 12 mars 2027';
    const line = subjectLine(what, 'X'.repeat(200));
    expect(line.startsWith(`${what} – XXX`)).toBe(true);
    expect([...line].length).toBeLessThanOrEqual([...what].length + 63);
  });
});

it('sets every text of a letter, of every kind of block', () => {
  const dirty = "l'a :\nb";
  const blocks: Block[] = [
    { kind: 'heading', text: dirty },
    { kind: 'paragraph', text: dirty },
    { kind: 'notice', text: dirty },
    { kind: 'facts', rows: [[dirty, dirty]] },
    { kind: 'steps', items: [dirty] },
    { kind: 'list', items: [dirty] },
    { kind: 'link', label: dirty, url: 'https://door.example/a:b;c!d?e=f%20g' },
    { kind: 'table', caption: dirty, head: [dirty], rows: [[dirty]] },
  ];
  const calendar = [{ uid: 'u\n', on: '2027-03-12', summary: dirty, description: dirty }];
  const letter = { subject: dirty, firstLine: dirty, blocks, calendar };
  const french = JSON.stringify(typeset({ ...letter, language: 'fr' }));
  expect(french).not.toContain('\\n');
  expect(french).not.toMatch(/a :|'/);
  expect(JSON.parse(french)).toMatchObject({ subject: 'l’a\u00A0: b', blocks: { length: 8 } });
  expect(typeset({ ...letter, language: 'en' }).subject).toBe("l'a : b");
});

describe('a letter in French', () => {
  const texts = samples('fr').map(({ name, letter }) => [name, JSON.stringify(letter)] as const);

  it.each(texts)('%s has curly apostrophes, and calls itself no letter', (_name, text) => {
    expect(text.match(/\p{L}'\p{L}/gu)).toBeNull();
    expect(text).not.toMatch(/\blettres?\b/i);
  });

  it('leaves an address as it is, and what stands before it is set', () => {
    expect(
      frenchSigns("écrivez à l'adresse jean.d'arc@mairie.fr ou sur https://x.fr/l'eau, s'il vous plaît"),
    ).toBe("écrivez à l’adresse jean.d'arc@mairie.fr ou sur https://x.fr/l'eau, s’il vous plaît");
  });
});

it('a letter in English calls itself an e-mail', () => {
  for (const { letter } of samples('en')) expect(JSON.stringify(letter)).not.toMatch(/\bletters?\b/i);
});
