// Applies holds: makes each connector hold its calls or go on, by its own sink, until a call succeeds.
//
// Invariant: one hold call at a time for each sink, under a lease that is renewed while its program runs, so that the last
// call that reaches a connector is the wanted one.
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { Sink } from '../../domain/ports/sink.ts';
import { claimHold, keepBefore, settleHold } from '../../domain/rotation/hold.ts';
import type { Hold, RotationAggregate } from '../../domain/rotation/rotation.ts';
import { passwordFactsOf, type SinkResult } from '../../domain/rotation/sink-content.ts';
import { nowOf, orFault, type RotationPorts, underLease } from '../rotation/rotation-ports.ts';

/** Makes the hold calls that are still due. */
export async function applyHolds(ports: RotationPorts, userId: number): Promise<void> {
  const aggregate = await ports.rotations.aggregate(userId);
  if (aggregate !== null) await applyHoldsIn(ports, aggregate);
}

/** The same over an aggregate that was just read. */
export async function applyHoldsIn(ports: RotationPorts, { user, holds }: RotationAggregate): Promise<void> {
  const due = new Set(holds.filter(({ wanted, applied }) => wanted !== applied).map(({ sink }) => sink));
  const sinks = ports.sinks.filter((sink) => due.has(sink.name) && sink.serves(user));
  await Promise.all(sinks.map((sink) => applyHold(ports, user, sink)));
}

async function applyHold(ports: RotationPorts, user: TechnicalUser, sink: Sink): Promise<void> {
  const { rotations, rules } = ports;
  const lease = ports.newId();
  const claimed = await rotations.update(user.id, (aggregate) =>
    claimHold(aggregate, { sink: sink.name, lease }, rules, nowOf(ports)),
  );
  if (claimed === null) return;
  const worked = await orFault(ports.logger, { userId: user.id, sink: sink.name }, () =>
    underLease(ports, user.id, lease, () => tell(ports, user, sink, claimed)),
  );
  const fault = worked.ok ? null : worked.fault;
  await rotations.update(user.id, (aggregate) =>
    settleHold(aggregate, { claimed, fault }, rules, nowOf(ports)),
  );
  const logged = { userId: user.id, sink: sink.name, hold: claimed.wanted };
  if (fault === null)
    ports.logger.info(logged, claimed.wanted ? 'connector told to hold' : 'connector told to go on');
  else ports.logger.warn({ ...logged, fault }, 'connector not told');
}

/** Where a hold overwrites what a person may have set, that is read and stored first: a crash in between must not lose it. */
async function tell(
  ports: RotationPorts,
  user: TechnicalUser,
  sink: Sink,
  claimed: Hold,
): Promise<SinkResult> {
  const facts = passwordFactsOf(user, ports.rules.validity);
  const { wanted: on, before } = claimed;
  if (!on || before !== null || sink.beforeHold === undefined) return sink.hold(facts, { on, before });
  const found = await sink.beforeHold(facts);
  if (!found.ok) return found;
  const isOurs = await ports.rotations.update(user.id, (aggregate) =>
    keepBefore(aggregate, claimed, found.before, nowOf(ports)),
  );
  if (isOurs) return sink.hold(facts, { on, before: found.before });
  return { ok: false, fault: `sink ${sink.name}: another process tells its connector now` };
}

/** At the usual two proofs a second a sink may take 16 s for each without delaying another. */
export const SINK_WIDTH = 32;

interface Slots {
  busy: number;
  /** First come, first served. */
  readonly waiting: (() => void)[];
}

const slotsOf = new WeakMap<Sink, Slots>();

/** Runs work on a sink as soon as fewer than `SINK_WIDTH` are under way there. */
export async function inSlot<T>(sink: Sink, work: () => Promise<T>): Promise<T> {
  const slots = slotsOf.get(sink) ?? { busy: 0, waiting: [] };
  slotsOf.set(sink, slots);
  if (slots.busy < SINK_WIDTH) slots.busy += 1;
  else await new Promise<void>((resolve) => slots.waiting.push(resolve));
  try {
    return await work();
  } finally {
    // The slot goes directly to the next one that waits.
    const next = slots.waiting.shift();
    if (next === undefined) slots.busy -= 1;
    else next();
  }
}
