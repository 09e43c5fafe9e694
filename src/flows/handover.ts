// The whole way of a password in hand: proof, hand-out, word to the connectors; and how far it has come.
import { wasHeldBefore } from '../domain/all-refused.ts';
import type { Environment } from '../domain/expiry.ts';
import type { Progress } from '../domain/handover.ts';
import { isTakenUp } from '../domain/may-ask.ts';
import { type Condition, conditionOf } from '../domain/platform.ts';
import { type Book, currentRotation, openRotation, type Rotation } from '../domain/rotation.ts';
import { pass } from '../domain/rotation-time.ts';
import type { ValidityRules } from '../domain/technical-user.ts';
import type { Work } from '../domain/world-handover.ts';
import { type HandoverWorld, nowOf } from './handover-world.ts';
import { tellHolds, tellHoldsIn } from './holds.ts';
import { publish } from './publish.ts';
import { workThrough } from './queue.ts';
import { type Asked, verify } from './verify.ts';

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
  const published = await publish(world, book, validity, proof?.claimed);
  if (published > 0 && book.holds.length > 0) await tellHolds(world, userId);
}

/** What a round over all technical users did. */
export interface Rotated {
  /** Technical users that had something due. */
  readonly looked: number;
}

const KINDS: readonly Work[] = ['hold', 'proof', 'publication'];
/** Technical users looked at in one go, and at the same time. */
const BATCH = 200;
const LANES = 8;

/** Does all that is due for everybody, once; a fault with one technical user never stops the others. */
export async function rotate(
  world: HandoverWorld,
  validity: ValidityRules,
  goOn: () => boolean = () => true,
): Promise<Rotated> {
  const now = nowOf(world);
  const stale = await world.rotations.due('time', now, BATCH);
  const conditions = stale.length === 0 ? null : await conditionsOf(world);
  for (const userId of stale) {
    await world.rotations.turn(userId, (book) =>
      pass(book, world.rules, nowOf(world), conditions?.[book.user.environment] ?? 'well'),
    );
  }
  const ids = new Set<number>();
  for (const work of KINDS) for (const id of await world.rotations.due(work, now, BATCH)) ids.add(id);
  const queue = [...ids];
  await workThrough(
    async () => (goOn() ? (queue.shift() ?? null) : null),
    LANES,
    async (userId) => {
      try {
        await handOver(world, userId, validity);
      } catch (error) {
        world.journal.error({ userId, error }, 'a handover failed inside Relève; it is tried again');
      }
    },
  );
  return { looked: ids.size + stale.length };
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
