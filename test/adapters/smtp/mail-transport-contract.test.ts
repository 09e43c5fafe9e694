// The contract of the mail transport, run against the fake and against the real adapter with a real OpenSMTPD.
import { openMailTransport } from '../../../src/adapters/smtp/mail-transport.ts';
import type { SendOutcome } from '../../../src/domain/ports/mail-transport.ts';
import { asDelivered, type PostWorld, postContract } from '../../contracts/mail-transport.contract.ts';
import { fakeMailTransport } from '../../fakes/mail-transport.ts';
import { readMailbox } from '../../rig/imap-box.ts';
import { startMailServer } from '../../rig/mail-server.ts';
import { settingsFor } from './transport-settings.ts';

const unknown = 'personne@example.test';
const deferred = 'patience@example.test';

async function fakeWorld(): Promise<PostWorld> {
  const answers: Readonly<Record<string, SendOutcome>> = {
    [unknown]: { kind: 'never', fault: 'address', reply: '550 5.1.1 no such user' },
    [deferred]: { kind: 'later', reply: '451 4.7.1 come back later' },
  };
  const usual = fakeMailTransport(({ envelopeTo }) => answers[envelopeTo]);
  return {
    post: usual,
    unknown,
    deferred,
    mailbox: async (address) => usual.inboxOf(address).map(asDelivered),
    outage: async () =>
      usual.answerWith(() => ({ kind: 'stopped', at: 'connection', reply: 'nobody there' })),
    recovery: async () => usual.answerWith(({ envelopeTo }) => answers[envelopeTo]),
    close: async () => {},
  };
}

async function realWorld(): Promise<PostWorld> {
  const server = await startMailServer({ unknown: [unknown], deferred: [deferred] });
  const post = openMailTransport(settingsFor(server.smtp.port));
  return {
    post,
    unknown,
    deferred,
    mailbox: async (address) => {
      await server.settled();
      const mails = await readMailbox(server, address);
      return mails.map(({ subject, to, cc, date }) => ({
        subject,
        to: to.map((reader) => reader.address),
        cc: cc.map((reader) => reader.address),
        date: date ?? Temporal.Instant.fromEpochMilliseconds(0),
      }));
    },
    outage: server.stopSmtp,
    recovery: server.startSmtp,
    close: async () => {
      await post.close();
      await server.stop();
    },
  };
}

postContract('fake', fakeWorld);
postContract('real', realWorld);
