// The hand-out: the password in service into every sink, each on its own; and whether connectors hold their calls.
//
// Invariant: a sink is written only under a claim that is still ours, and only with the password in service; what may have
// been written is noted before it is written, so that after a crash its hook is owed.
import {
  claimHold,
  claimPublication,
  type Delivered,
  type Delivery,
  settleHold,
  settlePublication,
  touch,
} from '../domain/rotation-publish.ts';
import type { Account, Publishable, Sink } from '../domain/sink.ts';
import { expiryOfUser, type ValidityRules, type Watched } from '../domain/technical-user.ts';
import { type HandoverWorld, nowOf, openCredential } from './handover-world.ts';

/** Writes every sink that is due for one technical user. Returns how many hold it now that did not before. */
export async function publish(
  world: HandoverWorld,
  userId: number,
  validity: ValidityRules,
): Promise<number> {
  const book = await world.rotations.book(userId);
  const waiting = new Set(
    book?.publications.filter(({ stage }) => stage === 'due' || stage === 'claimed').map(({ sink }) => sink),
  );
  const sinks = world.sinks.filter(({ name }) => waiting.has(name));
  const done = await Promise.all(
    sinks.map(async (sink) => {
      const lease = world.newId();
      const delivery = await world.rotations.turn(userId, (book) =>
        claimPublication(book, sink.name, lease, world.rules, nowOf(world)),
      );
      return delivery === null ? false : publishOne(world, userId, sink, delivery, lease, validity);
    }),
  );
  return done.filter(Boolean).length;
}

async function publishOne(
  world: HandoverWorld,
  userId: number,
  sink: Sink,
  delivery: Delivery,
  lease: string,
  validity: ValidityRules,
): Promise<boolean> {
  const delivered = await attempt(world, userId, sink, delivery, lease, validity);
  // The claim was lost before anything was written: whoever has it now settles it.
  if (delivered === null) return false;
  const settled = await world.rotations.turn(userId, (book) =>
    settlePublication(book, sink.name, lease, delivered, world.rules, nowOf(world)),
  );
  const facts = {
    userId,
    sink: sink.name,
    rotation: delivery.rotation.id,
    version: delivery.rotation.version,
  };
  if (settled === 'done') world.journal.info(facts, 'password published');
  else
    world.journal.warn({ ...facts, settled, fault: delivered.ok ? null : delivered.fault }, 'not published');
  return settled === 'done';
}

/** One try: what is there already is not written again; what was written is read back; then the hook. */
async function attempt(
  world: HandoverWorld,
  userId: number,
  sink: Sink,
  { rotation, publication, credential }: Delivery,
  lease: string,
  validity: ValidityRules,
): Promise<Delivered | null> {
  const failed = (fault: string): Delivered => ({ ok: false, fault, output: '' });
  const password = await openCredential(world, credential);
  if (password === null) return failed('the sealed password cannot be opened; see: releve key check');
  const book = await world.rotations.book(userId);
  if (book === null) return failed('the technical user is no longer known');
  const content = publishableOf(book.user, rotation.version ?? book.user.version, password, validity);
  const found = await sink.compare(content);
  if (!found.ok) return failed(found.fault);
  if (!found.same) {
    const isOurs = await world.rotations.turn(userId, (now) => touch(now, lease, world.rules, nowOf(world)));
    if (!isOurs) return null;
    const written = await sink.write(content);
    if (!written.ok) return failed(written.fault);
  }
  const wrote = !found.same || publication.touched;
  if (!wrote || !sink.hasHook) return { ok: true, wrote, output: '' };
  const hooked = await sink.hook(content);
  return hooked.ok
    ? { ok: true, wrote, output: hooked.output }
    : { ok: false, fault: hooked.fault, output: hooked.output };
}

function accountOf({ login, environment, home }: Watched): Account {
  return { login, environment, siret: home.siret, structure: home.name };
}

function publishableOf(
  user: Watched,
  version: number,
  password: Publishable['password'],
  validity: ValidityRules,
): Publishable {
  return {
    ...accountOf(user),
    version,
    password,
    changedOn: user.facts.changedOn?.toString() ?? null,
    expiresOn: expiryOfUser(user, validity).on?.toString() ?? null,
  };
}

/** Tells connectors to hold, or to go on, where they were not told yet. */
export async function tellHolds(world: HandoverWorld, userId: number): Promise<void> {
  const book = await world.rotations.book(userId);
  const untold = new Set(
    book?.holds.filter(({ wanted, applied }) => wanted !== applied).map(({ sink }) => sink),
  );
  await Promise.all(
    world.sinks.filter(({ name }) => untold.has(name)).map((sink) => tellHold(world, userId, sink)),
  );
}

async function tellHold(world: HandoverWorld, userId: number, sink: Sink): Promise<void> {
  const { rotations, rules } = world;
  const lease = world.newId();
  const claimed = await rotations.turn(userId, (book) =>
    claimHold(book, sink.name, lease, rules, nowOf(world)),
  );
  const book = claimed === null ? null : await rotations.book(userId);
  if (claimed === null || book === null) return;
  const worked = await sink.hold(accountOf(book.user), claimed.wanted);
  const fault = worked.ok ? null : worked.fault;
  await rotations.turn(userId, (now) => settleHold(now, claimed, fault, rules, nowOf(world)));
  const facts = { userId, sink: sink.name, hold: claimed.wanted };
  if (fault === null)
    world.journal.info(facts, claimed.wanted ? 'connector told to hold' : 'connector told to go on');
  else world.journal.warn({ ...facts, fault }, 'connector not told');
}
