// The `releve` command: each subcommand is a file of commands/.
import { userInfo } from 'node:os';
import { Command, CommanderError } from 'commander';
import type { InAgentHouse } from './commands/agent-house.ts';
import { announceCommand } from './commands/announce.ts';
import { auditCommand, writeTo } from './commands/audit.ts';
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { isConfirmed, readSecret } from './commands/hidden-prompt.ts';
import type { InHouse } from './commands/house.ts';
import { importCommand } from './commands/import.ts';
import { type InKeeperHouse, keeperHouse } from './commands/keeper-house.ts';
import { keyCommand } from './commands/key.ts';
import { lettersCommand } from './commands/letters.ts';
import { listCommand } from './commands/list.ts';
import { planCommand } from './commands/plan.ts';
import { publishCommand } from './commands/publish.ts';
import { remindCommand } from './commands/remind.ts';
import { runCommand } from './commands/run.ts';
import {
  daemonRuns,
  EXIT,
  endingOf,
  say,
  systemClock,
  watchOutput,
  withHandover,
  withHouse,
} from './commands/session.ts';
import { setCommand } from './commands/set.ts';
import { type InShowHouse, showCommand } from './commands/show.ts';
import { submitCommand } from './commands/submit.ts';
import { tokenCommand } from './commands/token.ts';
import { verifyCommand } from './commands/verify.ts';
import { withdrawCommand } from './commands/withdraw.ts';
import { registryHouse } from './daemon.ts';
import { agentsOver, openBooks, openKeepers } from './daemon-agents.ts';
import { progressOn } from './host/progress.ts';

/** Whoever gives the command, for the history; a uid without a name (a container's) has its number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

const who = userName();
const inHouse: InHouse = (work) => withHouse((parts) => work(registryHouse(parts)));
const inShowHouse: InShowHouse = (work) =>
  withHouse((parts) => work({ ...registryHouse(parts), books: openBooks(parts) }));
const inAgentHouse: InAgentHouse = (work) =>
  withHandover((parts, handover) =>
    work({ agents: agentsOver(parts, handover, who), daemonRuns: () => daemonRuns(parts.config) }),
  );
const inKeeperHouse: InKeeperHouse = (work) =>
  withHouse((parts) => work(keeperHouse(parts, openKeepers(parts, process.env, systemClock, who))));
const terminal = { input: process.stdin, output: process.stderr };
const around = {
  write: say,
  now: systemClock.now,
  who,
  progress: progressOn(process.stderr),
  secret: (question: string) => readSecret(question, terminal),
  confirmed: (question: string) => isConfirmed(question, terminal),
  terminal: process.stdout.isTTY === true,
  writeAll: (pieces: AsyncIterable<string>) => writeTo(process.stdout, pieces),
};

/** What is wrong is told without repeating what is too much on the line: a password may be among it. */
const unrepeated = (text: string) =>
  text.replace(/( but got \d+): .*$/s, '$1.\n').replace(/(unknown option '[^'=]*)=.*'/s, "$1=…'");

/** The same manners for every command. */
const settled = (command: Command) =>
  command
    .configureOutput({ outputError: (text, write) => write(unrepeated(text)) })
    .showHelpAfterError('(releve --help tells how)')
    .exitOverride();

const program = settled(new Command('releve'))
  .description('Watches the expiry of Chorus Pro technical users and warns the people who can renew them.')
  .addHelpText(
    'after',
    '\nExit codes: 0 well, 1 failed, 2 wrong use or settings, 3 part of the input refused.',
  );

const commands = [
  importCommand(inHouse, around),
  listCommand(inHouse, around),
  showCommand(inShowHouse, around),
  setCommand(inHouse, around),
  planCommand(),
  remindCommand(),
  lettersCommand(),
  announceCommand(inAgentHouse, around),
  submitCommand(inAgentHouse, around),
  verifyCommand(inAgentHouse, around),
  publishCommand(inAgentHouse, around),
  withdrawCommand(inAgentHouse, around),
  keyCommand(inKeeperHouse, around),
  tokenCommand(inKeeperHouse, around),
  auditCommand(inKeeperHouse, around),
  checkCommand(),
  runCommand(),
  demoCommand(),
];
for (const command of commands) {
  for (const each of [command, ...command.commands]) settled(each);
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
