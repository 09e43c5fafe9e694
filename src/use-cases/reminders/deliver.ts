// The outbox empties itself: claim a letter, ask whether it is still true, word it, hand it to the mail server, note the answer.
//
// Invariant: a letter leaves only while its claim holds; between the server's acceptance and our note of it there is one
// write, and a crash in between repeats the letter with the same Message-ID.
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { NewAlarm, SenderProfile } from '../../domain/notification/letter.ts';
import type { Clock, Logger } from '../../domain/ports/clock.ts';
import type { MailTransport, SendOutcome } from '../../domain/ports/mail-transport.ts';
import type { ClaimedDelivery, DeliveryResult, Outbox } from '../../domain/ports/outbox.ts';
import type { Overview } from '../../domain/ports/overview.ts';
import type { LetterContext } from '../../domain/ports/reminders.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import { TRIES_BEFORE_ALARM } from '../../domain/rotation/rotation-rules.ts';
import { isOpen } from '../../domain/shared/calendar.ts';
import { type DeliveryRules, nextTry } from '../../domain/shared/retry.ts';
import { openRefilledQueue, workThrough } from '../../foundation/loop.ts';
import { kindOfError } from '../rotation/rotation-ports.ts';
import { type SaveResult, saveTogether } from './delivery-results.ts';
import { prepare } from './prepare.ts';

export interface DeliveryPorts {
  readonly outbox: Outbox;
  readonly overview: Overview;
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Null where passwords cannot be handed in: letters then have no links. */
  readonly letterContext: LetterContext | null;
}

/** What one delivery did; `stopped` holds the server's answer when nothing could leave. */
export interface Delivered {
  sent: number;
  later: number;
  refused: number;
  withdrawn: number;
  stopped: string | null;
}

/** So many letters refused in a row for what we are, not for what they are, end a delivery. */
const STRIKES = 3;
/** Letters that failed inside this program are set aside for so long, in ms. */
const SET_ASIDE_MS = 3_600_000;

/** Sends all that may leave now, until nothing is left, `goOn` says stop, or the mail server cannot be reached. */
export async function deliver(
  ports: DeliveryPorts,
  {
    rules,
    sender,
    delivery,
  }: { readonly rules: Rules; readonly sender: SenderProfile; readonly delivery: DeliveryRules },
  goOn: () => boolean = () => true,
): Promise<Delivered> {
  const done: Delivered = { sent: 0, later: 0, refused: 0, withdrawn: 0, stopped: null };
  // Six lanes to a connection: while one letter is under way, others are worded, and others noted.
  const width = delivery.connections * 6;
  const underWay = { count: 0 };
  const save = saveTogether(ports.outbox, delivery.connections * 4, () => underWay.count === 0);
  const step: Step = { ports, rules, sender, delivery, goOn, done, strikes: { inARow: 0 }, save, underWay };
  const take = openRefilledQueue(width, () => claim(step));
  await workThrough(take, width, (one) => deliverOne(one, step));
  return done;
}

interface Step {
  readonly ports: DeliveryPorts;
  readonly rules: Rules;
  readonly sender: SenderProfile;
  readonly delivery: DeliveryRules;
  readonly goOn: () => boolean;
  readonly done: Delivered;
  readonly strikes: { inARow: number };
  readonly save: SaveResult;
  /** Letters handed to the mail server that it has not answered yet. */
  readonly underWay: { count: number };
}

/** A claim with what it is about, as it was when it was claimed. */
interface InHand {
  readonly claimed: ClaimedDelivery;
  readonly users: ReadonlyMap<number, TechnicalUser>;
  readonly claimedAt: Temporal.Instant;
}

/** Claims the next letters; none when the delivery is to end. */
async function claim({ ports, rules, delivery, goOn, done }: Step): Promise<readonly InHand[]> {
  if (!goOn() || done.stopped !== null) return [];
  const now = ports.clock.now();
  const claims = await ports.outbox.claim({
    now: now.epochMilliseconds,
    leaseMs: delivery.leaseMs,
    count: delivery.batch,
    includeScheduled: isOpen(now, rules.window, rules.calendar),
  });
  const users = await ports.outbox.usersOf(
    claims.flatMap(({ letter }) => letter.items.map(({ userId }) => userId)),
  );
  return claims.map((claimed) => ({ claimed, users, claimedAt: now }));
}

async function deliverOne(inHand: InHand, step: Step): Promise<void> {
  const { ports, done } = step;
  const { claimed } = inHand;
  const result = await attempt(inHand, step);
  const ours = await step.save(claimed, result);
  const facts = { letter: claimed.letter.id, kind: claimed.letter.kind, outcome: result.kind };
  if (!ours) {
    ports.logger.warn(facts, 'a claim was taken over before its letter was settled');
    return;
  }
  if (result.kind === 'released') return;
  done[result.kind] += 1;
  const reply = 'reply' in result ? result.reply : result.reason;
  if (result.kind === 'sent') ports.logger.info({ ...facts, reply }, 'letter sent');
  else ports.logger.warn({ ...facts, reply }, `letter ${result.kind}`);
}

/** One try: everything that can go wrong ends in a settlement, so that a bad letter never stops the others. */
async function attempt(inHand: InHand, step: Step): Promise<DeliveryResult> {
  const { ports, done } = step;
  const { claimed, claimedAt } = inHand;
  const now = ports.clock.now();
  const at = now.epochMilliseconds;
  const age = at - claimedAt.epochMilliseconds;
  // Half of the lease is kept for the sending itself; a machine that slept must not send on a claim that is over.
  if (done.stopped !== null || !step.goOn() || age < 0 || age > step.delivery.leaseMs / 2) {
    return { kind: 'released', at, reply: null };
  }
  try {
    const ready = await prepare(inHand, step.ports, step, now);
    if (ready.kind === 'withdrawn') return { kind: 'withdrawn', at, reason: ready.reason };
    step.underWay.count += 1;
    const outcome = await ports.transport.send(ready.mail).finally(() => {
      step.underWay.count -= 1;
    });
    return settlementOf(claimed, outcome, step);
  } catch (error) {
    ports.logger.error(
      { letter: claimed.letter.id, error },
      'a letter could not be made; it is set aside for an hour',
    );
    await tellOfFault(ports, claimed, error, at);
    return {
      kind: 'later',
      at,
      nextAt: at + SET_ASIDE_MS,
      reply: 'not sent: an error inside Relève, see the log',
    };
  }
}

/** At the third time the IT service hears of a letter that cannot be made; but not of one that itself only says so. */
async function tellOfFault(
  { outbox, logger }: DeliveryPorts,
  claimed: ClaimedDelivery,
  error: unknown,
  at: number,
) {
  const { letter, recipient, tries } = claimed;
  const saysSo = letter.kind === 'alarm' && letter.alarms.every(({ kind }) => kind === 'item-failed');
  if (tries + 1 < TRIES_BEFORE_ALARM || saysSo) return;
  const facts = {
    ...{ login: letter.items[0]?.login ?? null, structure: null, siret: null, deadline: null, reply: null },
    ...{
      person: recipient.name,
      address: recipient.address,
      detail: `letter ${letter.kind}: ${kindOfError(error)}`,
    },
  };
  const id = `item-failed/letter/${letter.id}/${recipient.address}`;
  await outbox
    .raise({ id, kind: 'item-failed', facts }, at)
    .catch((worse: unknown) =>
      logger.error({ letter: letter.id, error: worse }, 'an alarm could not be raised'),
    );
}

/** What follows from the mail server's answer. */
function settlementOf(claimed: ClaimedDelivery, outcome: SendOutcome, step: Step): DeliveryResult {
  const now = step.ports.clock.now();
  const at = now.epochMilliseconds;
  const { reply } = outcome;
  switch (outcome.kind) {
    case 'sent':
      step.strikes.inARow = 0;
      return { kind: 'sent', at, reply };
    case 'stopped':
      // No connection: no letter's fault, all go back as they were. A refusal in the midst of the talk may be this letter's
      // own: it waits like any other failure, and only several of them in a row say that nothing can leave.
      if (outcome.at === 'connection') step.done.stopped = reply;
      else if (++step.strikes.inARow >= STRIKES) step.done.stopped = reply;
      return outcome.at === 'connection' ? { kind: 'released', at, reply } : later(claimed, reply, now, step);
    case 'never':
      // An alarm that the server refuses has no other way out: it is tried again within its bound.
      if (claimed.letter.kind === 'alarm') return later(claimed, reply, now, step);
      return {
        kind: 'refused',
        at,
        reply,
        deadAddress: outcome.fault === 'address' && claimed.recipient.personId !== null,
        alarm: alarmOf('refused', claimed, reply),
      };
    case 'later':
      return later(claimed, reply, now, step);
  }
}

function later(claimed: ClaimedDelivery, reply: string, now: Temporal.Instant, step: Step): DeliveryResult {
  const at = now.epochMilliseconds;
  const since =
    claimed.firstTriedAt === null ? now : Temporal.Instant.fromEpochMilliseconds(claimed.firstTriedAt);
  const next = nextTry(claimed.tries + 1, since, now, step.delivery.retry);
  if (next !== null) return { kind: 'later', at, nextAt: next.epochMilliseconds, reply };
  const alarm = claimed.letter.kind === 'alarm' ? null : alarmOf('gave-up', claimed, reply);
  return { kind: 'refused', at, reply, deadAddress: false, alarm };
}

/** Tells the IT service that a reader was not reached. */
function alarmOf(kind: 'refused' | 'gave-up', claimed: ClaimedDelivery, reply: string): NewAlarm | null {
  const { letter, recipient } = claimed;
  // The digest goes to the IT service itself: an alarm about its own address would not arrive either.
  if (recipient.personId === null) return null;
  const [lead] = letter.items;
  return {
    id: `${kind}/${letter.id}/${recipient.address}`,
    kind,
    facts: {
      login: lead?.login ?? null,
      structure: null,
      siret: null,
      deadline: lead?.deadline ?? null,
      person: recipient.name,
      address: recipient.address,
      reply,
    },
  };
}
