import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderLetter } from '../../../src/adapters/smtp/render.ts';
import type { Block, WordedLetter } from '../../../src/domain/notification/letter.ts';
import { linksOf, pagesOf } from '../../content/letters/reading.ts';
import { LANGUAGES } from '../../content/letters/sample-facts.ts';
import { samples } from '../../content/letters/samples.ts';

const ENTITIES: Readonly<Record<string, string>> = { 34: '"', 38: '&', 39: "'", 60: '<', 61: '=', 62: '>' };

/** The words a reader of the HTML part sees, in order. */
function wordsOfHtml(html: string): string[] {
  const body = html.slice(html.indexOf('<body>'));
  const text = body.replace(/<[^>]*>/g, ' ').replace(/&#(\d+);/g, (_, code: string) => ENTITIES[code] ?? '');
  return text.split(/[ \n]+/).filter((word) => word !== '');
}

/** The words of the text part, without its drawing: lines, bars, dashes and numbers of lists. */
function wordsOfText(text: string): string[] {
  const lines = text.split('\n').filter((line) => !/^(-+|=+)$/.test(line));
  return lines
    .flatMap((line) => line.replace(/^ {2}[|-] |^ *\d+\. /, '').split(/ +/))
    .filter((word) => word !== '');
}

const every = LANGUAGES.flatMap(samples).map(({ name, letter }) => [name, letter] as const);
const tableless = (letter: WordedLetter) => letter.blocks.every(({ kind }) => kind !== 'table');

describe('both parts say the same', () => {
  it.each(every)('%s', (_name, letter) => {
    const { text, html } = renderLetter(letter);
    // A page that anybody may open is named by its label in HTML, and has its address beside it in text.
    const named = pagesOf(letter).reduce((left, [, url]) => left.replace(` – ${url}`, ''), text);
    const [inText, inHtml] = [wordsOfText(named), wordsOfHtml(html)];
    expect(new Set(inText)).toEqual(new Set(inHtml));
    // A table names its columns once in HTML and at each row in text; all else is in the same order.
    if (tableless(letter)) expect(inText).toEqual(inHtml);
  });

  it.each(every)('%s opens with the first line', (_name, letter) => {
    const { text, html } = renderLetter(letter);
    const first = letter.firstLine.split(' ');
    expect(wordsOfText(text).slice(0, first.length)).toEqual(first);
    expect(wordsOfHtml(html).slice(0, first.length)).toEqual(first);
  });
});

describe('the text part', () => {
  it.each(every)('%s is wrapped', (_name, letter) => {
    const { text } = renderLetter(letter);
    const links = new Set(linksOf(letter).map(({ url }) => url));
    for (const line of text.split('\n')) {
      if (!links.has(line)) expect(line.length).toBeLessThanOrEqual(76);
    }
    expect(text).not.toMatch(/[ \t]$/m);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('keeps a command on a line of its own, and no-break spaces unbroken', () => {
    const texts = Object.fromEntries(
      samples('fr').map(({ name, letter }) => [name, renderLetter(letter).text]),
    );
    expect(texts['alarm-refused-fr']).toMatch(
      /^releve set TECH_1_25900096600020@cpro\.fr --manager "Nom <adresse>"$/m,
    );
    for (const text of Object.values(texts)) expect(text).not.toMatch(/^[ |]*[:;!?»]/m);
  });

  it('leaves a command as it is, however long: a line end within it would make two', () => {
    const command =
      `releve verify TECH_1_25900096600020@cpro.fr ${'--accept-unverified --environment qualification '.repeat(2)}`.trim();
    const blocks: Block[] = [{ kind: 'command', text: command }];
    const { text, html } = renderLetter({
      language: 'fr',
      subject: 's',
      firstLine: 'f',
      blocks,
      calendar: [],
    });
    expect(text.split('\n')).toContain(command);
    expect(html).toContain(`<code>${command}</code>`);
  });
});

describe('the HTML part', () => {
  it.each(every)('%s is a whole document that fetches nothing', (_name, letter) => {
    const { html } = renderLetter(letter);
    expect(html).toMatch(new RegExp(`^<!doctype html>\n<html lang="${letter.language}">`));
    expect(html).toContain('<title>');
    expect(html).not.toMatch(/<(img|script|link|iframe|form|input)\b|url\(|@import|\son\w+=/i);
    expect(html.match(/<a\b/g) ?? []).toHaveLength(linksOf(letter).length + pagesOf(letter).length);
  });

  it('escapes whatever a letter holds, in every kind of block', () => {
    const nasty = '<script>alert("1")</script>&amp;\'=';
    const blocks: Block[] = [
      { kind: 'heading', text: nasty },
      { kind: 'paragraph', text: nasty },
      { kind: 'command', text: nasty },
      { kind: 'notice', text: nasty },
      { kind: 'facts', rows: [[nasty, nasty]] },
      { kind: 'steps', items: [nasty] },
      { kind: 'list', items: [nasty] },
      { kind: 'link', label: nasty, url: nasty },
      { kind: 'links', items: [[nasty, nasty]] },
      { kind: 'table', caption: nasty, head: [nasty], rows: [[nasty]] },
    ];
    const { html } = renderLetter({ language: 'fr', subject: nasty, firstLine: nasty, blocks, calendar: [] });
    expect(html).not.toContain('<script');
    expect(wordsOfHtml(html)).toEqual(Array.from({ length: 14 }, () => nasty).toSpliced(10, 0, nasty));
    const anchor = expect.stringMatching(/^<a href="[^"<>]*">$/);
    expect(html.match(/<a\b[^>]*>/g)).toEqual([anchor, anchor]);
  });
});

it('any text comes through both parts whole', () => {
  const word = fc
    .string({ minLength: 1, maxLength: 90 })
    .filter((each) => /^[^\s|-]+$/.test(each) && !/^(\d+\.|=+)$/.test(each));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
      const blocks: Block[] = [{ kind: 'paragraph', text: words.join(' ') }];
      const { text, html } = renderLetter({
        language: 'fr',
        subject: 'x',
        firstLine: 'x',
        blocks,
        calendar: [],
      });
      expect(wordsOfText(text)).toEqual(['x', ...words]);
      expect(wordsOfHtml(html)).toEqual(['x', ...words]);
    }),
  );
});
