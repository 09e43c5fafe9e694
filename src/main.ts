// The `releve` command: each subcommand is a file of commands/.
import { userInfo } from 'node:os';
import { Command, CommanderError } from 'commander';
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import type { InHouse, Surroundings } from './commands/house.ts';
import { importCommand } from './commands/import.ts';
import { lettersCommand } from './commands/letters.ts';
import { listCommand } from './commands/list.ts';
import { planCommand } from './commands/plan.ts';
import { remindCommand } from './commands/remind.ts';
import { runCommand } from './commands/run.ts';
import { EXIT, endingOf, say, systemClock, watchOutput, withHouse } from './commands/session.ts';
import { setCommand } from './commands/set.ts';
import { showCommand } from './commands/show.ts';
import { registryHouse } from './daemon.ts';

/** Whoever gives the command, for the history; a uid without a name (a container's) has its number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

const inHouse: InHouse = (work) => withHouse((parts) => work(registryHouse(parts)));
const around: Surroundings = { write: say, now: systemClock.now, who: userName() };

const program = new Command('releve')
  .description('Watches the expiry of Chorus Pro technical users and warns the people who can renew them.')
  .showHelpAfterError('(releve --help tells how)')
  .addHelpText(
    'after',
    '\nExit codes: 0 well, 1 failed, 2 wrong use or settings, 3 part of the input refused.',
  )
  .exitOverride();

const commands = [
  importCommand(inHouse, around),
  listCommand(inHouse, around),
  showCommand(inHouse, around),
  setCommand(inHouse, around),
  planCommand(),
  remindCommand(),
  lettersCommand(),
  checkCommand(),
  runCommand(),
  demoCommand(),
];
for (const command of commands) {
  for (const each of [command, ...command.commands]) each.copyInheritedSettings(program).exitOverride();
  program.addCommand(command);
}

watchOutput();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has told what was wrong; asking for help is no fault.
    process.exitCode = error.exitCode === 0 ? EXIT.well : EXIT.wrongUse;
  } else {
    const { message, exitCode } = endingOf(error);
    process.stderr.write(`releve: ${message}\n`);
    process.exitCode = exitCode;
  }
}
