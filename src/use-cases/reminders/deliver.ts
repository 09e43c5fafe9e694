import type { SenderProfile } from '../../domain/notification/letter.ts';
import type { Clock, Logger } from '../../domain/ports/clock.ts';
import type { MailTransport, SendOutcome } from '../../domain/ports/mail-transport.ts';
import type { DeliveryResult, Outbox } from '../../domain/ports/outbox.ts';
import type { Overview } from '../../domain/ports/overview.ts';
import type { LetterContext } from '../../domain/ports/reminders.ts';
import type { TaskRepository } from '../../domain/ports/tasks.ts';
import type { Rules } from '../../domain/reminder/reminder-decision.ts';
import { TRIES_BEFORE_ALARM } from '../../domain/rotation/rotation-rules.ts';
import { isOpen } from '../../domain/shared/calendar.ts';
import { type DeliveryRules, nextTry } from '../../domain/shared/retry.ts';
import { openRefilledQueue, workThrough } from '../../foundation/loop.ts';
import { kindOfError } from '../rotation/rotation-ports.ts';
import { factsOf, type SaveResult, saveTogether, unreachedAlarm } from './delivery-results.ts';
import { type Pending, prepare } from './prepare.ts';
import { openStrikes, type Strikes } from './strikes.ts';

export interface DeliveryPorts {
  readonly outbox: Outbox;
  readonly overview: Overview;
  readonly tasks: TaskRepository;
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Null when passwords cannot be submitted: letters then have no links. */
  readonly letterContext: LetterContext | null;
}

/** The rules by which letters are written and sent, and their sender. */
export interface DeliverySettings {
  readonly rules: Rules;
  readonly sender: SenderProfile;
  readonly delivery: DeliveryRules;
}

/** The result of one delivery run; `stopped` is the server's answer when nothing could leave. */
export interface DeliveryCounts {
  sent: number;
  later: number;
  refused: number;
  withdrawn: number;
  stopped: string | null;
}

/** Letters that failed inside this program are set aside for this time, in ms. */
const SET_ASIDE_MS = 3_600_000;

/**
 * Sends every letter that may leave now, until nothing is left, `goOn` says stop, or the mail server cannot be reached;
 * `onlyPrompt`: only what leaves at any hour.
 */
export async function deliver(
  ports: DeliveryPorts,
  settings: DeliverySettings,
  goOn: () => boolean = () => true,
  { onlyPrompt } = { onlyPrompt: false },
): Promise<DeliveryCounts> {
  const { delivery } = settings;
  const done: DeliveryCounts = { sent: 0, later: 0, refused: 0, withdrawn: 0, stopped: null };
  // Six workers for each connection: while one letter is being sent, others are worded or recorded.
  const width = delivery.connections * 6;
  const underWay = { count: 0 };
  const save = saveTogether(ports.outbox, delivery.connections * 4, () => underWay.count === 0);
  const strikes = openStrikes(ports.transport);
  const step: Step = { ports, ...settings, goOn, onlyPrompt, done, strikes, save, underWay };
  const take = openRefilledQueue(width, () => claim(step));
  await workThrough(take, width, (one) => deliverOne(one, step));
  return done;
}

interface Step extends DeliverySettings {
  readonly ports: DeliveryPorts;
  readonly goOn: () => boolean;
  readonly onlyPrompt: boolean;
  readonly done: DeliveryCounts;
  readonly strikes: Strikes;
  readonly save: SaveResult;
  /** Letters that the mail server has not answered yet. */
  readonly underWay: { count: number };
}

interface InHand extends Pending {
  readonly claimedAt: Temporal.Instant;
}

/** Claims the next letters; none when the delivery is to end. */
async function claim({ ports, rules, delivery, goOn, onlyPrompt, done }: Step): Promise<readonly InHand[]> {
  if (!goOn() || done.stopped !== null) return [];
  const now = ports.clock.now();
  const claims = await ports.outbox.claim({
    now: now.epochMilliseconds,
    leaseMs: delivery.leaseMs,
    count: delivery.batch,
    includeScheduled: !onlyPrompt && isOpen(now, rules.window, rules.calendar),
  });
  const users = await ports.outbox.usersOf(
    claims.flatMap(({ letter }) => letter.items.map(({ userId }) => userId)),
    claims.flatMap(({ letter }) => letter.alarms.flatMap(({ facts }) => facts.login ?? [])),
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

/** One try: every fault becomes a result, so that a bad letter never stops the others. */
async function attempt(inHand: InHand, step: Step): Promise<DeliveryResult> {
  const { ports, done } = step;
  const { claimed, claimedAt } = inHand;
  const now = ports.clock.now();
  const at = now.epochMilliseconds;
  const age = at - claimedAt.epochMilliseconds;
  // Half of the lease is reserved for the sending itself; a machine that slept must not send under an expired claim.
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
    return resultOf(inHand, outcome, step);
  } catch (error) {
    ports.logger.error(
      { letter: claimed.letter.id, error },
      'a letter could not be made; it is set aside for an hour',
    );
    await raiseFaultAlarm(ports, inHand, error, at);
    const reply = 'not sent: an error inside Relève, see the log';
    return { kind: 'later', at, nextAt: at + SET_ASIDE_MS, reply, alarm: null };
  }
}

/** Raises an alarm at the third failure to make a letter; but not about a letter that only reports such failures. */
async function raiseFaultAlarm(
  { outbox, logger }: DeliveryPorts,
  inHand: InHand,
  error: unknown,
  at: number,
) {
  const { letter, recipient, tries } = inHand.claimed;
  const isFaultReport = letter.kind === 'alarm' && letter.alarms.every(({ kind }) => kind === 'item-failed');
  if (tries + 1 < TRIES_BEFORE_ALARM || isFaultReport) return;
  const facts = { ...factsOf(inHand), detail: `letter ${letter.kind}: ${kindOfError(error)}` };
  const id = `item-failed/letter/${letter.id}/${recipient.address}`;
  await outbox
    .raise({ id, kind: 'item-failed', facts }, at)
    .catch((worse: unknown) =>
      logger.error({ letter: letter.id, error: worse }, 'an alarm could not be raised'),
    );
}

/** The result that follows from the mail server's answer. */
function resultOf(inHand: InHand, outcome: SendOutcome, step: Step): DeliveryResult {
  const { claimed } = inHand;
  const now = step.ports.clock.now();
  const at = now.epochMilliseconds;
  const { reply } = outcome;
  switch (outcome.kind) {
    case 'sent':
      step.strikes.sent();
      return { kind: 'sent', at, reply };
    case 'stopped':
      // Without a connection no letter is at fault, so all are released.
      if (outcome.at === 'connection') {
        step.done.stopped = reply;
        return { kind: 'released', at, reply };
      }
      if (step.strikes.refused('us')) step.done.stopped = reply;
      return later(inHand, outcome, now, step);
    case 'never':
      // A refused alarm has no other way out: it is tried again within its bound.
      if (claimed.letter.kind === 'alarm') return later(inHand, outcome, now, step);
      // Our letters are much alike: what several servers in a row call spam says something of us, and is kept. So
      // are the addresses that follow many dead ones in a row.
      if (step.strikes.refused(outcome.fault)) {
        step.done.stopped = reply;
        return later(inHand, outcome, now, step);
      }
      return {
        kind: 'refused',
        at,
        reply,
        deadAddress: outcome.fault === 'address' && claimed.recipient.personId !== null,
        alarm: unreachedAlarm('refused', inHand, reply),
      };
    case 'later':
      return later(inHand, outcome, now, step);
  }
}

/** Tries again later, within the bound. */
function later(
  inHand: InHand,
  { kind, reply }: SendOutcome,
  now: Temporal.Instant,
  { delivery, rules }: Step,
): DeliveryResult {
  const { letter, tries, firstTriedAt } = inHand.claimed;
  const at = now.epochMilliseconds;
  const since = firstTriedAt === null ? now : Temporal.Instant.fromEpochMilliseconds(firstTriedAt);
  const next = nextTry(tries + 1, since, now, delivery.retry);
  const alarm = (of: 'refused' | 'gave-up') =>
    letter.kind === 'alarm' ? null : unreachedAlarm(of, inHand, reply);
  if (next === null) return { kind: 'refused', at, reply, deadAddress: false, alarm: alarm('gave-up') };
  // A refusal that lasts may be a dead mailbox, or our own fault: a person must hear of it today.
  const isLasting = tries + 1 >= TRIES_BEFORE_ALARM || !isOpen(next, rules.window, rules.calendar);
  const isTold = kind !== 'later' && isLasting;
  return {
    kind: 'later',
    at,
    nextAt: next.epochMilliseconds,
    reply,
    alarm: isTold ? alarm('refused') : null,
  };
}
