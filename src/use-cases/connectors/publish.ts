// Publishes the password in service into every sink, each on its own.
//
// Invariant: a sink is written only under a claim that is still ours, and only with the password in service; that a sink
// may be written is recorded before, so that its hook still runs after a crash.
import type { ValidityRules } from '../../domain/account/technical-user.ts';
import type { Sink } from '../../domain/ports/sink.ts';
import { claimSinkProof, settleSinkProof } from '../../domain/rotation/call-budget.ts';
import {
  type ClaimedSink,
  claimPublication,
  duePublications,
  type SinkWriteOutcome,
  settlePublication,
} from '../../domain/rotation/publication.ts';
import { currentRotation, type RotationAggregate } from '../../domain/rotation/rotation.ts';
import {
  type Comparison,
  LEFT_REASONS,
  mayOverwrite,
  type OverwriteDecision,
  type Publishable,
  passwordFactsOf,
} from '../../domain/rotation/sink-content.ts';
import { confirmPassword } from '../monitoring/probe.ts';
import {
  nowOf,
  orFault,
  type RotationPorts,
  underLease,
  unsealCredential,
} from '../rotation/rotation-ports.ts';
import { inSlot } from './holds.ts';

/**
 * Writes every sink that is due for one technical user, by an aggregate just read; `claimed`: sinks claimed with the proof.
 * Returns how many hold the password now that did not before.
 */
export async function publish(
  ports: RotationPorts,
  aggregate: RotationAggregate,
  validity: ValidityRules,
  claimed: readonly ClaimedSink[] = [],
): Promise<number> {
  const rotation = currentRotation(aggregate);
  if (rotation === null || rotation.credential === null) return 0;
  const due = duePublications(aggregate, ports.rules, nowOf(ports)).map(({ sink }) => sink);
  const wanted = [...due, ...claimed.map(({ sink }) => sink)];
  // A sink may have been configured again, under its old name, for other accounts or the other environment.
  const sinks = ports.sinks.filter((sink) => wanted.includes(sink.name) && sink.serves(aggregate.user));
  if (sinks.length === 0) return 0;
  const password = await unsealCredential(ports, rotation.credential, aggregate.user);
  const { user } = aggregate;
  const content =
    password === null
      ? null
      : { ...passwordFactsOf(user, validity), version: rotation.version ?? user.version, password };
  const mayWrite = overwriteCheck(ports, aggregate);
  const done = await Promise.all(
    sinks.map((sink) => {
      const mine = claimed.find((one) => one.sink === sink.name) ?? null;
      const target = { userId: user.id, sink, rotationId: rotation.id, content, mine, mayWrite };
      const work = () => inSlot(sink, () => publishOne(ports, target));
      // An existing claim is kept alive while it waits for a slot.
      return mine === null ? work() : underLease(ports, user.id, mine.lease, work);
    }),
  );
  return done.filter(Boolean).length;
}

/** A password to be written into one sink; `content` null when the vault could not open it, `mine` an existing claim. */
interface SinkTarget {
  readonly userId: number;
  readonly sink: Sink;
  readonly rotationId: string;
  readonly content: Publishable | null;
  readonly mine: ClaimedSink | null;
  readonly mayWrite: OverwriteCheck;
}

type OverwriteCheck = (
  found: Extract<Comparison, { ok: true }>,
) => Promise<Exclude<OverwriteDecision, 'ask'>>;

/** Decides whether a sink may be written; a necessary check at Chorus Pro is made once for all the sinks. */
function overwriteCheck(ports: RotationPorts, aggregate: RotationAggregate): OverwriteCheck {
  let confirmed: Promise<void> | null = null;
  const decide = (of: RotationAggregate, found: Parameters<OverwriteCheck>[0], asked: boolean) =>
    mayOverwrite(of, { found, since: ports.startedAt, asked }, ports.rules, nowOf(ports));
  return async (found) => {
    const first = decide(aggregate, found, false);
    if (first !== 'ask') return first;
    confirmed ??= confirmOnce(ports, aggregate);
    await confirmed;
    const second = decide((await ports.rotations.aggregate(aggregate.user.id)) ?? aggregate, found, true);
    return second === 'ask' ? 'unanswered' : second;
  };
}

/** The checks that are under way: each sink has workers of its own, and those of one account wait for the same answer. */
const CONFIRMING = new WeakMap<RotationPorts['verifier'], Map<number, Promise<void>>>();

function confirmOnce(ports: RotationPorts, aggregate: RotationAggregate): Promise<void> {
  const { id } = aggregate.user;
  const underWay = CONFIRMING.get(ports.verifier) ?? new Map<number, Promise<void>>();
  CONFIRMING.set(ports.verifier, underWay);
  const check = underWay.get(id) ?? confirmPassword(ports, aggregate).finally(() => underWay.delete(id));
  underWay.set(id, check);
  return check;
}

/** A sink that is up to date is not written again, so it is compared before the claim; the rest happens under the claim. */
async function publishOne(ports: RotationPorts, target: SinkTarget): Promise<boolean> {
  const { userId, sink, content, mine } = target;
  const where = { userId, sink: sink.name };
  const found = content === null ? SHUT : await orFault(ports.logger, where, () => sink.compare(content));
  const decision = found.ok ? await target.mayWrite(found) : 'write';
  if (decision === 'asking') return false;
  const differs = found.ok && found.state !== 'same' && decision === 'write';
  const claim = mine ?? (await claimOne(ports, target, differs));
  if (claim === null) return false;
  const { lease, write } = claim;
  // A sink claimed with the proof was not compared before: only what differs was, or will be, written.
  const touched = mine === null ? write.publication.touched : differs;
  let outcome: SinkWriteOutcome;
  if (content === null || !found.ok) outcome = failed(found.ok ? SHUT.fault : found.fault);
  else if (decision !== 'write') outcome = leftAlone(sink, decision);
  else {
    const done = await orFault(ports.logger, where, () =>
      underLease(ports, userId, lease, () =>
        writeSink(ports, { sink, content, differs, touched, claim, userId }),
      ),
    );
    outcome = 'output' in done ? done : failed(done.fault);
  }
  const settled = await ports.rotations.update(userId, (aggregate) =>
    settlePublication(aggregate, { sink: sink.name, lease, outcome }, ports.rules, nowOf(ports)),
  );
  const { id: rotation, version } = write.rotation;
  const facts = { userId, sink: sink.name, rotation, version };
  if (settled === 'done') ports.logger.info(facts, 'password published');
  else ports.logger.warn({ ...facts, settled, fault: outcome.ok ? null : outcome.fault }, 'not published');
  return settled === 'done';
}

async function claimOne(
  { rotations, rules, newId, clock }: RotationPorts,
  { userId, sink, rotationId }: SinkTarget,
  differs: boolean,
): Promise<ClaimedSink | null> {
  const lease = newId();
  const claim = { sink: sink.name, rotationId, lease, differs };
  const write = await rotations.update(userId, (aggregate) =>
    claimPublication(aggregate, claim, rules, nowOf({ clock })),
  );
  return write === null ? null : { sink: sink.name, lease, write };
}

const SHUT = { ok: false, fault: 'the sealed password cannot be opened; see: releve key check' } as const;

const failed = (fault: string, output = ''): SinkWriteOutcome => ({ ok: false, fault, output });

function leftAlone(sink: Sink, why: keyof typeof LEFT_REASONS): SinkWriteOutcome {
  const left = why === 'newer' ? 'newer' : 'unproven';
  return { ok: false, fault: `sink ${sink.name}: ${LEFT_REASONS[why]}`, output: '', left };
}

/** Writes if it differs, and reads back where the sink can; the hook runs after a change, also after one that a crash interrupted. */
async function writeSink(ports: RotationPorts, write: SinkWork): Promise<SinkWriteOutcome> {
  const { sink, content, differs, touched } = write;
  if (differs) {
    const written = await sink.write(content);
    if (!written.ok) return failed(written.fault);
  }
  const proof = touched && sink.proof !== undefined ? await prove(ports, write, sink.proof) : null;
  if (proof?.ok === false) return failed(proof.fault);
  // What the connector has proven with the stored password needs no reading back.
  const readBack = sink.readsBack || proof?.output === PROVEN;
  const output = proof?.output ?? '';
  if (!touched || !sink.hasHook) return { ok: true, wrote: touched, readBack, output };
  const hooked = await sink.hook(content);
  return hooked.ok
    ? { ok: true, wrote: touched, readBack, output: [output, hooked.output].filter(Boolean).join('; ') }
    : failed(hooked.fault, hooked.output);
}

/** A sink to be written under a claim. */
interface SinkWork {
  readonly userId: number;
  readonly sink: Sink;
  readonly content: Publishable;
  readonly claim: ClaimedSink;
  readonly differs: boolean;
  readonly touched: boolean;
}

const PROVEN = 'proven by its own call to Chorus Pro';

/** Has the connector prove what it holds, where the account's budget allows that; its call is counted before it is made. */
async function prove(
  ports: RotationPorts,
  { userId, sink, content, claim }: SinkWork,
  ask: NonNullable<Sink['proof']>,
): Promise<SinkWriteOutcome> {
  const { rotations, rules } = ports;
  const question = { sink: sink.name, rotationId: claim.write.rotation.id, lease: claim.lease };
  const may = await rotations.update(userId, (aggregate) =>
    claimSinkProof(aggregate, question, rules, nowOf(ports)),
  );
  if (may === 'failed') {
    // Its words from the first time stay: `fault` of the publication.
    return failed(claim.write.publication.fault ?? `sink ${sink.name}: its own call to Chorus Pro failed`);
  }
  const done = { ok: true, wrote: true, readBack: false } as const;
  if (may !== 'ask') return { ...done, output: `not asked to call Chorus Pro (${may})` };
  const proof = await ask(content);
  await rotations.update(userId, (aggregate) => settleSinkProof(aggregate, question, proof, nowOf(ports)));
  return proof.ok ? { ...done, output: PROVEN } : failed(proof.fault);
}
