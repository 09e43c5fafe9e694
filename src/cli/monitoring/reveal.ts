// `releve task reveal`: shows the password that a task asks a person to type into a product, once, on a terminal.
import { taskTitle } from '../../content/letters/digest/task-list.ts';
import { loginWords, printable } from '../../content/terminal/formats.ts';
import type { TaskWithUser } from '../../domain/ports/tasks.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { Revealed } from '../../use-cases/tasks/by-hand.ts';
import type { CommandContext, InteractiveIo } from '../command-context.ts';
import type { ShownEnd } from '../terminal/shown-secret.ts';

export interface RevealIo extends InteractiveIo {
  /** Whether a person types, and reads what is written. */
  readonly hasKeyboard: boolean;
  readonly terminal: boolean;
  /** Shows lines on the terminal until Enter, for two minutes at most, or until `isSo` says no; then nothing of them is left. */
  showSecret(lines: readonly string[], isSo: () => Promise<boolean>): Promise<ShownEnd>;
}

/** Shows it. Throws CommandError where there is no terminal, nothing to show, or where what was shown is overtaken. */
export async function runTaskReveal(
  one: TaskWithUser,
  { byHand }: Pick<CommandContext, 'byHand'>,
  io: RevealIo,
): Promise<void> {
  const { task, user } = one;
  if (!io.hasKeyboard || !io.terminal)
    throw new CommandError(
      EXIT.wrongUse,
      'a password is shown on a terminal alone: give this command by hand, with neither < nor > nor |',
    );
  if (task.kind !== 'by-hand')
    throw new CommandError(EXIT.failed, `task ${task.number} asks for no password to be typed in`);
  if (task.done !== null) throw notAsked(task.number);
  const what = `${printable(taskTitle(one, 'en'))}; ${printable(loginWords(user))}, ${printable(user.home.name)}.`;
  const question = `${what}\nThe password is shown until you press Enter; the audit trail has that you saw it.`;
  if (!(await io.confirmed(question))) throw new CommandError(EXIT.failed, 'given up; nothing was shown');
  const revealed = await byHand.reveal(one);
  if (revealed === 'not-asked') throw notAsked(task.number);
  if (revealed === 'shut')
    throw new CommandError(EXIT.failed, 'the sealed password cannot be opened; see: releve key check');
  const end = await io.showSecret(linesOf(one, revealed), revealed.isAsked);
  if (end === 'over')
    throw new CommandError(
      EXIT.failed,
      `cleared: another password came into service, or task ${task.number} is done. Type in what you saw no more: releve task list`,
    );
  const late = end === 'late' ? ` after two minutes; to see it again: releve task reveal ${task.number}` : '';
  io.write(`Cleared${late}. Once it is typed in: releve task done ${task.number} --why typed\n`);
}

const notAsked = (number: number) =>
  new CommandError(
    EXIT.failed,
    `task ${number} is done: nothing is shown; releve task list has what is open`,
  );

function linesOf({ task, user }: TaskWithUser, { password, version }: Revealed): readonly string[] {
  const text = password.reveal();
  if (/\p{Cc}/u.test(text))
    throw new CommandError(EXIT.failed, 'this password holds a sign that no terminal can show');
  const blanks = text.match(/\s/gu)?.length ?? 0;
  const counted = `${[...text].length} characters${blanks === 0 ? '' : `, ${blanks} of them blank`}`;
  return [
    printable(`${loginWords(user)}, version ${version}`),
    printable(task.facts.text ?? ''),
    '',
    `  ${text}`,
    '',
    `${counted}. Enter clears it; after two minutes it is cleared by itself.`,
  ];
}
