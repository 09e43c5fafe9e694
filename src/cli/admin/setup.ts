// `releve setup`: asks the few questions of a new installation, writes its settings, makes the master key, and checks everything.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import type { ConfigSources } from '../../config/config.ts';
import { presentValues, settingsText, valuesOf } from '../../config/settings-file.ts';
import { table } from '../../content/terminal/formats.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { oddSignOf } from '../../foundation/text.ts';
import { CHECKOUT, distrustOf, errorCode, unsafeWords } from '../../foundation/trusted-file.ts';
import { hasDataFolder } from '../../system/data-folder.ts';
import { makeFile, makeFolder, type NewFile } from '../../system/kept-file.ts';
import { becomeUser, type ServiceUser, serviceUser } from '../../system/service-user.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { CommandContext, InContext, InteractiveIo } from '../command-context.ts';
import { errorReport, settingSources } from '../runtime.ts';
import { checkCommand } from './check.ts';
import { runKeyNew } from './key.ts';
import { askLine, askQuestions, type QuestionIo, textOf } from './setup-questions.ts';

/** What it asks with, and what it knows of the process. */
export interface SetupIo extends InteractiveIo, QuestionIo {
  /** Whether a person can be asked. */
  readonly hasKeyboard: boolean;
}

type KeyContext = Pick<CommandContext, 'keys' | 'keyFile' | 'hasKeyCommand'>;

export function setupCommand(inContext: InContext<KeyContext>, io: SetupIo): Command {
  return new Command('setup')
    .description(
      'ask the questions of a new installation, write its settings, make its master key, and check it',
    )
    .action(async () => {
      const keyFile = await runSetup(settingSources(), io);
      if (!existsSync(keyFile)) await inContext((context) => runKeyNew({}, context, io), 'make');
      else io.write(`The master keys in ${keyFile} were there already, and stay.\n`);
      await checkCommand().parseAsync([], { from: 'user' });
    });
}

const NO_TERMINAL =
  'setup asks at a terminal, and standard input is none: give the command in one, or write the settings by hand ' +
  '(config/default.yaml has every key), name their file in RELEVE_CONFIG, then releve key new and releve check';

/**
 * Asks, and writes what was answered once all is answered; from then on this process reads these settings, as the user who runs
 * the daemon. Gives the file of the master keys. Throws CommandError: 2 without a terminal, 1 when nothing was written.
 */
export async function runSetup(sources: ConfigSources, io: SetupIo): Promise<string> {
  if (!io.hasKeyboard) throw new CommandError(EXIT.wrongUse, NO_TERMINAL);
  io.aside(
    'Enter takes what stands between brackets. Nothing is written before the last question; Ctrl-C gives up.\n',
  );
  const file = await settingsFile(sources, io);
  if (existsSync(file)) return await compare(file, sources, io);
  const user = await userWhoRuns(io);
  const folder = dirname(file);
  const answers = await askQuestions(
    {
      present: new Map([...presentValues(null, sources), ...placesFor(folder, user, sources)]),
      sources,
      isNew: true,
      faultHere: (key, answer) => (key === 'data' ? dataFault(resolve(sources.cwd, answer), user) : null),
    },
    io,
  );
  answers.set('vault.keyFile', join(folder, 'keys', 'master-keys'));
  const secrets = await askSecrets(answers, join(folder, 'keys'), user, io);
  const settings: NewFile = {
    path: file,
    text: settingsText(answers, HEAD, sources),
    mode: user === null ? 0o600 : 0o640,
    owner: user === null ? null : { uid: 0, gid: user.gid },
    replaces: false,
  };
  const data = resolve(sources.cwd, answers.get('data') ?? '');
  if (!(await io.confirmed(`\nThis writes ${[...secrets, settings].map(({ path }) => path).join(', ')}.`)))
    throw new CommandError(EXIT.failed, 'not confirmed; nothing was written');
  await write(folder, data, user, [...secrets, settings]);
  if (user !== null) becomeUser(user);
  const ignored = readFrom(file, sources.env);
  io.write(`The settings are in ${file}. Change them there; config/default.yaml has every other key.\n`);
  if (ignored.length > 0)
    io.aside(`${ignored.join(', ')} of this shell would beat them: unset what no longer holds.`);
  return join(folder, 'keys', 'master-keys');
}

const HEAD = `# The settings of this installation, written by releve setup. Every other key: config/default.yaml.
# After a change: releve check, then restart the daemon.`;

/** The user who runs the daemon, where root installs for another; null where it is the one who asks. */
async function userWhoRuns(io: QuestionIo): Promise<ServiceUser | null> {
  if (process.geteuid?.() !== 0) return null;
  const usual = serviceUser('releve') === null ? 'root' : 'releve';
  for (;;) {
    const name = (await askLine(`User who runs the daemon [${usual}]: `, io)) || usual;
    const user = serviceUser(name);
    if (user !== null) return user.uid === 0 ? null : user;
    io.aside('  no such user; systemd/README.md says how to make it');
  }
}

/** Where the settings shall lie: a new file in a folder that this user may write to, or the file that is there. */
async function settingsFile({ env, cwd }: ConfigSources, io: QuestionIo): Promise<string> {
  const usual = process.geteuid?.() === 0 ? '/etc/releve/releve.yaml' : resolve(cwd, 'releve.yaml');
  const shown = env.RELEVE_CONFIG ? resolve(cwd, env.RELEVE_CONFIG) : usual;
  for (;;) {
    const typed = await askLine(`Settings file [${shown}]: `, io);
    const file = resolve(cwd, typed || shown);
    const fault = (typed === '' ? null : pathFault(typed)) ?? (existsSync(file) ? null : placeFault(file));
    if (fault === null) return file;
    io.aside(`  ${fault}`);
  }
}

/** The lines of a block that was pasted whole come as answers, too: a command is no path. */
function pathFault(typed: string): string | null {
  return /^[^-\s]\S*\.ya?ml$/.test(typed)
    ? null
    : 'found no path of a YAML file; allowed: such as /etc/releve/releve.yaml';
}

/** Why nothing can be made at a path; null when it can. */
function placeFault(path: string): string | null {
  const distrust = distrustOf(path);
  if (distrust !== null) return `${path} ${unsafeWords(distrust)}: ${distrust.remedy}`;
  let above = dirname(path);
  while (!existsSync(above)) above = dirname(above);
  if (!statSync(above).isDirectory()) return `${above} is no folder: name another place`;
  try {
    accessSync(above, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return `this user may not write in ${above} (${errorCode(error)}): name another place, or run it as root: ${CHECKOUT}/bin/releve setup`;
  }
}

/** Where data and sinks are expected beside the settings. */
function placesFor(folder: string, user: ServiceUser | null, { env }: ConfigSources) {
  const sinks = join(folder, 'sinks.yaml');
  const data = env.RELEVE_DATA || (user === null ? join(folder, 'var') : '/var/lib/releve');
  return [['data', data] as const, ...(existsSync(sinks) ? [['sinks.file', sinks] as const] : [])];
}

function dataFault(folder: string, user: ServiceUser | null): string | null {
  try {
    if (hasDataFolder(folder, user?.uid ?? process.getuid?.() ?? -1)) return null;
    // Root makes it for the other user.
    return placeFault(folder);
  } catch (error) {
    return errorReport(error).message;
  }
}

/** The secrets that the answers ask for: the question's key, the setting that names the file, and the file. */
const SECRETS = [
  ['mail.smtp.user', 'mail.smtp.passwordFile', 'smtp-password', 'The password'],
  [
    'chorus.production.clientId',
    'chorus.production.clientSecretFile',
    'piste-production',
    'The client secret',
  ],
] as const;

/** Asks for each secret, unseen, and adds the setting that names its file. */
async function askSecrets(
  answers: Map<string, string>,
  folder: string,
  user: ServiceUser | null,
  io: SetupIo,
): Promise<readonly NewFile[]> {
  const files: NewFile[] = [];
  for (const [key, setting, name, words] of SECRETS) {
    const whose = answers.get(key) ?? '';
    if (whose === '') continue;
    const path = join(folder, name);
    answers.set(setting, path);
    const isKept = existsSync(path) && (await io.line(`${path} is there already. Keep it? [yes]: `)) !== 'no';
    if (isKept) continue;
    const secret = await askSecret(`${words} of ${whose} (nothing is shown): `, io);
    files.push({ path, text: `${secret.reveal()}\n`, mode: 0o600, owner: user, replaces: true });
  }
  return files;
}

async function askSecret(question: string, { secret, aside }: SetupIo): Promise<Secret> {
  for (;;) {
    const typed = await secret(question);
    const fault = typed.reveal() === '' ? 'nothing' : oddSignOf(typed.reveal());
    if (fault === null) return typed;
    aside(`  found ${fault}; allowed: the secret alone`);
  }
}

/** Writes all of it, the settings last: what is cut off before leaves no settings, and is done again. */
async function write(
  folder: string,
  data: string,
  user: ServiceUser | null,
  files: readonly NewFile[],
): Promise<void> {
  const deaf = () => undefined;
  process.on('SIGINT', deaf);
  try {
    await makeFolder(folder, 0o750, user === null ? null : { uid: 0, gid: user.gid });
    await makeFolder(join(folder, 'keys'), 0o700, user);
    await makeFolder(data, 0o700, user);
    for (const file of files) await makeFile(file);
  } finally {
    process.off('SIGINT', deaf);
  }
}

/** Lets the rest of this process read these settings and no others; gives the variables that would beat them. */
function readFrom(file: string, env: ConfigSources['env']): readonly string[] {
  const others = Object.keys(env).filter((name) => name.startsWith('RELEVE_') && name !== 'RELEVE_CONFIG');
  for (const name of others) delete process.env[name];
  process.env.RELEVE_CONFIG = file;
  return others;
}

/** Says what other answers would change in a settings file that is there. Throws CommandError: it is never written over. */
async function compare(file: string, sources: ConfigSources, io: SetupIo): Promise<never> {
  const kept = `${file} is there already, and was left as it is`;
  if (
    !(await io.confirmed(
      `${file} is there already, and setup writes over no settings. Answer the questions to compare?`,
    ))
  )
    throw new CommandError(EXIT.failed, kept);
  const present = presentValues(file, sources);
  const answers = await askQuestions({ present, sources, isNew: false, faultHere: () => null }, io);
  const changes = [...valuesOf(answers, sources)].flatMap(([key, value]) => {
    const [before, after] = [textOf(present.get(key)), textOf(value)];
    return before === after ? [] : [[key, before === '' ? 'null' : before, after === '' ? 'null' : after]];
  });
  io.write(
    changes.length === 0 ? 'Nothing would change.\n' : `${table(['key', 'there', 'answer'], changes)}\n`,
  );
  throw new CommandError(EXIT.failed, `${kept}; change it there by hand`);
}
