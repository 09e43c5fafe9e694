// What a manager says under the link without a secret, and what the page tells of it afterwards.
import { standingAnswer } from '../../domain/account/technical-user.ts';
import { checkSinceDone, giveAnswer } from '../../domain/monitoring/give-answer.ts';
import { readAnswer, type TypedAnswer } from '../../domain/parsing/answer.ts';
import type { AnswerResult, GivenAnswer } from '../../domain/ports/manager-api.ts';
import { restsUntil } from '../../domain/reminder/quiet.ts';
import type { RotationAggregate } from '../../domain/rotation/rotation.ts';
import { parisDay } from '../../domain/shared/calendar.ts';
import { askNow } from '../monitoring/prober.ts';
import { actorOf, type ManagerParts, type OpenedLink, soon } from './manager-link.ts';
import { aggregateOf, nowOf } from './rotation-ports.ts';

/** Takes what a manager says without a secret. */
export async function answer(
  parts: ManagerParts,
  { user: { id: userId }, link }: OpenedLink,
  typed: TypedAnswer,
): Promise<AnswerResult> {
  const { ports, calendar } = parts;
  const read = readAnswer(typed, parisDay(ports.clock.now()));
  if (typeof read === 'string') return { kind: 'odd', code: read };
  const given = { actor: actorOf(link), id: ports.newId(), read };
  const asks = await ports.rotations.updateWithTasks(userId, (aggregate, open) =>
    giveAnswer(aggregate, { ...given, open }, { ...ports.rules, calendar }, nowOf(ports)),
  );
  const prober = { ports, pause: parts.wait };
  if (asks) await soon(parts, askNow(prober, userId));
  const answered = answerOf(parts, await aggregateOf(ports, userId));
  return answered === null ? { kind: 'ended', why: 'retired' } : { kind: 'answered', answered };
}

/** The last answer of the principal manager about the password in service; null while there is none. */
export function answerOf(parts: ManagerParts, aggregate: RotationAggregate): GivenAnswer | null {
  const { user } = aggregate;
  const last = standingAnswer(user);
  if (last === null) return null;
  const { kind, at, day, doneAt } = last;
  const { ports } = parts;
  const rest = restsUntil(user, parisDay(ports.clock.now()), parts);
  return {
    kind,
    at,
    day,
    quietUntil: rest?.toString() ?? null,
    check:
      kind === 'done-already' ? checkSinceDone(aggregate, doneAt ?? at, ports.rules, nowOf(ports)) : null,
  };
}
