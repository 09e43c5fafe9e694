// `releve demo`: how it is asked for; the demo itself is loaded only then, as the daemon has no use for its mail catcher.
import { Command } from 'commander';
import { KEYS } from '../../demo/clock.ts';
import { FILE_START } from '../../demo/fleet.ts';
import { readDay } from '../../domain/parsing/date.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import { optionValue } from '../account-command.ts';

interface Options {
  readonly port: string;
  readonly to?: string;
  readonly once?: boolean;
  readonly start?: string;
  readonly data?: string;
  readonly keep?: boolean;
}

const CLOCK_HELP = `
The clock goes on like any clock, and leaps when you move it: with the buttons of the page, or with a key in this terminal:
  ${KEYS.replaceAll('   ', '\n  ')}
While it leaps, the daemon's own watch looks at each day at 08:30 and 16:00, so that a year takes seconds. Letters go
through a real mail server of the demo's own, on this machine alone; nothing is sent anywhere. Some managers renew their
passwords by themselves, some never do (column "reaction" of config/demo/structures.csv); on the page "Les comptes" you
can do it for them. On the page "L'histoire" you live a handover yourself: the letter, the page it leads to, a simulated
portal, and an invoice connector that goes on with the new password. Your settings, your data and RELEVE_ variables are neither read nor touched.`;

export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'live a handover, and see a year of letters: twenty fictitious structures and a clock you move',
    )
    .option('--port <number>', 'the port of the page on 127.0.0.1; 0: any free one', '0')
    .option('--to <folder>', 'write every letter there too, as eml, txt and html (and ics)')
    .option('--once', 'play one year with one handover, print what came of them, and end')
    .option('--start <date>', `the first day (${FILE_START} or 04/01/2027)`, FILE_START.toString())
    .option('--data <folder>', 'a new folder for the data, which stays; else a temporary one')
    .option('--keep', 'keep the temporary data folder at the end')
    .addHelpText('after', CLOCK_HELP)
    .action(async (options: Options) => {
      const asked = { ...options, start: startOf(options), port: portOf(options) };
      const { runDemo } = await import('../../demo/run.ts');
      await runDemo(asked);
    });
}

/** Moved by a century either way, the file's days would leave the years that the registry takes. */
const FIRST_START = Temporal.PlainDate.from('2014-01-01');
const LAST_START = Temporal.PlainDate.from('2090-12-31');

function startOf({ start = FILE_START.toString() }: Options): Temporal.PlainDate {
  const day = optionValue('--start', readDay(start));
  const isFit = (a: Temporal.PlainDate, b: Temporal.PlainDate) => Temporal.PlainDate.compare(a, b) <= 0;
  if (isFit(FIRST_START, day) && isFit(day, LAST_START)) return day;
  throw new CommandError(
    EXIT.wrongUse,
    `--start: ${day} is too far; ${FIRST_START} to ${LAST_START} are right`,
  );
}

function portOf({ port }: Options): number {
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return Number(port);
  throw new CommandError(EXIT.wrongUse, `--port: "${port}" is no port; 0 to 65535 are right`);
}
