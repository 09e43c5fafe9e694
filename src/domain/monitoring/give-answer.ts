// Decides what a manager's answer without a secret changes: a line of the audit trail, a task, the last answer, and what follows where
// the reset is said to be done. It changes no role and no date.
//
// Invariant: what was typed stands in the task alone; the audit trail, which is kept for ever, has the kind and the day.
import { standingAnswer } from '../account/technical-user.ts';
import { openAbout, type Task, type TaskFacts, taskFactsOf } from '../notification/task.ts';
import type { ReadAnswer } from '../parsing/answer.ts';
import { type QuietRules, quietAfter } from '../reminder/quiet.ts';
import { andThen, ChangeSetBuilder, noChange } from '../rotation/change-set.ts';
import { type Actor, announce } from '../rotation/receive.ts';
import {
  currentHealth,
  findOpenRotation,
  type RotationAggregate,
  type RotationDecision,
} from '../rotation/rotation.ts';
import type { RotationRules } from '../rotation/rotation-rules.ts';
import { parisDay } from '../shared/calendar.ts';
import type { ProbeOutcome } from './apply-probe-verdict.ts';
import { isProbed, requestProbe } from './probe-claim.ts';

/** `id` is that of the new task; `open` are the open tasks about the technical user. */
export interface GivenByManager {
  readonly actor: Actor;
  readonly id: string;
  readonly read: ReadAnswer;
  readonly open: readonly Task[];
}

/** A manager who says that the reset is done makes Chorus Pro be asked at most this often, in ms. */
const ASKED_EVERY_MS = 60_000;

/**
 * Takes an answer. The last one given again, while its task is open, is nothing new; another one of its kind takes over that task. Returns whether Chorus Pro is to be asked about
 * the password in service: that request is kept, whatever becomes of the process.
 */
export function giveAnswer(
  aggregate: RotationAggregate,
  { actor, id, read, open }: GivenByManager,
  rules: RotationRules & QuietRules,
  now: number,
): RotationDecision<boolean> {
  const { user } = aggregate;
  const { principal, version } = user;
  if (principal === null) return noChange(false);
  const facts: TaskFacts = { ...taskFactsOf(user, rules.validity), day: read.day, text: read.text };
  const waiting = openAbout(open, read.kind, facts);
  const before = standingAnswer(user);
  const isKnown = waiting !== null && waiting.facts.day === facts.day && waiting.facts.text === facts.text;
  const again = before !== null && isKnown && before.task === waiting.id ? before : null;
  const asks = read.kind === 'done-already' && !isLately(before?.doneAt ?? null, now);
  if (again !== null && !asks) return noChange(false);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const doneAt = asks ? now : (before?.doneAt ?? null);
  if (again !== null) changeSet.answered({ ...again, doneAt });
  else {
    const { kind, day } = read;
    const detail = day === null ? kind : `${kind} ${day}`;
    changeSet.audit('answered', null, { who: actor.by, channel: actor.channel, detail });
    const task = waiting?.id ?? `answer/${id}`;
    if (!isKnown) changeSet.task({ id: task, kind, userId: user.id, facts, forWhom: 'it-service' });
    const quiet = quietAfter(user, read, parisDay(Temporal.Instant.fromEpochMilliseconds(now)), rules);
    changeSet.answered({ kind, at: now, day, task, version, personId: principal.id, quiet, doneAt });
  }
  const given = changeSet.decide(false);
  // One that is known to be refused is not asked about again: the connectors hold already.
  if (!asks || currentHealth(aggregate)?.state === 'stopped') return given;
  return andThen(aggregate, given, (after) => requestProbe(after, rules, now));
}

/** An instant ahead was written by a wrong clock. */
function isLately(at: number | null, now: number): boolean {
  return at !== null && Math.abs(now - at) < ASKED_EVERY_MS;
}

/** What Chorus Pro has said of the password in service since its manager said that the reset is done; `unasked`: it cannot be asked. */
export function checkSinceDone(
  aggregate: RotationAggregate,
  doneAt: number,
  rules: RotationRules,
  now: number,
): 'works' | 'refused' | 'unknown' | 'unasked' {
  const { state, askedAt, workedAt } = currentHealth(aggregate) ?? {
    state: 'unasked',
    askedAt: null,
    workedAt: null,
  };
  if (state === 'stopped') return 'refused';
  if (askedAt === null || askedAt < doneAt) return isProbed(aggregate, rules, now) ? 'unknown' : 'unasked';
  return workedAt !== null && workedAt >= askedAt ? 'works' : 'refused';
}

/** An answer about the password in service, with what was asked before it; `id` is that of a new rotation. */
export interface Probed {
  readonly probed: ProbeOutcome;
  readonly askedBefore: number | null;
  readonly id: string;
}

/**
 * After the first refusal since a manager said that the reset is done, the account is as after an announcement: the connectors hold
 * for as long, and the page asks for the new password. Returns whether it was announced.
 */
export function announceDone(
  aggregate: RotationAggregate,
  { probed, askedBefore, id }: Probed,
  rules: RotationRules,
  now: number,
): RotationDecision<boolean> {
  const { user } = aggregate;
  const doneAt = standingAnswer(user)?.doneAt ?? null;
  const isRefused = probed === 'doubtful' || probed === 'unjudged';
  if (!isRefused || doneAt === null || user.principal === null) return noChange(false);
  // Later refusals, and one long after, say nothing new of that reset.
  if (askedBefore !== null && askedBefore > doneAt) return noChange(false);
  if (aggregate.rotations.some(({ announcedAt }) => (announcedAt ?? 0) >= doneAt)) return noChange(false);
  if (now - doneAt > SAID_FOR_MS || findOpenRotation(aggregate) !== null) return noChange(false);
  const { name, email } = user.principal;
  const actor: Actor = { channel: 'form', by: `${name} <${email ?? ''}>` };
  const { changes, answer } = announce(aggregate, { actor, id }, rules, now);
  return { changes, answer: answer.kind === 'announced' };
}

/** For so long, in ms, an answer of Chorus Pro may be about what the manager said. */
const SAID_FOR_MS = 86_400_000;
