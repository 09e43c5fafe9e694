// The message: its headers, its parts, its id, and that data cannot become header lines.
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { composeRaw, messageId, type Sender } from '../../../src/adapters/smtp/message.ts';
import { renderLetter } from '../../../src/adapters/smtp/render.ts';
import { mailTo, readerAt } from './sample-mail.ts';

const sender: Sender = {
  from: { name: 'Service informatique du SIAGEP', address: 'service.informatique@siagep90.fr' },
  replyTo: null,
};

/** The head of a message, unfolded: names with their values. */
function headOf(raw: Buffer): [name: string, value: string][] {
  const [head = ''] = raw.toString('latin1').split('\r\n\r\n');
  return head
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
}

describe('the message', () => {
  it('has these headers and no others', async () => {
    const raw = await composeRaw(mailTo('maire@mairie.test'), { ...sender, replyTo: 'aide@siagep90.fr' });
    expect(Object.fromEntries(headOf(raw))).toEqual({
      'Auto-Submitted': 'auto-generated',
      'Content-Language': 'fr',
      'Content-Type': expect.stringMatching(/^multipart\/mixed;/),
      Date: 'Wed, 10 Feb 2027 08:30:00 +0000',
      From: 'Service informatique du SIAGEP <service.informatique@siagep90.fr>',
      'MIME-Version': '1.0',
      'Message-ID': expect.stringMatching(/^<[0-9a-f]{40}@siagep90\.fr>$/),
      'Reply-To': 'aide@siagep90.fr',
      Subject: expect.stringMatching(/^=\?UTF-8\?/),
      To: expect.stringMatching(/^=\?UTF-8\?.*\?= <maire@mairie\.test>$/),
    });
  });

  it('carries both parts as rendered, text first, and the deadline as a file', async () => {
    const mail = mailTo('maire@mairie.test');
    const raw = (await composeRaw(mail, sender)).toString('latin1');
    const parsed = await simpleParser(raw);
    const { text, html } = renderLetter(mail.letter);
    expect(parsed.text?.trimEnd()).toBe(text.trimEnd());
    expect(parsed.html).toBe(html);
    expect(raw.indexOf('Content-Type: text/plain')).toBeLessThan(raw.indexOf('Content-Type: text/html'));
    expect(raw).toContain('Content-Type: multipart/alternative');
    expect(parsed.attachments.map(({ filename }) => filename)).toEqual(['echeance.ics']);
  });

  it('without a deadline has two parts and no file; in English the file has an English name', async () => {
    const { letter } = mailTo('maire@mairie.test');
    const bare = await composeRaw(mailTo('a@b.test', { letter: { ...letter, calendar: [] } }), sender);
    expect(Object.fromEntries(headOf(bare))['Content-Type']).toMatch(/^multipart\/alternative;/);
    const english = await composeRaw(mailTo('a@b.test', { letter: { ...letter, language: 'en' } }), sender);
    const parsed = await simpleParser(english);
    expect(parsed.attachments.map(({ filename }) => filename)).toEqual(['deadline.ics']);
    expect(parsed.headers.get('content-language')).toBe('en');
  });

  it('is the same, byte for byte, at every try', async () => {
    const first = await composeRaw(mailTo('maire@mairie.test'), sender);
    expect((await composeRaw(mailTo('maire@mairie.test'), sender)).equals(first)).toBe(true);
  });

  it('is plain ASCII with lines that every server takes', async () => {
    const raw = await composeRaw(mailTo('maire@mairie.test'), sender);
    expect(raw.every((byte) => byte < 128)).toBe(true);
    for (const line of raw.toString('latin1').split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
    expect(raw.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

describe('the Message-ID', () => {
  it('depends on the letter alone, and shows nothing of it', () => {
    const id = messageId('production/TECH_1@cpro.fr/v1', 'a@siagep90.fr');
    expect(id).toBe(messageId('production/TECH_1@cpro.fr/v1', 'other@siagep90.fr'));
    expect(id).not.toBe(messageId('production/TECH_1@cpro.fr/v2', 'a@siagep90.fr'));
    expect(id).not.toContain('TECH');
    expect(messageId('x', 'a@café.fr')).toMatch(/^<[0-9a-f]{40}@xn--caf-dma\.fr>$/);
  });
});

describe('data in the head', () => {
  it('a line break in a name or a subject does not become a header', async () => {
    const evil = 'x\r\nBcc: all@evil.test\r\n\r\nbody';
    const { letter } = mailTo('maire@mairie.test');
    const readers = [readerAt('maire@mairie.test', 'to', evil), readerAt('b@mairie.test', 'cc', evil)];
    const mail = mailTo('maire@mairie.test', { recipients: readers, letter: { ...letter, subject: evil } });
    const raw = await composeRaw(mail, { ...sender, from: { ...sender.from, name: evil } });
    expect(headOf(raw).map(([name]) => name)).not.toContain('Bcc');
    expect((await simpleParser(raw)).subject).toBe('x Bcc: all@evil.test body');
  });

  it('any names, subject and addresses give the same headers', async () => {
    const names = headOf(await composeRaw(mailTo('maire@mairie.test'), sender)).map(([name]) => name);
    const words = fc.string({ unit: 'binary', minLength: 1 });
    await fc.assert(
      fc.asyncProperty(words, words, words, async (name, subject, address) => {
        const { letter } = mailTo('maire@mairie.test');
        const readers = [readerAt(`m${address}@mairie.test`, 'to', name)];
        const mail = mailTo('maire@mairie.test', {
          recipients: readers,
          letter: { ...letter, subject: `s${subject}` },
        });
        expect(headOf(await composeRaw(mail, sender)).map(([found]) => found)).toEqual(names);
      }),
    );
  });
});
