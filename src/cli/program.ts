// The commands of `releve`: what the help says of each, and its file, which is loaded only when the command is given.
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { wrapped } from '../content/terminal/formats.ts';
import { columnsOf, progressOn, say, writeTo } from '../system/terminal.ts';
import type { InContext } from './command-context.ts';
import { isConfirmed, readLine, readList, readSecret } from './terminal/hidden-prompt.ts';
import { showSecret } from './terminal/shown-secret.ts';

/** The user who gives the command, for the history; a uid without a name (a container's) has its number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

const who = userName();
const inContext: InContext = async (work, opening) =>
  (await import('./command-context.ts')).contextFor(who)(work, opening);
/** The same for a command that calls Chorus Pro. */
const callingChorus: InContext = async (work, opening) =>
  (await import('./command-context.ts')).contextFor(who, { calls: true })(work, opening);
const width = columnsOf(process.stdout);
/** JSON stays as it is: it is for programs, on a terminal too. */
const isJson = (text: string) => /^[{[]/.test(text);
const terminal = { input: process.stdin, output: process.stderr };
const io = {
  write: (text: string) => say(width === undefined || isJson(text) ? text : wrapped(text, width)),
  now: () => Temporal.Now.instant(),
  who,
  progress: progressOn(process.stderr),
  secret: (question: string) => readSecret(question, terminal),
  list: async () => readList(process.stdin),
  line: (question: string) => readLine(question, terminal),
  hasKeyboard: process.stdin.isTTY === true,
  confirmed: (question: string) => isConfirmed(question, terminal),
  showSecret: (lines: readonly string[], isSo: () => Promise<boolean>) =>
    showSecret(lines, isSo, { input: process.stdin, output: process.stdout }),
  aside: (text: string) => process.stderr.write(`${text}\n`),
  terminal: process.stdout.isTTY === true,
  width,
  writeAll: (pieces: AsyncIterable<string>) => writeTo(process.stdout, pieces),
};

/** How a command is called and what it does, as the list of all commands says it; and what makes it. */
type ListedCommand = readonly [usage: string, description: string, load: () => Promise<Command>];

const COMMANDS: readonly ListedCommand[] = [
  [
    'setup',
    'ask the questions of a new installation, write its settings, make its master key, and check it',
    async () => (await import('./admin/setup.ts')).setupCommand(inContext, io),
  ],
  [
    'today [options]',
    'show the day on one screen: what is stopped, what is in hand, this week, who does not answer',
    async () => (await import('./monitoring/today.ts')).todayCommand(io),
  ],
  [
    'import [options] <file>',
    'import a CSV file of technical users, all of it or nothing; docs/REGISTRY.md says what it holds',
    async () => (await import('./registry/import.ts')).importCommand(inContext, io),
  ],
  [
    'export [options]',
    'write the registry as a CSV file that releve import reads',
    async () => (await import('./registry/export.ts')).exportCommand(inContext, io),
  ],
  [
    'list [options]',
    'list the technical users: when each expires, how we know, and how it stands',
    async () => (await import('./registry/list.ts')).listCommand(io),
  ],
  [
    'show [options] <subject>',
    'show everything known about a technical user or a structure, and the history',
    async () => (await import('./registry/show.ts')).showCommand(inContext, io),
  ],
  [
    'set [options] <subject>',
    'correct what is known of a technical user, a structure or a person',
    async () => (await import('./registry/set.ts')).setCommand(inContext, io),
  ],
  [
    'plan [options]',
    'list who will get what when, for the whole fleet',
    async () => (await import('./daemon/plan.ts')).planCommand(io),
  ],
  [
    'remind [options]',
    'send what is due now',
    async () => (await import('./daemon/remind.ts')).remindCommand(),
  ],
  [
    'letters',
    'look at letters, or send a personal link',
    async () => (await import('./daemon/letters.ts')).lettersCommand(inContext, io),
  ],
  [
    'enrol [options] [login]',
    'hand in a password that a connector uses already: no renewal, and nobody gets a letter',
    async () => (await import('./rotation/enrol.ts')).enrolCommand(callingChorus, io),
  ],
  [
    'announce [options] <login>',
    'announce a reset: connectors hold their calls until the new password is in service',
    async () => (await import('./rotation/announce.ts')).announceCommand(inContext, io),
  ],
  [
    'submit [options] <login>',
    'hand in a new password: typed unseen, or on standard input; never as an argument',
    async () => (await import('./rotation/submit.ts')).submitCommand(callingChorus, io),
  ],
  [
    'verify [options] <login>',
    'ask Chorus Pro about the password that waits for its proof, or tell how the one in service stands',
    async () => (await import('./rotation/verify.ts')).verifyCommand(callingChorus, io),
  ],
  [
    'publish [options] [login]',
    'compare every sink with the password in service, and write where they differ',
    async () => (await import('./connectors/publish.ts')).publishCommand(inContext, io),
  ],
  [
    'withdraw [options] <login>',
    'take back an announcement, or a password that is not in service yet; connectors go on',
    async () => (await import('./rotation/withdraw.ts')).withdrawCommand(inContext, io),
  ],
  [
    'hold [options] <login>',
    'say that the connector of an account was stopped; releve announce tells those that can be told',
    async () => (await import('./connectors/hold.ts')).holdCommand(inContext, io),
  ],
  [
    'probe [options] [login]',
    'ask Chorus Pro whether passwords in service still work',
    async () => (await import('./monitoring/probe.ts')).probeCommand(callingChorus, io),
  ],
  [
    'discover [options] <login>',
    'ask Chorus Pro which structures an account serves, and compare them with the registry',
    async () => (await import('./registry/discover.ts')).discoverCommand(callingChorus, io),
  ],
  [
    'maintenance',
    'hours in which Chorus Pro or PISTE is known to be closed',
    async () => (await import('./monitoring/maintenance.ts')).maintenanceCommand(inContext, io),
  ],
  [
    'connectors [options] [name]',
    'the connectors of the file of sinks, with what each account holds there',
    async () => (await import('./connectors/connectors.ts')).connectorsCommand(inContext, io),
  ],
  [
    'task',
    'what waits for a person',
    async () => (await import('./monitoring/task.ts')).taskCommand(inContext, io),
  ],
  [
    'key',
    'the master keys under which passwords are sealed',
    async () => (await import('./admin/key.ts')).keyCommand(inContext, io),
  ],
  [
    'token',
    'the tokens with which IT tools hand in passwords, or read',
    async () => (await import('./admin/token.ts')).tokenCommand(inContext, io),
  ],
  [
    'webhook',
    'the address that gets alarms, tasks and changes of state',
    async () => (await import('./admin/webhook.ts')).webhookCommand(io),
  ],
  ['audit', 'the audit trail', async () => (await import('./admin/audit.ts')).auditCommand(inContext, io)],
  [
    'check [options]',
    'check settings, data folder, clock, mail server, master keys, sinks, PISTE, door, webhook, addresses and dates',
    async () => (await import('./admin/check.ts')).checkCommand(),
  ],
  ['run', 'run the daemon', async () => (await import('./daemon/run.ts')).runCommand()],
  [
    'demo [options]',
    'live a handover, and see a year of letters: twenty fictitious structures and a clock you move',
    async () => (await import('./daemon/demo.ts')).demoCommand(),
  ],
  [
    'simulator [options]',
    'a Chorus Pro and a PISTE of your own, for authors of connectors; nothing leaves this machine',
    async () => (await import('./daemon/simulator.ts')).simulatorCommand(),
  ],
];

const nameOf = ([usage]: ListedCommand) => usage.split(' ', 1)[0] ?? '';

/** All commands, new each time: those of a name whole, the others only as the list of commands shows them. */
export function commands(isWanted: (name: string) => boolean): Promise<Command[]> {
  return Promise.all(COMMANDS.map(async (one) => (isWanted(nameOf(one)) ? one[2]() : listed(one))));
}

/** A command that can be listed and not run. */
function listed([usage, description]: ListedCommand): Command {
  const [name, ...words] = usage.split(' ');
  const command = new Command(name).description(description);
  for (const word of words) {
    // Commander says `[options]` of a command that has one.
    if (word === '[options]') command.option('--any');
    else command.argument(word);
  }
  return command;
}
