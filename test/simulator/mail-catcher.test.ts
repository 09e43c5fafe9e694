import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MailCatcher, openMailCatcher } from '../../src/simulator/mail-catcher.ts';

let catcher: MailCatcher;
let transport: ReturnType<typeof createTransport>;
beforeEach(async () => {
  catcher = await openMailCatcher((address) =>
    address.startsWith('gone@') ? '5.1.1 no such mailbox' : null,
  );
  transport = createTransport({ host: '127.0.0.1', port: catcher.port, secure: false, ignoreTLS: true });
});
afterEach(async () => {
  transport.close();
  await catcher.close();
});

const ICS = 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n';
const MAIL = {
  from: 'Émetteur <from@demo.example>',
  to: 'Zoé Petit <zoe@demo.example>',
  cc: 'it@demo.example',
  envelope: { from: 'from@demo.example', to: ['it@demo.example'] },
  subject: 'Échéance proche',
  date: new Date('2027-01-04T07:30:00Z'),
  text: 'Bonjour à tous',
  html: '<p>Bonjour à tous <img src="https://elsewhere.example/x.png"></p>',
  attachments: [{ filename: 'echeance.ics', contentType: 'text/calendar; method=PUBLISH', content: ICS }],
};

describe('openMailCatcher', () => {
  it('keeps what arrived: envelope, head, both parts, calendar, the message itself', async () => {
    await transport.sendMail(MAIL);
    expect(catcher.letters).toHaveLength(1);
    const [letter] = catcher.letters;
    expect(letter).toMatchObject({
      number: 1,
      at: Date.parse('2027-01-04T07:30:00Z'),
      recipient: 'it@demo.example',
      from: 'Émetteur <from@demo.example>',
      to: 'Zoé Petit <zoe@demo.example>',
      cc: 'it@demo.example',
      subject: 'Échéance proche',
      html: MAIL.html,
    });
    expect(letter?.text.trim()).toBe('Bonjour à tous');
    expect(letter?.calendar?.name).toBe('echeance.ics');
    expect(letter?.calendar?.content.toString()).toBe(ICS);
    expect(letter?.raw.toString()).toContain('Date: Mon, 04 Jan 2027 07:30:00 +0000');
  });

  it('counts the letters, one for each recipient of an envelope', async () => {
    await transport.sendMail({
      ...MAIL,
      envelope: { from: 'from@demo.example', to: ['a@demo.example', 'b@demo.example'] },
    });
    await transport.sendMail({ ...MAIL, html: '', attachments: [] });
    expect(catcher.letters.map(({ number, recipient }) => [number, recipient])).toEqual([
      [1, 'a@demo.example'],
      [2, 'b@demo.example'],
      [3, 'it@demo.example'],
    ]);
    expect(catcher.letters[2]).toMatchObject({ html: null, calendar: null });
  });

  it('refuses given addresses permanently, with the given text', async () => {
    const sending = transport.sendMail({
      ...MAIL,
      envelope: { from: 'from@demo.example', to: ['gone@demo.example'] },
    });
    await expect(sending).rejects.toMatchObject({ responseCode: 550, response: '550 5.1.1 no such mailbox' });
    expect(catcher.letters).toEqual([]);
  });
});
