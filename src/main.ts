// The `releve` command: each subcommand is a file of cli/.
import { Command, CommanderError } from 'commander';
import { commands } from './cli/program.ts';
import { columnsOf, EXIT, versionOf, watchOutput } from './system/terminal.ts';

/** What an error message may repeat of what was typed: a word in small letters, an option of such words. No portal's password is one. */
const PLAIN_WORD = /^-{0,2}[a-z]+(-[a-z]+)*$/;

/** An error message repeats no superfluous argument and no word that is not plain: a password may be among them. */
const unrepeated = (text: string) =>
  text
    .replace(/( but got \d+): .*$/s, '$1.\n')
    .replace(/(unknown (?:option|command)|argument) '(.*)'/s, (all, what: string, typed: string) =>
      PLAIN_WORD.test(typed) ? all : `${what} '…'`,
    );

/** The same error handling for every command. */
const configured = (command: Command) =>
  command
    .configureOutput({ outputError: (text, write) => write(unrepeated(text)) })
    .showHelpAfterError('(releve --help tells how)')
    .exitOverride();

const program = configured(new Command('releve'))
  .description('Watches the expiry of Chorus Pro technical users and warns the people who can renew them.')
  .version(versionOf(), '--version', 'print the version')
  .addHelpText(
    'after',
    '\nExit codes: 0 well, 1 failed, 2 wrong use or settings, 3 part of the input refused.',
  );

// Only the command that is asked for is loaded: most are over in the time that it would take to load them all.
const [first, second] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const wanted = first === 'help' ? second : first;
for (const command of await commands((name) => name === wanted)) {
  for (const each of [command, ...command.commands]) configured(each);
  program.addCommand(command);
}

watchOutput();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed what was wrong; asking for help is no fault.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse;
  } else {
    const { message, exitCode } = (await import('./cli/runtime.ts')).errorReport(error);
    const width = columnsOf(process.stderr);
    const { wrapped } = await import('./content/terminal/formats.ts');
    process.stderr.write(
      `${width === undefined ? `releve: ${message}` : wrapped(`releve: ${message}`, width)}\n`,
    );
    process.exitCode = exitCode;
  }
}
