// The outcome of each answer of a scripted mail server, over real connections.
import { afterEach, describe, expect, it } from 'vitest';
import {
  openMailTransport,
  type SmtpSettings,
  type SmtpTransport,
} from '../../../src/adapters/smtp/mail-transport.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { makeCertificate } from '../../rig/certificate.ts';
import { type Script, startScripted, startSmtpServer } from '../../rig/scripted-smtp.ts';
import { mailTo } from './sample-mail.ts';
import { settingsFor } from './transport-settings.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function post(port: number, change: Partial<SmtpSettings> = {}): SmtpTransport {
  const timeouts = { connect: 300, greeting: 300, socket: 300, overall: 2_000 };
  const opened = openMailTransport(settingsFor(port, { timeouts, ...change }));
  closing.push(() => opened.close(0));
  return opened;
}

async function scripted(script: Script) {
  const server = await startScripted(script);
  closing.push(server.close);
  return server;
}

const answer = async (script: Script, change: Partial<SmtpSettings> = {}) =>
  await post((await scripted(script)).port, change).send(mailTo('maire@mairie.test'));

const HERE = { kind: 'stopped', at: 'letter' };
const SHUT = { kind: 'stopped', at: 'connection' };
const LATER = { kind: 'later' };
const ADDRESS = { kind: 'never', fault: 'address' };
const LETTER = { kind: 'never', fault: 'letter' };

describe('in the midst of a letter', () => {
  it.each<[Script, object]>([
    [{ RCPT: '450 4.2.0 greylisted, come back' }, LATER],
    [{ RCPT: '451 4.3.0 try again' }, LATER],
    [{ RCPT: '550 5.1.1 no such user' }, ADDRESS],
    [{ RCPT: '551 user not local' }, ADDRESS],
    [{ RCPT: '553 5.1.3 bad address' }, ADDRESS],
    [{ RCPT: '552 5.2.2 mailbox full' }, LATER],
    [{ RCPT: '554 5.7.1 <maire@mairie.test>: Relay access denied' }, HERE],
    [{ RCPT: '550 5.7.1 blocked' }, HERE],
    [{ RCPT: '530 5.7.0 log in first' }, SHUT],
    [{ MAIL: '550 5.1.8 unknown sender domain' }, SHUT],
    [{ MAIL: '452 4.3.1 no room' }, SHUT],
    [{ MAIL: '552 5.3.4 too large' }, LETTER],
    [{ end: '552 5.3.4 too large' }, LETTER],
    [{ end: '554 5.6.0 content refused' }, LETTER],
    [{ end: '554 5.7.1 looks like spam' }, LETTER],
    [{ end: '550 5.7.26 SPF and DKIM failed' }, HERE],
    [{ end: '451 4.3.0 queue trouble' }, LATER],
    // As at RCPT: who is at fault, it does not say.
    [{ DATA: '554 no valid recipients' }, HERE],
    [{ RCPT: '550 rejected' }, HERE],
    [{ DATA: '451 4.7.1 greylisted' }, LATER],
    [{ MAIL: '421 4.7.0 too many letters' }, LATER],
    [{ RCPT: '421 4.3.2 shutting down' }, LATER],
    [{ end: '421 4.3.2 shutting down' }, LATER],
    [{ MAIL: 'hang up' }, LATER],
    [{ body: 'hang up' }, LATER],
    [{ end: 'hang up' }, LATER],
    [{ RCPT: 'silence' }, LATER],
    [{ body: 'silence' }, LATER],
    [{ end: 'silence' }, LATER],
    [{ end: '999 what is this' }, LATER],
  ])('%j', async (script, expected) => {
    expect(await answer(script)).toMatchObject(expected);
  });

  it('keeps what the server said', async () => {
    expect(await answer({ RCPT: '550-5.1.1 no such user\r\n550 5.1.1 ask the town hall' })).toEqual({
      ...ADDRESS,
      reply: '550-5.1.1 no such user 550 5.1.1 ask the town hall',
    });
    expect(await answer({ end: '250 2.0.0 queued as 4F2A' })).toEqual({
      kind: 'sent',
      reply: '250 2.0.0 queued as 4F2A',
    });
  });

  it('an address that is none, or several, is one reader at most', async () => {
    const server = await scripted({ RCPT: '553 5.1.3 bad address' });
    expect(await post(server.port).send(mailTo(''))).toMatchObject(ADDRESS);
    expect(await post(server.port).send(mailTo('a@mairie.test, b@mairie.test'))).toMatchObject(ADDRESS);
    expect(server.seen.readers).toEqual(['"a@mairie.test, b"@mairie.test']);
  });

  it('goes on over the same connection after a refusal', async () => {
    const server = await scripted({ RCPT: '550 5.1.1 nobody' });
    const opened = post(server.port, { connections: 1 });
    for (const name of ['a', 'b', 'c']) await opened.send(mailTo(`${name}@mairie.test`));
    expect(server.seen.connections).toBe(1);
  });

  it('does not hand a letter over twice by itself when its end is unknown', async () => {
    const server = await scripted({ end: 'hang up' });
    const opened = post(server.port, { connections: 1 });
    expect(await opened.send(mailTo('maire@mairie.test'))).toMatchObject(LATER);
    expect(server.seen.messages).toBe(1);
  });
});

describe('before any letter', () => {
  it.each<[Script, string]>([
    [{ greeting: '554 5.7.1 go away' }, 'session'],
    [{ greeting: '421 4.3.2 too busy' }, 'session'],
    [{ greeting: 'hang up' }, 'session'],
    [{ greeting: 'silence' }, 'silent'],
    [{ EHLO: 'silence' }, 'silent'],
    [{ EHLO: '421 4.3.2 too busy' }, 'session'],
  ])('%j', async (script, reason) => {
    const { port } = await scripted(script);
    expect(await post(port).send(mailTo('maire@mairie.test'))).toMatchObject(SHUT);
    expect(await post(port).verify()).toMatchObject({ kind: 'stopped', reason });
  });

  it('nothing listens', async () => {
    const server = await startScripted({});
    await server.close();
    expect(await post(server.port).send(mailTo('maire@mairie.test'))).toMatchObject(SHUT);
    expect(await post(server.port).verify()).toMatchObject({ reason: 'unreachable' });
  });

  it('the name is unknown', async () => {
    const opened = post(25, { host: 'no-such-host.invalid' });
    expect(await opened.verify()).toMatchObject({ kind: 'stopped', reason: 'name' });
    expect(await opened.send(mailTo('maire@mairie.test'))).toMatchObject(SHUT);
  });

  it('gives up when the whole takes too long, though the server keeps talking', async () => {
    const timeouts = { connect: 300, greeting: 300, socket: 5_000, overall: 400 };
    expect(await answer({ end: 'silence' }, { timeouts })).toMatchObject(LATER);
    expect(await answer({ EHLO: 'silence' }, { timeouts })).toMatchObject(SHUT);
  });
});

describe('TLS and log-in', () => {
  const wanted = { user: 'releve', password: new Secret('pa(ss[word') };

  it('a server without STARTTLS gets no letter when TLS is asked for', async () => {
    const server = await scripted({});
    const opened = post(server.port, { security: 'starttls' });
    expect(await opened.verify()).toMatchObject({ kind: 'stopped', reason: 'tls' });
    expect(await opened.send(mailTo('maire@mairie.test'))).toMatchObject(SHUT);
    expect(server.seen.messages).toBe(0);
  });

  it('a server that hides AUTH gets no letter when a log-in is set', async () => {
    const server = await scripted({});
    const opened = post(server.port, wanted);
    expect(await opened.verify()).toMatchObject({ kind: 'stopped', reason: 'login' });
    expect(await opened.send(mailTo('maire@mairie.test'))).toMatchObject(SHUT);
    expect(server.seen.messages).toBe(0);
  });

  it('a certificate for another name is refused', async () => {
    const { key, cert } = await makeCertificate(['DNS:other.example.test']);
    const server = await startSmtpServer({ key, cert });
    closing.push(server.close);
    const opened = post(server.port, { security: 'starttls', caPem: cert });
    expect(await opened.verify()).toMatchObject({ kind: 'stopped', reason: 'tls' });
    expect(await opened.send(mailTo('maire@mairie.test'))).toMatchObject(SHUT);
  });

  it('a refusal that echoes the password does not show it', async () => {
    const server = await startSmtpServer({
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        const token = Buffer.from(`\0${username}\0${password}`).toString('base64');
        done(
          Object.assign(new Error(`5.7.8 ${password} ${token} ${encodeURIComponent(token)} refused`), {
            responseCode: 535,
          }),
        );
      },
    });
    closing.push(server.close);
    const opened = post(server.port, wanted);
    const outcome = await opened.send(mailTo('maire@mairie.test'));
    expect(outcome).toMatchObject({
      ...SHUT,
      reply: expect.stringContaining('535 5.7.8 •••••• •••••• •••••• refused'),
    });
    expect(await opened.verify()).toMatchObject({
      reason: 'login',
      reply: expect.stringContaining('••••••'),
    });
  });
});

describe('settings that contradict each other', () => {
  it.each<[string, Partial<SmtpSettings>]>([
    ['password', { user: 'releve' }],
    ['without TLS', { user: 'releve', password: new Secret('x'), host: 'mx.example.test' }],
    ['DKIM key', { dkim: { domain: 'siagep90.fr', selector: 's1', privateKey: new Secret('nonsense') } }],
  ])('%s', (words, change) => {
    expect(() => openMailTransport(settingsFor(25, change))).toThrow(words);
  });
});

describe('closing', () => {
  it('lets the letter under way arrive, and turns away those that wait', async () => {
    const server = await startSmtpServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData: (stream, _session, done) => {
        stream.resume();
        stream.once('end', () => setTimeout(() => done(null), 200));
      },
    });
    closing.push(server.close);
    const opened = post(server.port, { connections: 1, timeouts: settingsFor(0).timeouts });
    const sends = ['a', 'b'].map((name) => opened.send(mailTo(`${name}@mairie.test`)));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await opened.close();
    expect(await Promise.all(sends)).toMatchObject([{ kind: 'sent' }, SHUT]);
    expect(await opened.send(mailTo('late@mairie.test'))).toMatchObject(SHUT);
  });

  it('does not wait for ever', async () => {
    const { port } = await scripted({ end: 'silence' });
    const opened = post(port, { timeouts: { connect: 300, greeting: 300, socket: 60_000, overall: 60_000 } });
    const sending = opened.send(mailTo('maire@mairie.test'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await opened.close(100);
    expect(await sending).toMatchObject({ kind: 'later' });
  });
});
