// `releve plan`: who will get what when, by the daemon's own code with a simulated clock.
import { Command } from 'commander';
import { planLetters } from '../../composition/letters.ts';
import { table } from '../../content/terminal/formats.ts';
import { readDay } from '../../domain/parsing/date.ts';
import { say, sayJson } from '../../system/terminal.ts';
import type { PlannedLetter } from '../../use-cases/reminders/plan.ts';
import { optionValue } from '../account-command.ts';
import { clockOf, hiddenNow, withContext } from '../runtime.ts';

interface Options {
  readonly until: string;
  readonly json?: boolean;
  readonly now?: string;
}

export const plannedLetterForPrograms = ({ subject: _, ...letter }: PlannedLetter) => letter;

export function plannedTable(letters: readonly PlannedLetter[]): string {
  return table(
    ['day', 'kind', 'step', 'to', 'cc', 'technical users'],
    letters.map(({ on, kind, step, to, cc, logins }) => [
      on,
      kind,
      step ?? '',
      to.join('\n'),
      cc.join('\n'),
      logins.join('\n'),
    ]),
  );
}

export function planCommand(): Command {
  return new Command('plan')
    .description('list who will get what when, for the whole fleet')
    .requiredOption('--until <date>', 'last day to look at (2027-03-12 or 12/03/2027)')
    .option('--json', 'for programs')
    .addOption(hiddenNow())
    .action(async (options: Options) => {
      const until = optionValue('--until', readDay(options.until));
      const now = clockOf(options.now).now();
      const letters = await withContext(async (parts) => planLetters(parts, { now, until }));
      if (options.json) sayJson(letters.map(plannedLetterForPrograms));
      else if (letters.length === 0) say(`No letter until ${until}.`);
      else say(`${plannedTable(letters)}\n${letters.length} letter(s) until ${until}, if nothing changes.`);
    });
}
