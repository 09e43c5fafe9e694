// Refusals of the field over real connections, at RCPT TO and after DATA: what a letter becomes, and what an address.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openMailTransport, type SmtpTransport } from '../../../src/adapters/smtp/mail-transport.ts';
import type { SendOutcome } from '../../../src/domain/ports/mail-transport.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { type Script, type ScriptedServer, startScripted } from '../../rig/scripted-smtp.ts';
import { lettersOver, openWorld } from '../../rig/world.ts';
import { FIELD_REPLIES } from './field-replies.ts';
import { mailTo } from './sample-mail.ts';
import { settingsFor } from './transport-settings.ts';

/** What the server says; each test writes its own replies into it. */
const script: { RCPT?: string; end?: string; encoding?: 'latin1' } = {};
let server: ScriptedServer;
let transport: SmtpTransport;
beforeAll(async () => {
  server = await startScripted(script as Script);
  transport = openMailTransport(settingsFor(server.port));
});
afterEach(() => {
  for (const place of ['RCPT', 'end', 'encoding'] as const) delete script[place];
});
afterAll(async () => {
  await transport.close(0);
  await server.close();
});

const meaningOf = (outcome: SendOutcome) => {
  if (outcome.kind === 'never') return outcome.fault;
  return outcome.kind === 'stopped' ? `stop at ${outcome.at}` : outcome.kind;
};
const send = async (replies: typeof script) => {
  Object.assign(script, replies);
  return await transport.send(mailTo('maire@mairie.test'));
};

describe('one table', () => {
  it.each(FIELD_REPLIES)('“%s”: %s', async (reply, means) => {
    const expected = means === 'stop' ? 'stop at letter' : means;
    expect(meaningOf(await send({ RCPT: reply }))).toBe(expected);
    delete script.RCPT;
    expect(meaningOf(await send({ end: reply }))).toBe(expected);
  });

  it('reads bytes that are not UTF-8, and shows them', async () => {
    const reply = '550 5.1.1 Boîte aux lettres pleine : quota dépassé';
    expect(await send({ RCPT: reply, encoding: 'latin1' })).toEqual({ kind: 'later', reply });
    expect(await send({ RCPT: '550 Boîte désactivée', encoding: 'latin1' })).toMatchObject({
      fault: 'address',
    });
  });

  it('reads a megabyte on one line or on many in no time, by its beginning and its end', async () => {
    const word = '550-5.1.1 the mailbox of the recipient exceeded relaying to ';
    const lines = `${word}\r\n`.repeat(16_000);
    for (const long of [`${lines}550 5.1.1 over quota`, `550 ${'a'.repeat(1_000_000)} over quota`]) {
      const before = process.cpuUsage();
      expect(await send({ RCPT: long })).toMatchObject({ kind: 'later' });
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).toBeLessThan(400);
    }
  });
});

describe('readers who are refused in a row', () => {
  const MANAGERS = Array.from({ length: 12 }, (_, index) => ({
    login: `T${index}`,
    manager: `m${index}@x${index}.test`,
    portalOn: '2027-03-16',
  }));
  const fleet = async () => {
    const world = await openWorld({ users: MANAGERS, at: '2027-03-01T10:00' });
    const { clock, database } = world;
    const silent = () => undefined;
    const logger = { info: silent, warn: silent, error: silent };
    const { tick } = lettersOver(database, { clock, logger, transport, rules: rulesWith() });
    const dead = async () =>
      (await database.db.selectFrom('people').selectAll().where('dead_since', 'is not', null).execute())
        .length;
    return { tick, dead };
  };

  it.each<[string, typeof script]>([
    ['a block list, at RCPT TO', { RCPT: '550-Rejected because 192.0.2.1 is in a black list\r\n550 at zen' }],
    ['DMARC, after DATA', { end: '550 5.7.1 rejected by DMARC policy for siagep90.fr' }],
    ['no reason at all', { RCPT: '550 5.0.0 rejected' }],
  ])('for %s: a stop, and nobody is dead', async (_, replies) => {
    const { tick, dead } = await fleet();
    Object.assign(script, replies);
    const { delivered } = await tick();
    expect(delivered).toMatchObject({ sent: 0, refused: 0, stopped: expect.stringContaining('550') });
    expect(await dead()).toBe(0);
  });

  it('for their own mailboxes, one and all, the IT service too: eight are dead, and no more in later ticks', async () => {
    const { tick, dead } = await fleet();
    script.RCPT = '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).';
    const { delivered } = await tick();
    expect(delivered).toMatchObject({ stopped: script.RCPT });
    const refused = await dead();
    expect(refused).toBeGreaterThan(6);
    expect(refused).toBeLessThanOrEqual(8);
    expect((await tick()).delivered).toMatchObject({ refused: 0 });
    expect(await dead()).toBe(refused);
  });
});
