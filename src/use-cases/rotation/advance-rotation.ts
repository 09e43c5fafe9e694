// Advances rotations: checks the password, publishes it, applies the holds; and reports the progress.
import type { Environment, ValidityRules } from '../../domain/account/technical-user.ts';
import { type NextCheck, NO_CHECK } from '../../domain/monitoring/next-check.ts';
import { conditionOf, type PlatformCondition } from '../../domain/platform/platform.ts';
import type { RotationProgress } from '../../domain/ports/manager-api.ts';
import type { Work } from '../../domain/ports/rotations.ts';
import type { Sink } from '../../domain/ports/sink.ts';
import { wasHeldBefore } from '../../domain/rotation/all-refused.ts';
import { isReopened } from '../../domain/rotation/may-ask.ts';
import type { ClaimedSink } from '../../domain/rotation/publication.ts';
import {
  currentRotation,
  findOpenRotation,
  type Rotation,
  type RotationAggregate,
} from '../../domain/rotation/rotation.ts';
import { applyTimeouts } from '../../domain/rotation/timeouts.ts';
import { openWorkerPool, type WorkerPool } from '../../foundation/loop.ts';
import { applyHolds, applyHoldsIn, SINK_WIDTH } from '../connectors/holds.ts';
import { tellLateAdoptions } from '../connectors/late-adoptions.ts';
import { publish } from '../connectors/publish.ts';
import { aggregateOf, guarded, nowOf, type RotationPorts } from './rotation-ports.ts';
import { type ClaimedCheck, type ProofResult, verify } from './verify.ts';

/**
 * Does all that is due for one technical user: the check, the sinks, the holds. `claimed`: a check that was claimed when the
 * password was received; then only that check is made, and what follows from it.
 */
export async function advanceRotation(
  ports: RotationPorts,
  userId: number,
  validity: ValidityRules,
  claimed: ClaimedCheck | null = null,
): Promise<void> {
  if (claimed !== null) {
    const proved = await verify(ports, userId, claimed);
    if (proved !== null) await publishAndRelease(ports, proved.aggregate, validity, proved.claimedSinks);
    return;
  }
  const aggregate = await aggregateOf(ports, userId);
  // A connector that is slow to hold delays neither the check nor the writing of an accepted password.
  const works = [applyHoldsIn(ports, aggregate), proveAndPublish(ports, aggregate, validity)];
  for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason;
}

/** Makes the check that is due, if one is, and writes the sinks that are due. */
async function proveAndPublish(
  ports: RotationPorts,
  before: RotationAggregate,
  validity: ValidityRules,
): Promise<void> {
  const stage = findOpenRotation(before)?.stage;
  const isOpen = stage === 'candidate' || stage === 'verifying';
  const proved = isOpen ? await verify(ports, before.user.id) : null;
  await publishAndRelease(ports, proved?.aggregate ?? before, validity, proved?.claimedSinks);
}

/** Writes the sinks that are due, and lets their connectors go on. */
async function publishAndRelease(
  ports: RotationPorts,
  aggregate: RotationAggregate,
  validity: ValidityRules,
  claimed: readonly ClaimedSink[] = [],
): Promise<void> {
  const published = await publish(ports, aggregate, validity, claimed);
  if (published > 0 && aggregate.holds.length > 0) await applyHolds(ports, aggregate.user.id);
}

/** The queue for each kind of work, and the number of simultaneous checks at Chorus Pro. */
const BATCH = 200;
const PROOFS = 8;

/**
 * Rounds over all technical users. Proofs have their own workers, and so has each sink: a slow sink delays neither a proof nor another sink. A fault with
 * one technical user never stops the others. Nothing starts once `goOn` says no.
 */
export function openRotationRounds(ports: RotationPorts, validity: ValidityRules, goOn: () => boolean) {
  const publishing = new Set<Promise<void>>();
  const publishInBackground = ({ aggregate, claimedSinks: claimed }: ProofResult) => {
    const item = { work: 'publication', userId: aggregate.user.id } as const;
    const done = guarded(ports, item, () => publishAndRelease(ports, aggregate, validity, claimed)).finally(
      () => publishing.delete(done),
    );
    publishing.add(done);
  };
  const lanes = (kind: Work, width: number, work: (userId: number) => Promise<void>) =>
    openWorkerPool<number>(
      width,
      (userId) => guarded(ports, { work: kind, userId }, () => work(userId)),
      goOn,
    );
  const proofs = lanes('proof', PROOFS, async (userId) => {
    const proved = await verify(ports, userId);
    // The sinks were claimed with the proof: they are written now, and the worker is free for the next proof.
    if (proved !== null && proved.claimedSinks.length > 0) publishInBackground(proved);
  });
  const openLanes = (sink: Sink) => {
    const alone = { ...ports, sinks: [sink] };
    // What waits for a sink that was exchanged meanwhile is due in its successor.
    const isThere = () => ports.sinks.includes(sink);
    const holds = lanes('hold', SINK_WIDTH, async (userId) => {
      if (isThere()) await applyHolds(alone, userId);
    });
    const publications = lanes('publication', SINK_WIDTH, async (userId) => {
      const aggregate = isThere() ? await ports.rotations.aggregate(userId) : null;
      if (aggregate !== null) await publishAndRelease(alone, aggregate, validity);
    });
    return { sink, holds, publications };
  };
  let lanesOfSinks: readonly ReturnType<typeof openLanes>[] = [];
  /** Opens lanes for a new sink, and drops those of one that is gone once nothing is under way there. */
  const followSinks = () => {
    const known = new Set(lanesOfSinks.map(({ sink }) => sink));
    const left = lanesOfSinks.filter((one) => isBusy(one) || ports.sinks.includes(one.sink));
    lanesOfSinks = [...left, ...ports.sinks.filter((sink) => !known.has(sink)).map(openLanes)];
    return lanesOfSinks.filter(({ sink }) => ports.sinks.includes(sink));
  };
  const isBusy = ({ holds, publications }: (typeof lanesOfSinks)[number]) =>
    holds.busy + publications.busy > 0;
  const all = () => [proofs, ...lanesOfSinks.flatMap(({ holds, publications }) => [holds, publications])];
  return {
    /** Queues all that is due; does not wait for it. Returns how many technical users had something due. */
    look: async (): Promise<number> => {
      const now = nowOf(ports);
      const stale = (await applyDueTimeouts(ports)) + (await tellLateAdoptions(ports, BATCH));
      const advanced = new Set<number>();
      const lineUp = async (line: WorkerPool<number>, work: Work, sink?: string) => {
        const due = await ports.rotations.due(work, now, BATCH, sink);
        for (const userId of due) advanced.add(userId);
        line.line(due);
      };
      const sinks = followSinks();
      for (const { sink, holds } of sinks) await lineUp(holds, 'hold', sink.name);
      await lineUp(proofs, 'proof');
      for (const { sink, publications } of sinks) await lineUp(publications, 'publication', sink.name);
      return advanced.size + stale;
    },
    /** Resolves when nothing waits or is under way. */
    idle: async () => {
      while (publishing.size > 0 || all().some(({ busy }) => busy > 0)) {
        await Promise.all([...all().map((line) => line.idle()), ...publishing]);
      }
    },
  };
}

/** Applies the timeouts that have come. Returns for how many technical users. */
async function applyDueTimeouts(ports: RotationPorts): Promise<number> {
  const stale = await ports.rotations.due('time', nowOf(ports), BATCH);
  const conditions = stale.length === 0 ? null : await conditionsOf(ports);
  for (const userId of stale) {
    await guarded(ports, { work: 'time', userId }, () =>
      ports.rotations.update(userId, (aggregate) =>
        applyTimeouts(
          aggregate,
          ports.rules,
          nowOf(ports),
          conditions?.[aggregate.user.environment] ?? 'well',
        ),
      ),
    );
  }
  return stale.length;
}

async function conditionsOf({
  platforms,
}: RotationPorts): Promise<Readonly<Record<Environment, PlatformCondition>>> {
  const [production, qualification] = await Promise.all([
    platforms.of('production'),
    platforms.of('qualification'),
  ]);
  return { production: conditionOf(production), qualification: conditionOf(qualification) };
}

/** The progress of a rotation; without an id, the present state of the technical user. `next`: the next check of the candidate. */
export function progressOf(
  aggregate: RotationAggregate,
  rotationId: string | null,
  next: NextCheck = NO_CHECK,
): RotationProgress {
  const shown = shownRotation(aggregate, rotationId);
  const isCurrent = shown !== null && shown.standing === 'current';
  const phase = shown === null ? 'ready' : phaseOf(shown);
  const { at, waits } = phase === 'proving' ? nextOf(shown, next) : NO_CHECK;
  return {
    phase,
    published: isCurrent && ['published', 'adopted', 'closed'].includes(shown.stage),
    readBack: aggregate.publications.every(
      (one) => one.rotationId !== shown?.id || one.stage !== 'done' || one.readBack !== false,
    ),
    proven: shown?.proven === 'chorus-pro' || shown?.proven === 'connector',
    refusals: shown?.refusals ?? 0,
    cause: shown?.cause ?? null,
    currentStillWorks: shown?.currentStillWorks ?? null,
    bothRefused: shown !== null && shown.bothRefusedSince !== null && shown.refusals > 0,
    heldBefore: shown !== null && wasHeldBefore(aggregate, shown),
    retryRequestedAt: shown?.retryRequestedAt ?? null,
    receivedAt: shown?.receivedAt ?? null,
    nextTryAt: at,
    waits,
    findings: [],
    canClean: false,
    lengths: null,
    oddDate: null,
    expiry: null,
  };
}

/** One that waits beside another has its turn after that one, and nobody knows when. */
function nextOf(shown: Rotation | null, next: NextCheck): NextCheck {
  return shown?.stage === 'superseded' ? { at: null, waits: 'turn' } : next;
}

/** The rotation that a progress is about; null when nothing is in hand. */
export function shownRotation(aggregate: RotationAggregate, rotationId: string | null): Rotation | null {
  const open = findOpenRotation(aggregate);
  const named = aggregate.rotations.find(({ id }) => id === rotationId) ?? null;
  // A rotation that waits beside an unproven password in service and is checked in its turn is no submission of today.
  const inHand = open === null || isReopened(aggregate, open) ? null : open;
  return named ?? inHand ?? latestRefused(aggregate);
}

/** The latest refusal, if nothing has followed it yet. */
function latestRefused(aggregate: RotationAggregate): Rotation | null {
  const since = currentRotation(aggregate)?.acceptedAt ?? 0;
  const [latest] = aggregate.rotations
    .filter(({ endedAt }) => endedAt !== null && endedAt > since)
    .sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  return latest?.stage === 'refused' ? latest : null;
}

function phaseOf({ stage, standing }: Rotation): RotationProgress['phase'] {
  switch (stage) {
    case 'announced':
    case 'unclear':
    case 'refused':
      return stage;
    case 'candidate':
    case 'verifying':
    // Kept until the newer one is proven: for the person who submitted it, it is still being proven.
    case 'superseded':
      return 'proving';
    case 'withdrawn':
      return 'ready';
    default:
      return standing === 'none' ? 'ready' : 'proven';
  }
}
