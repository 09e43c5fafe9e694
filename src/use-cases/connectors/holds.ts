// The word to connectors: whether they hold their calls, each told by its own sink, until it was told.
//
// Invariant: one telling at a time for each sink, under a lease that is renewed while its program runs: the last word that
// a connector hears is the one that is wanted.

import type { Watched } from '../../domain/account/technical-user.ts';
import { passwordFactsOf, type Sink } from '../../domain/ports/sink.ts';
import { claimHold, settleHold } from '../../domain/rotation/hold.ts';
import type { Book } from '../../domain/rotation/rotation.ts';
import { orFault } from '../rotation/item-faults.ts';
import { type HandoverWorld, nowOf, underLease } from '../rotation/rotation-ports.ts';

/** Tells connectors to hold, or to go on, where they were not told yet. */
export async function tellHolds(world: HandoverWorld, userId: number): Promise<void> {
  const book = await world.rotations.book(userId);
  if (book !== null) await tellHoldsIn(world, book);
}

/** The same over a book that was just read. */
export async function tellHoldsIn(world: HandoverWorld, { user, holds }: Book): Promise<void> {
  const untold = new Set(holds.filter(({ wanted, applied }) => wanted !== applied).map(({ sink }) => sink));
  const sinks = world.sinks.filter((sink) => untold.has(sink.name) && sink.serves(user));
  await Promise.all(sinks.map((sink) => tellHold(world, user, sink)));
}

async function tellHold(world: HandoverWorld, user: Watched, sink: Sink): Promise<void> {
  const { rotations, rules } = world;
  const lease = world.newId();
  const claimed = await rotations.turn(user.id, (book) =>
    claimHold(book, sink.name, lease, rules, nowOf(world)),
  );
  if (claimed === null) return;
  const facts = passwordFactsOf(user, rules.validity);
  const worked = await orFault(world.journal, { userId: user.id, sink: sink.name }, () =>
    underLease(world, user.id, lease, () => sink.hold(facts, claimed.wanted)),
  );
  const fault = worked.ok ? null : worked.fault;
  await rotations.turn(user.id, (book) => settleHold(book, claimed, fault, rules, nowOf(world)));
  const told = { userId: user.id, sink: sink.name, hold: claimed.wanted };
  if (fault === null)
    world.journal.info(told, claimed.wanted ? 'connector told to hold' : 'connector told to go on');
  else world.journal.warn({ ...told, fault }, 'connector not told');
}
