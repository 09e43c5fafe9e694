// What a manager's link can do: show whose password it is for, announce a reset, hand in the password; never read a secret.

import type { ValidityRules, Watched } from '../../domain/account/technical-user.ts';
import type { House } from '../../domain/notification/letter.ts';
import type { Handed, LinkDesk, LinkEnd, Progress, Visit } from '../../domain/ports/manager-api.ts';
import type { Link, Links } from '../../domain/ports/world-handover.ts';
import { announce, type Bringer } from '../../domain/rotation/receive.ts';
import { type Book, currentHealth, openRotation } from '../../domain/rotation/rotation.ts';
import { handOver, progressOf } from './advance-rotation.ts';
import { press } from './press.ts';
import { type HandoverWorld, nowOf } from './rotation-ports.ts';
import { choose, doubtsIn, submit, type Taken } from './submit.ts';

/** What the desk needs beside the world of handovers. */
export interface DeskParts {
  readonly world: HandoverWorld;
  readonly links: Links;
  readonly house: House;
  readonly validity: ValidityRules;
  /** Waits at most so long for what is begun, in ms; it goes on behind the answer. */
  readonly patience: number;
  /** Resolves after so many ms. */
  wait(ms: number): Promise<void>;
}

/** A link that can be used, with whom it is about. */
interface Opened {
  readonly link: Link;
  readonly user: Watched;
  readonly book: Book;
}

export function openLinkDesk(parts: DeskParts): LinkDesk {
  const { world } = parts;
  return {
    visit: async (token) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      return { kind: 'open', visit: await visitOf(parts, opened) };
    },
    announce: async (token) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      const { user, link } = opened;
      const answer = await world.rotations.turn(user.id, (book) =>
        announce(book, bringerOf(link), world.newId(), world.rules, nowOf(world)),
      );
      await soon(parts, handOver(world, user.id, parts.validity));
      return answer;
    },
    submit: async (token, typed) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      const { user, link } = opened;
      const submission = {
        ...bringerOf(link),
        typed,
        changedOn: null,
        choice: null,
        keepUnclear: true,
        asks: true,
      };
      return follow(parts, user, await submit(world, user, submission));
    },
    press: async (token) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      const { user, link } = opened;
      const { asked } = await press(world, user.id, bringerOf(link));
      const rotationId = openRotation(opened.book)?.id;
      if (rotationId === undefined) return { kind: 'wrong', findings: [] };
      return follow(parts, user, { kind: 'taken', rotationId, asked });
    },
    choose: async (token, choice) => {
      const opened = await openLink(parts, token);
      if ('why' in opened) return { kind: 'ended', why: opened.why };
      const taken = await choose(world, opened.user, choice, { ...bringerOf(opened.link), asks: true });
      return taken === null ? { kind: 'wrong', findings: [] } : follow(parts, opened.user, taken);
    },
  };
}

function bringerOf({ person, address }: Link): Bringer {
  return { channel: 'form', by: `${person} <${address}>` };
}

async function openLink(
  { world, links }: Pick<DeskParts, 'world' | 'links'>,
  token: string,
): Promise<Opened | { readonly why: LinkEnd }> {
  const link = await links.find(world.vault.hashOf(token));
  if (link === null) return { why: 'unknown' };
  const book = await world.rotations.book(link.userId);
  if (book === null) return { why: 'unknown' };
  if (book.user.retired) return { why: 'retired' };
  if (link.spentAt !== null) return { why: 'spent' };
  if (link.until <= nowOf(world)) return { why: 'expired' };
  // Whoever is no longer the principal manager, or no longer at that address, has had a letter of his own.
  const { principal } = book.user;
  if (principal?.email?.toLowerCase() !== link.address.toLowerCase()) return { why: 'expired' };
  return { link, user: book.user, book };
}

/** Goes on with what was taken, and waits a little for the answer. */
export async function follow(
  parts: Pick<DeskParts, 'world' | 'validity' | 'patience' | 'wait'>,
  user: Watched,
  taken: Taken,
): Promise<Handed> {
  if (taken.kind !== 'taken') return taken;
  const { world, validity } = parts;
  await soon(parts, handOver(world, user.id, validity, taken.asked));
  const book = await world.rotations.book(user.id);
  const progress = book === null ? null : progressOf(book, taken.rotationId);
  if (progress === null) return { kind: 'ended', why: 'unknown' };
  return { kind: 'received', rotationId: taken.rotationId, progress };
}

/** Waits for what is begun, at most for our patience. What fails behind the answer is taken up by the next tick. */
async function soon(
  { world, patience, wait }: Pick<DeskParts, 'world' | 'patience' | 'wait'>,
  work: Promise<void>,
): Promise<void> {
  const done = work.catch((error: unknown) => {
    world.journal.error({ error }, 'a handover failed inside Relève; it is tried again');
  });
  await Promise.race([done, wait(patience)]);
}

async function visitOf({ world, house }: DeskParts, { link, user, book }: Opened): Promise<Visit> {
  const { login, environment, home, further } = user;
  return {
    language: link.language,
    login,
    environment,
    home,
    further,
    itService: house.itService,
    procedure: house.procedures[environment],
    progress: await shownProgress(world, book),
    stopped: currentHealth(book)?.state === 'stopped',
  };
}

async function shownProgress(world: HandoverWorld, book: Book): Promise<Progress> {
  const progress = progressOf(book, null);
  const open = openRotation(book);
  if (progress.phase !== 'unclear' || open?.credential == null) return progress;
  return { ...progress, ...(await doubtsIn(world, book.user, open.credential)) };
}
