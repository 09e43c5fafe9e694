// A personal link in a mail: complete in both parts and in the message itself, with any characters.
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { composeRaw, type Sender } from '../../../src/adapters/smtp/message.ts';
import { renderLetter } from '../../../src/adapters/smtp/render.ts';
import type { WordedLetter } from '../../../src/domain/notification/letter.ts';
import { linksOf, pagesOf } from '../../content/letters/reading.ts';
import { LANGUAGES } from '../../content/letters/sample-facts.ts';
import { samples } from '../../content/letters/samples.ts';
import { mailTo } from './sample-mail.ts';

const sender: Sender = { from: { name: 'SIAGEP', address: 'it@siagep.example' }, replyTo: null };

const linked = LANGUAGES.flatMap(samples)
  .filter(({ letter }) => linksOf(letter).length > 0)
  .map(({ name, letter }) => [name, letter] as const);

/** What a reader's mail program makes of the bytes: the lines of the text part, and where the links of the other lead. */
async function arrived(letter: WordedLetter) {
  const raw = await composeRaw(mailTo('maire@mairie.test', { letter }), sender);
  const { text = '', html, headerLines } = await simpleParser(raw, { skipTextLinks: true });
  const anchors = [...String(html).matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)];
  return {
    raw,
    headerLines,
    lines: text.split('\n'),
    anchors: anchors.map(([, href, shown]) => [href, shown]),
  };
}

const escaped = (url: string) => url.replaceAll('&', '&#38;').replaceAll('=', '&#61;');

describe('a personal link', () => {
  it('is in some letters of each language', () => {
    expect(linked.map(([name]) => name)).toEqual(
      expect.arrayContaining(['reminder-linked-fr', 'reminder-linked-en', 'handover-unclear-fr']),
    );
  });

  it.each(linked)('%s: is a line of its own, and a link that shows where it leads', (_name, letter) => {
    const { text, html } = renderLetter(letter);
    for (const { url } of linksOf(letter)) {
      expect(text.split('\n').filter((line) => line.includes(url))).toEqual([url]);
      expect(html).toContain(`<a href="${url}">${url}</a>`);
    }
  });

  it.each(linked)('%s: arrives as it left', async (_name, letter) => {
    const { raw, lines, anchors } = await arrived(letter);
    const urls = linksOf(letter).map(({ url }) => url);
    for (const url of urls) expect(lines.filter((line) => line.includes('/r/'))).toContain(url);
    // The pages that anybody may open are named by their labels; a personal link shows where it leads.
    const pages = pagesOf(letter).map(([label, url]) => [escaped(url), label]);
    expect(anchors).toEqual([...urls.map((url) => [url, url]), ...pages]);
    for (const [label, url] of pagesOf(letter)) expect(lines).toContain(`${label} – ${url}`);
    // Neither way of joining lines again may touch it: the text is not declared as flowed.
    expect(raw.toString('latin1')).not.toMatch(/format=flowed/i);
  });

  it('arrives whole, whatever its length and its characters', async () => {
    const token = fc.string({
      unit: fc.constantFrom(...'abcXYZ019-_.~=&%?'),
      minLength: 40,
      maxLength: 120,
    });
    await fc.assert(
      fc.asyncProperty(token, async (end) => {
        const url = `https://releve.siagep.example/r/${end}`;
        const { letter } = mailTo('maire@mairie.test');
        const blocks = [...letter.blocks, { kind: 'link', label: 'Commune de Saint-Élan :', url } as const];
        const { lines, anchors } = await arrived({ ...letter, blocks });
        expect(lines).toContain(url);
        expect(anchors).toEqual([[escaped(url), escaped(url)]]);
      }),
    );
  });
});
