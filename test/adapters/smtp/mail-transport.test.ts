// The mail transport through a real mail server: what a recipient finds in the mailbox, read back over IMAP.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAddress } from '../../../src/adapters/csv/read-lines.ts';
import {
  openMailTransport,
  type SmtpSettings,
  type SmtpTransport,
} from '../../../src/adapters/smtp/mail-transport.ts';
import { readAddress } from '../../../src/domain/parsing/address.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { readAllMailboxes, readMailbox } from '../../rig/imap-box.ts';
import { type MailServer, startMailServer } from '../../rig/mail-server.ts';
import { mailTo, readerAt } from './sample-mail.ts';
import { settingsFor } from './transport-settings.ts';

const login = { user: 'releve', password: 'a(l[ong_Pass' };
let open: MailServer;
let guarded: MailServer;
const posts: SmtpTransport[] = [];

function post(port: number, change: Partial<SmtpSettings> = {}): SmtpTransport {
  const opened = openMailTransport(settingsFor(port, change));
  posts.push(opened);
  return opened;
}

beforeAll(async () => {
  [open, guarded] = await Promise.all([
    startMailServer({ unknown: ['ghost@example.test'], deferred: ['grey@example.test'] }),
    startMailServer({ submission: login }),
  ]);
});

afterAll(async () => {
  await Promise.all(posts.map((opened) => opened.close()));
  await Promise.all([open?.stop(), guarded?.stop()]);
});

describe('a letter in the mailbox', () => {
  it('has its head, both parts and the entry for the calendar', async () => {
    const readers = [
      readerAt('maire@example.test'),
      readerAt('adjoint@example.test', 'cc', 'Zoé "Z" O’Neil'),
    ];
    const mail = mailTo('maire@example.test', { recipients: readers });
    const replyTo = 'aide@siagep90.fr';
    expect(await post(open.smtp.port, { replyTo }).send(mail)).toEqual({
      kind: 'sent',
      reply: expect.stringMatching(/^250 2\.0\.0 /),
    });
    await open.settled();
    const [received, ...more] = await readMailbox(open, 'maire@example.test');
    expect(more).toEqual([]);
    expect(received).toMatchObject({
      envelopeTo: 'maire@example.test',
      envelopeFrom: 'service.informatique@siagep90.fr',
      from: [{ name: 'Service informatique du SIAGEP', address: 'service.informatique@siagep90.fr' }],
      to: [{ name: 'Élise Martin', address: 'maire@example.test' }],
      cc: [{ name: 'Zoé "Z" O’Neil', address: 'adjoint@example.test' }],
      replyTo: [{ address: 'aide@siagep90.fr' }],
      subject: mail.letter.subject,
      messageId: expect.stringMatching(/^<[0-9a-f]{40}@siagep90\.fr>$/),
      text: expect.stringContaining('Saint-Dizier-l’Évêque'),
      html: expect.stringContaining('Saint-Dizier-l’Évêque'),
    });
    expect(received?.date?.equals(mail.date)).toBe(true);
    expect(received?.header('auto-submitted')).toEqual(['auto-generated']);
    expect(received?.header('content-language')).toEqual(['fr']);
    expect(received?.header('x-mailer')).toEqual([]);
    const [file] = received?.attachments ?? [];
    expect(file).toMatchObject({
      name: 'echeance.ics',
      disposition: 'attachment',
      type: 'text/calendar',
      parameters: { method: 'PUBLISH', charset: 'utf-8' },
    });
    expect(file?.content).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*DTSTART;VALUE=DATE:20270312/);
  });

  it('goes to the recipient of the envelope only, even where the header names others', async () => {
    const readers = [readerAt('seule@example.test'), readerAt('copie@example.test', 'cc')];
    await post(open.smtp.port).send(mailTo('seule@example.test', { recipients: readers }));
    await open.settled();
    expect(await readMailbox(open, 'seule@example.test')).toHaveLength(1);
    expect(await readMailbox(open, 'copie@example.test')).toEqual([]);
  });

  it('reaches an address whose domain has accents, as a list gives it', async () => {
    const read = readAddress('Mairie@Évette-salbert.test', isAddress);
    const address = read.ok ? read.value : '';
    expect(address).toBe('Mairie@xn--vette-salbert-9gb.test');
    const mail = mailTo(address, { recipients: [readerAt(address)] });
    expect(await post(open.smtp.port).send(mail)).toMatchObject({ kind: 'sent' });
    await open.settled();
    const [received] = (await readAllMailboxes(open)).get(address.toLowerCase()) ?? [];
    expect(received?.envelopeTo.toLowerCase()).toBe(address.toLowerCase());
    expect(received?.header('to').join()).toMatch(/<Mairie@xn--vette-salbert-9gb\.test>/i);
  });

  it('comes once for each of fifty, over the connections of the pool', async () => {
    const opened = post(open.smtp.port);
    const addresses = Array.from({ length: 50 }, (_, number) => `lot${number}@lots.test`);
    const outcomes = await Promise.all(
      addresses.map((address) => opened.send(mailTo(address, { id: address }))),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(50).fill('sent'));
    const boxes = await readAllMailboxes(open);
    for (const address of addresses) {
      expect(boxes.get(address)?.map(({ to }) => to[0]?.address)).toEqual([address]);
    }
  });
});

describe('the answers of the server', () => {
  it('an unknown mailbox is never, a deferred one is later, and the others go on', async () => {
    const opened = post(open.smtp.port, { connections: 1 });
    expect(await opened.send(mailTo('ghost@example.test'))).toEqual({
      kind: 'never',
      fault: 'address',
      reply: expect.stringMatching(/^550 5\.1\.1 /),
    });
    expect(await opened.send(mailTo('grey@example.test'))).toMatchObject({ kind: 'later' });
    expect(await opened.send(mailTo('living@example.test'))).toMatchObject({ kind: 'sent' });
  });

  it('an outage is stopped, and over when the server is back', async () => {
    const opened = post(open.smtp.port);
    expect(await opened.send(mailTo('before@example.test'))).toMatchObject({ kind: 'sent' });
    await open.stopSmtp();
    expect(await opened.send(mailTo('outage@example.test'))).toMatchObject({
      kind: 'stopped',
      at: 'connection',
    });
    expect(await opened.verify()).toMatchObject({ kind: 'stopped', reason: 'unreachable' });
    await open.startSmtp();
    expect(await opened.send(mailTo('outage@example.test'))).toMatchObject({ kind: 'sent' });
    await open.settled();
    expect(await readMailbox(open, 'outage@example.test')).toHaveLength(1);
  });
});

describe('TLS and log-in', () => {
  const secret = { user: login.user, password: new Secret(login.password) };

  it.each(['starttls', 'tls'] as const)('sends over %s with the authority given', async (security) => {
    const { port } = security === 'tls' ? guarded.submissions : guarded.submission;
    const opened = post(port, { security, caPem: guarded.caPem, ...secret });
    expect(await opened.verify()).toMatchObject({ kind: 'ready' });
    expect(await opened.send(mailTo(`${security}@example.test`))).toMatchObject({ kind: 'sent' });
    await guarded.settled();
    const [received] = await readMailbox(guarded, `${security}@example.test`);
    expect(received?.header('received').join(' ')).toMatch(/from releve\.example\.test .* with ESMTPSA/);
  });

  it.each(['starttls', 'tls'] as const)('refuses an untrusted certificate (%s)', async (security) => {
    const { port } = security === 'tls' ? guarded.submissions : guarded.submission;
    const opened = post(port, { security, ...secret });
    expect(await opened.verify()).toMatchObject({ kind: 'stopped', reason: 'tls' });
    expect(await opened.send(mailTo('nobody@example.test'))).toMatchObject({
      kind: 'stopped',
      at: 'connection',
    });
  });

  it('tells a wrong password, and does not show it', async () => {
    const password = new Secret('wrong-horse');
    const opened = post(guarded.submission.port, {
      security: 'starttls',
      caPem: guarded.caPem,
      user: login.user,
      password,
    });
    const checked = await opened.verify();
    expect(checked).toMatchObject({ kind: 'stopped', reason: 'login' });
    const outcome = await opened.send(mailTo('nobody@example.test'));
    expect(outcome).toMatchObject({ kind: 'stopped', reply: expect.stringContaining('login') });
    expect(JSON.stringify([checked, outcome])).not.toContain('wrong-horse');
  });

  it('is stopped by a server that wants a log-in we do not have', async () => {
    const opened = post(guarded.submission.port, { security: 'starttls', caPem: guarded.caPem });
    expect(await opened.send(mailTo('nobody@example.test'))).toMatchObject({
      kind: 'stopped',
      at: 'connection',
    });
  });
});
