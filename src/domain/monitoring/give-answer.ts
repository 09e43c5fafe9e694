// Decides what a manager's answer without a secret changes: a line of the audit trail, a task, the last answer. It changes no role
// and no date.
//
// Invariant: what was typed stands in the task alone; the audit trail, which is kept for ever, has the kind and the day.
import { standingAnswer } from '../account/technical-user.ts';
import { type Task, type TaskFacts, taskFactsOf } from '../notification/task.ts';
import type { ReadAnswer } from '../parsing/answer.ts';
import { type QuietRules, quietAfter } from '../reminder/quiet.ts';
import { ChangeSetBuilder, noChange } from '../rotation/change-set.ts';
import type { Actor } from '../rotation/receive.ts';
import type { RotationAggregate, RotationDecision } from '../rotation/rotation.ts';
import { parisDay } from '../shared/calendar.ts';

/** `id` is that of the new task; `open` are the open tasks about the technical user. */
export interface GivenByManager {
  readonly actor: Actor;
  readonly id: string;
  readonly read: ReadAnswer;
  readonly open: readonly Task[];
}

/** Takes an answer. The last one given again, while its task is open, is nothing new. Returns whether it was. */
export function giveAnswer(
  aggregate: RotationAggregate,
  { actor, id, read, open }: GivenByManager,
  rules: QuietRules,
  now: number,
): RotationDecision<boolean> {
  const { user } = aggregate;
  const { principal, version } = user;
  if (principal === null) return noChange(false);
  const facts: TaskFacts = { ...taskFactsOf(user, rules.validity), day: read.day, text: read.text };
  const same = open.find((task) => task.kind === read.kind && isSame(task.facts, facts));
  if (same !== undefined && standingAnswer(user)?.task === same.id) return noChange(false);
  const changeSet = new ChangeSetBuilder(aggregate, now);
  const { kind, day } = read;
  changeSet.audit('answered', null, {
    ...{ who: actor.by, channel: actor.channel },
    detail: day === null ? kind : `${kind} ${day}`,
  });
  const task = same?.id ?? `answer/${id}`;
  if (same === undefined) changeSet.task({ id: task, kind, userId: user.id, facts, forWhom: 'it-service' });
  const quiet = quietAfter(user, read, parisDay(Temporal.Instant.fromEpochMilliseconds(now)), rules);
  changeSet.answered({ kind, at: now, day, task, version, personId: principal.id, quiet });
  return changeSet.decide(true);
}

function isSame(one: TaskFacts, other: TaskFacts): boolean {
  const keys = ['version', 'personId', 'day', 'text'] as const;
  return keys.every((key) => one[key] === other[key]);
}
