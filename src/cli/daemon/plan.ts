// `releve plan`: who will get what when, by the daemon's own code with a simulated clock.
import { Command } from 'commander';
import { planLetters } from '../../composition/letters.ts';
import {
  jsonRows,
  padded,
  printable,
  SCREEN,
  shortLogin,
  widthOf,
  withRemarks,
} from '../../content/terminal/formats.ts';
import { readDay } from '../../domain/parsing/date.ts';
import type { PlannedLetter } from '../../use-cases/reminders/plan.ts';
import { optionValue } from '../account-command.ts';
import type { OutputIo } from '../command-context.ts';
import { clockOf, hiddenNow, withContext } from '../runtime.ts';

interface Options {
  readonly until: string;
  readonly json?: boolean;
  readonly now?: string;
}

export const plannedLetterForPrograms = ({ subject: _, ...letter }: PlannedLetter) => letter;

/** Columns of the day, and of what it is; whom it goes to has more of a wide terminal. */
const WIDTHS = [10, 16] as const;
const readersWidth = (width: number) => Math.min(44, Math.max(27, width - 80));

function rowText(cells: readonly [string, string, string], remarks: string, width = SCREEN): string {
  const [day, what, to] = cells.map((cell, at) => padded(printable(cell), WIDTHS[at] ?? readersWidth(width)));
  const line = `${day}  ${what}  ${to}`;
  const isLong = widthOf(line.trimEnd()) > width;
  return isLong
    ? withRemarks(`${day}  ${what}`, `${cells[2]}; ${remarks}`, width)
    : withRemarks(line, remarks, width);
}

/** The head of a plan, and a letter of it. */
export const planHead = (width?: number): string =>
  rowText(['day', 'kind and step', 'to'], 'technical users', width);

/** The letter about a date that nobody knows has that for its step, too. */
const whatWords = (kind: string, step: string | null) =>
  step === null ? kind : kind === step ? `${kind} date` : `${kind} ${step}`;

export function plannedText({ on, kind, step, to, cc, logins }: PlannedLetter, width?: number): string {
  const copies = cc.length === 0 ? [] : [`copy to ${cc.join(', ')}`];
  const remarks = [logins.map(shortLogin).join(', '), ...copies].filter((one) => one !== '').join('; ');
  return rowText([on, whatWords(kind, step), to.join(', ')], remarks, width);
}

export const lettersWord = (count: number): string => `${count} letter${count === 1 ? '' : 's'}`;

/** The plan for people, with its sum. */
async function* planText(
  letters: AsyncIterable<readonly PlannedLetter[]>,
  until: Temporal.PlainDate,
  width?: number,
) {
  let count = 0;
  for await (const page of letters) {
    if (page.length === 0) continue;
    // Without a letter there is no table either.
    const head = count === 0 ? [planHead(width)] : [];
    count += page.length;
    yield `${[...head, ...page.map((one) => plannedText(one, width))].join('\n')}\n`;
  }
  yield count === 0
    ? `No letter until ${until}.\n`
    : `${lettersWord(count)} until ${until}, if nothing changes.\n`;
}

/** Each page, as programs get it. */
async function* forPrograms(letters: AsyncIterable<readonly PlannedLetter[]>) {
  for await (const page of letters) yield page.map(plannedLetterForPrograms);
}

export function planCommand(io: Pick<OutputIo, 'writeAll' | 'width'>): Command {
  return new Command('plan')
    .description('list who will get what when, for the whole fleet')
    .requiredOption('--until <date>', 'last day to look at (2027-03-12 or 12/03/2027)')
    .option('--json', 'for programs')
    .addOption(hiddenNow())
    .action(async (options: Options) => {
      const until = optionValue('--until', readDay(options.until));
      const now = clockOf(options.now).now();
      await withContext(async (parts) => {
        const letters = planLetters(parts, { now, until });
        await io.writeAll(options.json ? jsonRows(forPrograms(letters)) : planText(letters, until, io.width));
      });
    });
}
