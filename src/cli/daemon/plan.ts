// `releve plan`: who will get what when, by the daemon's own code with a simulated clock.
import { Command } from 'commander';
import { planLetters } from '../../composition/letters.ts';
import { jsonRows, tablePages } from '../../content/terminal/formats.ts';
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

export const PLAN_HEAD = ['day', 'kind', 'step', 'to', 'cc', 'technical users'];

export const plannedRow = ({ on, kind, step, to, cc, logins }: PlannedLetter) => [
  on,
  kind,
  step ?? '',
  to.join('\n'),
  cc.join('\n'),
  logins.join('\n'),
];

/** The plan for people, with its sum. */
async function* planText(letters: AsyncIterable<readonly PlannedLetter[]>, until: Temporal.PlainDate) {
  let count = 0;
  const counted = async function* () {
    for await (const page of letters) {
      count += page.length;
      yield page;
    }
  };
  const table = tablePages(PLAN_HEAD, counted(), plannedRow);
  // Without a letter there is no table either.
  for await (const piece of table) if (count > 0) yield piece;
  yield count === 0
    ? `No letter until ${until}.\n`
    : `${count} letter(s) until ${until}, if nothing changes.\n`;
}

/** Each page, as programs get it. */
async function* forPrograms(letters: AsyncIterable<readonly PlannedLetter[]>) {
  for await (const page of letters) yield page.map(plannedLetterForPrograms);
}

export function planCommand(io: Pick<OutputIo, 'writeAll'>): Command {
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
        await io.writeAll(options.json ? jsonRows(forPrograms(letters)) : planText(letters, until));
      });
    });
}
