// What `releve show` tells of a manager's last answer under the link; the words that were typed are in its task alone.
import { parisTime } from '../../content/terminal/formats.ts';
import { standingAnswer, type TechnicalUser } from '../../domain/account/technical-user.ts';
import type { AccountStatus } from '../../domain/reminder/account-status.ts';

/** The answer, and until when reminders to the manager rest because of it. */
export function answerRows(
  user: TechnicalUser,
  { restsUntil }: Pick<AccountStatus, 'restsUntil'>,
): readonly (readonly [string, string])[] {
  const answer = standingAnswer(user);
  if (answer === null) return [];
  const { kind, day, at, quiet } = answer;
  const said = day === null ? kind : `${kind} ${day}`;
  const rest = `to the manager rest until ${restsUntil}, who answered ${quiet?.kind}; deputies get theirs`;
  return [
    ['answered', `${said}, at ${parisTime(at)} (see releve task list --done)`],
    ...(restsUntil === null ? [] : [['reminders', rest] as const]),
  ];
}
