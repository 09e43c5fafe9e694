// The contract that every mail transport fulfils, the fake and the real one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailTransport, OutgoingMail } from '../../src/domain/ports/mail-transport.ts';
import { mailTo, readerAt } from '../adapters/smtp/sample-mail.ts';

/** A letter as a mailbox shows it, whichever kind of post brought it. */
export interface Delivered {
  readonly subject: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly date: Temporal.Instant;
}

/** A post with the world around it that the promises need. */
export interface PostWorld {
  readonly post: MailTransport;
  /** An address that does not exist, and one that is put off. */
  readonly unknown: string;
  readonly deferred: string;
  /** The content of the mailbox of an address, once all accepted mail has arrived. */
  mailbox(address: string): Promise<readonly Delivered[]>;
  /** Nobody listens any more; then somebody does again. */
  outage(): Promise<void>;
  recovery(): Promise<void>;
  close(): Promise<void>;
}

const addressesOf = (mail: OutgoingMail, field: 'to' | 'cc') =>
  mail.recipients.filter((reader) => reader.field === field).map(({ address }) => address);

/** A letter as in `OutgoingMail`, to compare with what was delivered. */
export function asDelivered(mail: OutgoingMail): Delivered {
  return {
    subject: mail.letter.subject,
    to: addressesOf(mail, 'to'),
    cc: addressesOf(mail, 'cc'),
    date: mail.date,
  };
}

const seen = (mail: Delivered) => ({ ...mail, date: mail.date.toString() });

/** Runs the promises of the port against a kind of post. */
export function postContract(name: string, open: () => Promise<PostWorld>): void {
  describe(`the post's promises: ${name}`, () => {
    let ports: PostWorld;
    beforeAll(async () => {
      ports = await open();
    });
    afterAll(() => ports?.close());

    it('a sent letter is in its recipient’s mailbox, once, with its headers', async () => {
      const readers = [readerAt('maire@example.test'), readerAt('adjoint@example.test', 'cc')];
      const mail = mailTo('maire@example.test', { recipients: readers });
      const outcome = await ports.post.send(mail);
      expect(outcome).toEqual({ kind: 'sent', reply: expect.stringMatching(/^250 /) });
      expect((await ports.mailbox('maire@example.test')).map(seen)).toEqual([seen(asDelivered(mail))]);
      expect(await ports.mailbox('adjoint@example.test')).toEqual([]);
    });

    it('an address that does not exist is never', async () => {
      const outcome = await ports.post.send(mailTo(ports.unknown));
      expect(outcome).toEqual({ kind: 'never', fault: 'address', reply: expect.stringMatching(/^5/) });
    });

    it('a mailbox that is put off is later', async () => {
      const outcome = await ports.post.send(mailTo(ports.deferred));
      expect(outcome).toEqual({ kind: 'later', reply: expect.stringMatching(/^4/) });
    });

    it('letters handed over together do not mix, and each arrives once', async () => {
      const addresses = Array.from({ length: 12 }, (_, number) => `ensemble${number}@example.test`);
      const mails = [...addresses, ports.unknown].map((address) => mailTo(address, { id: address }));
      const outcomes = await Promise.all(mails.map((mail) => ports.post.send(mail)));
      expect(outcomes.map(({ kind }) => kind)).toEqual([...Array(12).fill('sent'), 'never']);
      for (const address of addresses) {
        expect((await ports.mailbox(address)).map(({ to }) => to)).toEqual([[address]]);
      }
    });

    it('while no server can be reached all is stopped and nothing is thrown; then the same letter leaves', async () => {
      await ports.outage();
      const mail = mailTo('panne@example.test');
      expect(await ports.post.send(mail)).toMatchObject({ kind: 'stopped', at: 'connection' });
      expect(await ports.post.send(mailTo(ports.unknown))).toMatchObject({ kind: 'stopped' });
      await ports.recovery();
      expect(await ports.post.send(mail)).toMatchObject({ kind: 'sent' });
      expect(await ports.mailbox('panne@example.test')).toHaveLength(1);
    });
  });
}
