// What `releve show` tells of a manager's last answer under the link, and of reminders that rest; the words that were typed are in
// the answer's task alone.
import { parisTime } from '../../content/terminal/formats.ts';
import { standingAnswer, type TechnicalUser } from '../../domain/account/technical-user.ts';
import type { AccountStatus } from '../../domain/reminder/account-status.ts';

/** The answer, and until when reminders to the manager rest because of it or of a pause. */
export function answerRows(
  user: TechnicalUser,
  { restsUntil }: Pick<AccountStatus, 'restsUntil'>,
): readonly (readonly [string, string])[] {
  const answer = standingAnswer(user);
  const isPaused = restsUntil !== null && user.paused?.until === restsUntil.toString();
  const why = isPaused ? 'paused by an agent' : `who answered ${answer?.quiet?.kind}`;
  const rest = `to the manager rest until ${restsUntil}, ${why}; deputies get theirs`;
  const said = answer?.day == null ? answer?.kind : `${answer.kind} ${answer.day}`;
  return [
    ...(answer === null
      ? []
      : [['answered', `${said}, at ${parisTime(answer.at)} (releve task list --done)`] as const]),
    ...(restsUntil === null ? [] : [['reminders', rest] as const]),
  ];
}
