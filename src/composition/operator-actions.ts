// What an agent on the command line can do about a password: each move with the same flows as the daemon's own.
import { setTimeout as pause } from 'node:timers/promises';
import { loadWatched } from '../adapters/database/technical-users.ts';
import type { Environment } from '../domain/account/expiry.ts';
import type { ValidityRules, Watched } from '../domain/account/technical-user.ts';
import type { VaultState } from '../domain/ports/vault.ts';
import { connectorStopped } from '../domain/rotation/all-refused.ts';
import { acceptUnproven } from '../domain/rotation/apply-verdict.ts';
import { stay } from '../domain/rotation/change-set.ts';
import { reconcile } from '../domain/rotation/publication.ts';
import { announce, type Bringer, withdraw } from '../domain/rotation/receive.ts';
import type { Pressed } from '../domain/rotation/retry-now.ts';
import {
  type Book,
  currentRotation,
  hasCome,
  openRotation,
  type Rotation,
} from '../domain/rotation/rotation.ts';
import { handOver } from '../use-cases/rotation/advance-rotation.ts';
import { NOTHING_SEEN, type Seen, seeing } from '../use-cases/rotation/observations.ts';
import { press } from '../use-cases/rotation/press.ts';
import { type HandoverWorld, nowOf } from '../use-cases/rotation/rotation-ports.ts';
import { type Submission, submit, type Taken } from '../use-cases/rotation/submit.ts';
import type { Asked } from '../use-cases/rotation/verify.ts';
import type { Parts } from './daemon.ts';
import type { HandoverParts } from './rotations.ts';

export type { Seen } from '../use-cases/rotation/observations.ts';
export { askForToken, type Books, openBooks } from './checks.ts';
export {
  type Closures,
  closuresOver,
  healthStates,
  type PlatformsSeen,
  seePlatforms,
} from './platforms.ts';
export {
  type Looked,
  type NightPlan,
  type NotAsked,
  type PlannedPlatform,
  type Prober,
  proberOver,
} from './prober.ts';
export { type DaemonState, type Keepers, type KeptKey, openKeepers, readKeys } from './security-admin.ts';

/** What an agent's moves are made over. */
export interface AgentParts {
  readonly world: HandoverWorld;
  readonly validity: ValidityRules;
  /** Technical users of a login, in either environment. */
  usersOf(login: string): Promise<readonly Watched[]>;
  /** Logins and SIRETs that look like a text. */
  near(text: string): Promise<readonly string[]>;
  /** Resolves after so many ms. */
  pause(ms: number): Promise<unknown>;
}

/** How things stand after a move: about which rotation it was (null for none), its book, and what was seen. */
export interface Stood {
  readonly rotationId: string | null;
  readonly book: Book;
  readonly seen: Seen;
}

type Found =
  | { readonly kind: 'found'; readonly user: Watched }
  | { readonly kind: 'unknown'; readonly near: readonly string[] }
  /** One in each environment, and none was named. */
  | { readonly kind: 'both' };

/** A password as an agent hands it in. */
export type AgentSubmission = Pick<Submission, 'typed' | 'changedOn' | 'choice'> & {
  /** Puts it into service where Chorus Pro gives no answer; never one that it refused. */
  readonly acceptUnverified: boolean;
};

export interface Agents {
  find(login: string, environment: Environment | null): Promise<Found>;
  vault(): VaultState;
  submit(
    user: Watched,
    submission: AgentSubmission,
  ): Promise<Exclude<Taken, { kind: 'taken' }> | ({ readonly kind: 'taken' } & Stood)>;
  /** How things stand by the book; nothing is asked. */
  stand(user: Watched): Promise<Stood>;
  /** Asks about the candidate, if it may be asked now; `pressed` says why not. */
  prove(user: Watched): Promise<Stood & { readonly pressed: Pressed }>;
  /** The agent says that the connector was stopped; when Chorus Pro is asked next (ms), null where nothing waits. */
  connectorStopped(user: Watched): Promise<number | null>;
  /** Puts the candidate into service on the agent's word; null when there is none. */
  acceptUnproven(user: Watched): Promise<Stood | null>;
  /** Compares every sink with the password in service, and writes where they differ; null when there is none. */
  publish(userId: number): Promise<Stood | null>;
  /** Technical users (ids) with a password of ours in service. */
  inService(): Promise<readonly number[]>;
  announce(user: Watched): Promise<{ readonly told: ReturnType<typeof announce>['answer'] } & Stood>;
  /** Takes back what is open; false when there was nothing. */
  withdraw(user: Watched, why: string): Promise<{ readonly done: boolean } & Stood>;
}

/** The agent's moves over the open house; `who` stands in the audit trail. */
export function agentsOver(parts: Parts, handover: HandoverParts, who: string): Agents {
  return openAgents(
    {
      world: handover.world,
      validity: parts.rules.validity,
      usersOf: (login) => loadWatched(parts.database.db, { login }),
      near: (text) => parts.registry.near(text),
      pause,
    },
    who,
  );
}

export function openAgents(parts: AgentParts, who: string): Agents {
  const { world } = parts;
  const { rotations, rules } = world;
  const bringer: Bringer = { channel: 'command', by: who };
  const now = () => nowOf(world);
  return {
    find: (login, environment) => find(parts, login, environment),
    vault: () => world.vault.state(),
    submit: (user, submission) => handIn(parts, user, submission, bringer),
    stand: async (user) => {
      const book = await bookOf(world, user.id);
      return { rotationId: openRotation(book)?.id ?? null, book, seen: NOTHING_SEEN };
    },
    prove: async (user) => {
      const { pressed, asked } = await press(world, user.id, bringer);
      const open = openRotation(await bookOf(world, user.id));
      return { pressed, ...(await follow(parts, user.id, open?.id ?? null, asked)) };
    },
    connectorStopped: (user) =>
      rotations.turn(user.id, (book) => connectorStopped(book, bringer, rules, now())),
    acceptUnproven: async (user) => {
      const accepted = await acceptOne(parts, user.id, null, who);
      return accepted === null ? null : follow(parts, user.id, accepted.id);
    },
    publish: async (userId) => {
      const current = currentRotation(await bookOf(world, userId));
      if (current === null || current.credential === null) return null;
      await rotations.turn(userId, (book) => reconcile(book, true, rules, now()));
      return follow(parts, userId, current.id);
    },
    inService: () => rotations.inService(),
    announce: async (user) => {
      const id = world.newId();
      const told = await rotations.turn(user.id, (book) => announce(book, bringer, id, rules, now()));
      return { told, ...(await follow(parts, user.id, null)) };
    },
    withdraw: async (user, why) => {
      const done = await rotations.turn(user.id, (book) => withdraw(book, bringer, why, now()));
      return { done, ...(await follow(parts, user.id, null)) };
    },
  };
}

async function handIn(
  parts: AgentParts,
  user: Watched,
  { acceptUnverified, ...submission }: AgentSubmission,
  bringer: Bringer,
): ReturnType<Agents['submit']> {
  const handed = { ...bringer, ...submission, keepUnclear: false, asks: true };
  const taken = await submit(parts.world, user, handed);
  if (taken.kind !== 'taken') return taken;
  const { rotationId, asked } = taken;
  const stood = await follow(parts, user.id, rotationId, asked);
  const mine = openRotation(stood.book);
  const isUnanswered = mine?.id === rotationId && mine.stage === 'candidate' && mine.refusals === 0;
  if (!acceptUnverified || !isUnanswered) return { kind: 'taken', ...stood };
  await acceptOne(parts, user.id, rotationId, bringer.by);
  return { kind: 'taken', ...(await follow(parts, user.id, rotationId)) };
}

async function find(parts: AgentParts, login: string, environment: Environment | null): Promise<Found> {
  const users = (await parts.usersOf(login)).filter(
    (user) => environment === null || user.environment === environment,
  );
  const [user, ...others] = users;
  if (user === undefined) return { kind: 'unknown', near: await parts.near(login) };
  return others.length > 0 ? { kind: 'both' } : { kind: 'found', user };
}

/** Accepts what is open without a proof; where an id is given, only if that is the one. */
function acceptOne(
  { world }: AgentParts,
  userId: number,
  id: string | null,
  who: string,
): Promise<Rotation | null> {
  return world.rotations.turn(userId, (book) =>
    id !== null && openRotation(book)?.id !== id
      ? stay(null)
      : acceptUnproven(book, who, world.rules, nowOf(world)),
  );
}

async function bookOf(world: HandoverWorld, userId: number): Promise<Book> {
  const book = await world.rotations.book(userId);
  if (book === null) throw new Error('the technical user is no longer known');
  return book;
}

/** What a running daemon has in hand is waited for: looked at again after so long, so many times. */
const LOOK_MS = 250;
const LOOKS = 240;

/**
 * Does all that is due until nothing is any more, be it done here or by a daemon that runs beside us. `asked`: a question
 * that was claimed when the password came in.
 */
async function follow(
  parts: AgentParts,
  userId: number,
  rotationId: string | null,
  asked: Asked | null = null,
): Promise<Stood> {
  const { world, seen } = seeing(parts.world);
  for (let looks = 1; ; looks += 1) {
    await handOver(world, userId, parts.validity, looks === 1 ? asked : null);
    const book = await bookOf(world, userId);
    if (looks === LOOKS || !isBusy(book, world)) return { rotationId, book, seen };
    await parts.pause(LOOK_MS);
  }
}

/** Whether somebody has something in hand, or something is due now, in places that we know. */
function isBusy(book: Book, { sinks, clock }: HandoverWorld): boolean {
  const now = clock.now().epochMilliseconds;
  const isOurs = ({ sink }: { readonly sink: string }) => sinks.some(({ name }) => name === sink);
  const open = openRotation(book);
  const current = currentRotation(book);
  return (
    open?.stage === 'verifying' ||
    (open?.stage === 'candidate' && hasCome(open.nextTryAt, now)) ||
    book.holds.some((one) => isOurs(one) && one.wanted !== one.applied && hasCome(one.nextAt, now)) ||
    book.publications.some(
      (one) =>
        isOurs(one) &&
        one.rotationId === current?.id &&
        (one.stage === 'claimed' || (one.stage === 'due' && hasCome(one.nextAt, now))),
    )
  );
}
