// The whole way of a password in hand: proof, hand-out, word to the connectors; and how far it has come.

import type { Environment } from '../../domain/account/expiry.ts';
import type { ValidityRules } from '../../domain/account/technical-user.ts';
import { type Condition, conditionOf } from '../../domain/platform/platform.ts';
import type { Progress } from '../../domain/ports/manager-api.ts';
import type { Work } from '../../domain/ports/world-handover.ts';
import { wasHeldBefore } from '../../domain/rotation/all-refused.ts';
import { isTakenUp } from '../../domain/rotation/may-ask.ts';
import type { ClaimedSink } from '../../domain/rotation/publication.ts';
import { type Book, currentRotation, openRotation, type Rotation } from '../../domain/rotation/rotation.ts';
import { pass } from '../../domain/rotation/timeouts.ts';
import { type Lanes, openLanes } from '../../foundation/lanes.ts';
import { tellHolds, tellHoldsIn } from '../connectors/holds.ts';
import { publish } from '../connectors/publish.ts';
import { SINK_WIDTH } from '../connectors/sink-slots.ts';
import { guarded } from './item-faults.ts';
import { type HandoverWorld, nowOf } from './rotation-ports.ts';
import { type Asked, type Proved, verify } from './verify.ts';

/**
 * Does all that is due for one technical user: asks Chorus Pro, writes the sinks, tells the connectors. `asked`: a question
 * that was claimed when the password came in.
 */
export async function handOver(
  world: HandoverWorld,
  userId: number,
  validity: ValidityRules,
  asked: Asked | null = null,
): Promise<void> {
  const before = asked === null ? await world.rotations.book(userId) : null;
  // A connector that is slow to hold keeps nobody from asking Chorus Pro, nor from writing what it believed.
  const works = [
    before === null ? null : tellHoldsIn(world, before),
    proveAndPublish(world, userId, validity, asked, before),
  ];
  for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason;
}

async function proveAndPublish(
  world: HandoverWorld,
  userId: number,
  validity: ValidityRules,
  asked: Asked | null,
  before: Book | null,
): Promise<void> {
  const stage = before === null ? 'verifying' : openRotation(before)?.stage;
  const isOpen = stage === 'candidate' || stage === 'verifying';
  const proof = isOpen ? await verify(world, userId, asked) : null;
  const book = proof?.book ?? before;
  if (book === null) return;
  await handOut(world, book, validity, proof?.claimed);
}

/** Writes the sinks that are due, and tells their connectors to go on. */
async function handOut(
  world: HandoverWorld,
  book: Book,
  validity: ValidityRules,
  claimed: readonly ClaimedSink[] = [],
): Promise<void> {
  const published = await publish(world, book, validity, claimed);
  if (published > 0 && book.holds.length > 0) await tellHolds(world, book.user.id);
}

/** What a round over all technical users did. */
export interface Rotated {
  /** Technical users that had something due. */
  readonly looked: number;
}

/** Of each kind of work so many technical users wait in line; about so many passwords Chorus Pro is asked at the same time. */
const BATCH = 200;
const PROOFS = 8;

/** Rounds over all technical users. */
export interface HandoverRounds {
  /** Lines up all that is due; does not wait for it. */
  look(): Promise<Rotated>;
  /** Resolves once nothing waits or is under way. */
  idle(): Promise<void>;
}

/**
 * Opens the rounds. Proofs have lanes of their own, and so has each sink: one that is slow holds up neither a proof nor
 * another sink. A fault with one technical user never stops the others. Nothing begins any more once `goOn` says no.
 */
export function openHandoverRounds(
  world: HandoverWorld,
  validity: ValidityRules,
  goOn: () => boolean = () => true,
): HandoverRounds {
  const handingOut = new Set<Promise<void>>();
  const handOutBehind = ({ book, claimed }: Proved) => {
    const item = { work: 'publication', userId: book.user.id } as const;
    const done = guarded(world, item, () => handOut(world, book, validity, claimed)).finally(() =>
      handingOut.delete(done),
    );
    handingOut.add(done);
  };
  const lanes = (kind: Work, width: number, work: (userId: number) => Promise<void>) =>
    openLanes<number>(width, (userId) => guarded(world, { work: kind, userId }, () => work(userId)), goOn);
  const proofs = lanes('proof', PROOFS, async (userId) => {
    const proved = await verify(world, userId);
    // The sinks were claimed with the proof: they are written now, and the lane is free for the next proof.
    if (proved !== null && proved.claimed.length > 0) handOutBehind(proved);
  });
  const sinks = world.sinks.map((sink) => {
    const alone = { ...world, sinks: [sink] };
    return {
      name: sink.name,
      holds: lanes('hold', SINK_WIDTH, (userId) => tellHolds(alone, userId)),
      publications: lanes('publication', SINK_WIDTH, async (userId) => {
        const book = await world.rotations.book(userId);
        if (book !== null) await handOut(alone, book, validity);
      }),
    };
  });
  const all = [proofs, ...sinks.flatMap(({ holds, publications }) => [holds, publications])];
  return {
    look: async () => {
      const now = nowOf(world);
      const stale = await passTime(world);
      const looked = new Set<number>();
      const lineUp = async (line: Lanes<number>, work: Work, sink?: string) => {
        const due = await world.rotations.due(work, now, BATCH, sink);
        for (const userId of due) looked.add(userId);
        line.line(due);
      };
      for (const { name, holds } of sinks) await lineUp(holds, 'hold', name);
      await lineUp(proofs, 'proof');
      for (const { name, publications } of sinks) await lineUp(publications, 'publication', name);
      return { looked: looked.size + stale };
    },
    idle: async () => {
      while (handingOut.size > 0 || all.some(({ busy }) => busy > 0)) {
        await Promise.all([...all.map((line) => line.idle()), ...handingOut]);
      }
    },
  };
}

/** Does all that is due for everybody, once, to its end. */
export async function rotate(
  world: HandoverWorld,
  validity: ValidityRules,
  goOn?: () => boolean,
): Promise<Rotated> {
  const rounds = openHandoverRounds(world, validity, goOn);
  const rotated = await rounds.look();
  await rounds.idle();
  return rotated;
}

/** What time alone does. Returns for how many it did something. */
async function passTime(world: HandoverWorld): Promise<number> {
  const stale = await world.rotations.due('time', nowOf(world), BATCH);
  const conditions = stale.length === 0 ? null : await conditionsOf(world);
  for (const userId of stale) {
    await guarded(world, { work: 'time', userId }, () =>
      world.rotations.turn(userId, (book) =>
        pass(book, world.rules, nowOf(world), conditions?.[book.user.environment] ?? 'well'),
      ),
    );
  }
  return stale.length;
}

/** How each platform does at present. */
async function conditionsOf({ platforms }: HandoverWorld): Promise<Readonly<Record<Environment, Condition>>> {
  const [production, qualification] = await Promise.all([
    platforms.of('production'),
    platforms.of('qualification'),
  ]);
  return { production: conditionOf(production), qualification: conditionOf(qualification) };
}

/** How far the password of a rotation has come; without one, how things stand with the technical user. */
export function progressOf(book: Book, rotationId: string | null): Progress {
  const open = openRotation(book);
  const named = book.rotations.find(({ id }) => id === rotationId) ?? null;
  // What waits beside an unproven password in service and is asked about in its turn is nobody's submission now.
  const inHand = open === null || isTakenUp(book, open) ? null : open;
  const shown = named ?? inHand ?? latestRefused(book);
  const isCurrent = shown !== null && shown.standing === 'current';
  return {
    phase: shown === null ? 'ready' : phaseOf(shown),
    published: isCurrent && ['published', 'adopted', 'closed'].includes(shown.stage),
    proven: shown?.proven === 'chorus-pro' || shown?.proven === 'connector',
    refusals: shown?.refusals ?? 0,
    cause: shown?.cause ?? null,
    formerWorks: shown?.formerWorks ?? null,
    bothRefused: shown !== null && shown.bothRefusedSince !== null && shown.refusals > 0,
    heldBefore: shown !== null && wasHeldBefore(book, shown),
    pressedAt: shown?.pressedAt ?? null,
    receivedAt: shown?.receivedAt ?? null,
    nextTryAt: shown?.nextTryAt ?? null,
    findings: [],
    canClean: false,
  };
}

/** A refusal that nothing has followed yet is shown until something does. */
function latestRefused(book: Book): Rotation | null {
  const since = currentRotation(book)?.acceptedAt ?? 0;
  const [latest] = book.rotations
    .filter(({ endedAt }) => endedAt !== null && endedAt > since)
    .sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  return latest?.stage === 'refused' ? latest : null;
}

function phaseOf({ stage, standing }: Rotation): Progress['phase'] {
  switch (stage) {
    case 'announced':
    case 'unclear':
    case 'refused':
      return stage;
    case 'candidate':
    case 'verifying':
    // Kept until the newer one is proven: for its bringer it is still under way.
    case 'superseded':
      return 'proving';
    case 'withdrawn':
      return 'ready';
    default:
      return standing === 'none' ? 'ready' : 'proven';
  }
}
