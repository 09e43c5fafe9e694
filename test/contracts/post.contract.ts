// What every post promises, the fake and the real one alike.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mail, Post } from '../../src/domain/ports/world.ts';
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
  readonly post: Post;
  /** An address that does not exist, and one that is put off. */
  readonly unknown: string;
  readonly deferred: string;
  /** What lies in the mailbox of an address, once all that was taken has arrived. */
  mailbox(address: string): Promise<readonly Delivered[]>;
  /** Nobody listens any more; then somebody does again. */
  outage(): Promise<void>;
  recovery(): Promise<void>;
  close(): Promise<void>;
}

const addressesOf = (mail: Mail, field: 'to' | 'cc') =>
  mail.readers.filter((reader) => reader.field === field).map(({ address }) => address);

/** A letter as it stands in `Mail`, to compare with what was delivered. */
export function asDelivered(mail: Mail): Delivered {
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
    let world: PostWorld;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world?.close());

    it('a letter that is sent lies in its reader’s mailbox, once, with its head', async () => {
      const readers = [readerAt('maire@example.test'), readerAt('adjoint@example.test', 'cc')];
      const mail = mailTo('maire@example.test', { readers });
      const outcome = await world.post.send(mail);
      expect(outcome).toEqual({ kind: 'sent', reply: expect.stringMatching(/^250 /) });
      expect((await world.mailbox('maire@example.test')).map(seen)).toEqual([seen(asDelivered(mail))]);
      expect(await world.mailbox('adjoint@example.test')).toEqual([]);
    });

    it('an address that does not exist is never', async () => {
      const outcome = await world.post.send(mailTo(world.unknown));
      expect(outcome).toEqual({ kind: 'never', fault: 'address', reply: expect.stringMatching(/^5/) });
    });

    it('a mailbox that is put off is later', async () => {
      const outcome = await world.post.send(mailTo(world.deferred));
      expect(outcome).toEqual({ kind: 'later', reply: expect.stringMatching(/^4/) });
    });

    it('letters handed over together do not mix, and each arrives once', async () => {
      const addresses = Array.from({ length: 12 }, (_, number) => `ensemble${number}@example.test`);
      const mails = [...addresses, world.unknown].map((address) => mailTo(address, { id: address }));
      const outcomes = await Promise.all(mails.map((mail) => world.post.send(mail)));
      expect(outcomes.map(({ kind }) => kind)).toEqual([...Array(12).fill('sent'), 'never']);
      for (const address of addresses) {
        expect((await world.mailbox(address)).map(({ to }) => to)).toEqual([[address]]);
      }
    });

    it('while no server can be reached all is stopped and nothing is thrown; then the same letter leaves', async () => {
      await world.outage();
      const mail = mailTo('panne@example.test');
      expect(await world.post.send(mail)).toMatchObject({ kind: 'stopped', at: 'connection' });
      expect(await world.post.send(mailTo(world.unknown))).toMatchObject({ kind: 'stopped' });
      await world.recovery();
      expect(await world.post.send(mail)).toMatchObject({ kind: 'sent' });
      expect(await world.mailbox('panne@example.test')).toHaveLength(1);
    });
  });
}
