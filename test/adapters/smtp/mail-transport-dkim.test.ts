// The DKIM signature: a verifier that knows only our public key accepts it, and rejects it after a change.
import { generateKeyPairSync } from 'node:crypto';
import { authenticate } from 'mailauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMailTransport } from '../../../src/adapters/smtp/mail-transport.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { readMailbox } from '../../rig/imap-box.ts';
import { type MailServer, startMailServer } from '../../rig/mail-server.ts';
import { mailTo } from './sample-mail.ts';
import { settingsFor } from './transport-settings.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** A DNS that knows our key and nothing else. */
async function resolver(name: string, kind: string): Promise<string[][]> {
  if (name === 'releve._domainkey.siagep90.fr' && kind === 'TXT') {
    return [[`v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`]];
  }
  throw Object.assign(new Error(`${name} is unknown`), { code: 'ENOTFOUND' });
}

async function verdict(raw: Buffer | string): Promise<string | undefined> {
  const found = await authenticate(raw, { resolver, ip: '127.0.0.1', helo: 'x', sender: 'x@siagep90.fr' });
  return found.dkim.results[0]?.status.result;
}

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server?.stop());

describe('a signed letter', () => {
  it('is found good in the mailbox, and bad once a word is changed', async () => {
    const dkim = { domain: 'siagep90.fr', selector: 'releve', privateKey: new Secret(privateKey) };
    const post = openMailTransport(settingsFor(server.smtp.port, { dkim }));
    expect(await post.send(mailTo('maire@example.test'))).toMatchObject({ kind: 'sent' });
    await post.close();
    await server.settled();
    const [received] = await readMailbox(server, 'maire@example.test');
    const raw = received?.raw ?? Buffer.alloc(0);
    expect(await verdict(raw)).toBe('pass');
    const changed = raw.toString('latin1').replace('Bonjour', 'Bonsoir');
    expect(changed).not.toBe(raw.toString('latin1'));
    expect(await verdict(changed)).not.toBe('pass');
  });
});
