// `releve key`: the master keys under which passwords are sealed: made, looked at, changed, tried.
import { resolve } from 'node:path';
import { Command } from 'commander';
import { table } from '../../content/terminal/formats.ts';
import { keyRemedy } from '../../domain/rotation/sealed.ts';
import { CommandError, EXIT } from '../../system/terminal.ts';
import type { SecurityAdmin } from '../../use-cases/security/security-admin.ts';
import {
  type CommandContext,
  type CommandIo,
  type InContext,
  type Options,
  print,
} from '../command-context.ts';

type KeyContext = Pick<CommandContext, 'keys'>;

export function keyCommand(inContext: InContext, io: CommandIo): Command {
  const make = new Command('new')
    .description('make a new master key; from then on it seals')
    .option('--file <path>', 'instead of the file of the setting vault.keyFile')
    .option('--json', 'for programs')
    .action((options: Options & { file?: string }) =>
      inContext((context) => runKeyNew(options, context, io), 'make'),
    );
  const list = new Command('list')
    .description('list the master keys, and how many secrets each of them seals')
    .option('--json', 'for programs')
    .action((options: Options) => inContext((context) => runKeyList(options, context, io)));
  const rotate = new Command('rotate')
    .description(
      'seal everything again, under the newest key, while the daemon runs; goes on where it was cut off',
    )
    .option('--json', 'for programs')
    .action((options: Options) => inContext((context) => runKeyRotate(options, context, io), 'existing'));
  const check = new Command('check')
    .description('open every sealed secret, and tell which cannot be opened')
    .option('--json', 'for programs')
    .action((options: Options) => inContext((context) => runKeyCheck(options, context, io)));
  const key = new Command('key').description('the master keys under which passwords are sealed');
  for (const each of [make, list, rotate, check]) key.addCommand(each);
  return key;
}

/** Makes a key, and prints where it lies. Throws CommandError 2 where no file is named anywhere. */
export async function runKeyNew(
  options: Options & { readonly file?: string },
  { keys, keyFile, hasKeyCommand }: Pick<CommandContext, 'keys' | 'keyFile' | 'hasKeyCommand'>,
  io: CommandIo,
): Promise<void> {
  const file = options.file === undefined ? keyFile : resolve(options.file);
  if (file === null) {
    throw new CommandError(
      EXIT.wrongUse,
      hasKeyCommand
        ? 'the master keys come from the program of vault.keyCommand; make one with --file PATH, and put its line there'
        : 'no file for master keys is set: set vault.keyFile (RELEVE_VAULT_KEY_FILE), or name a file with --file PATH',
    );
  }
  const { id, used } = await keys.make(file);
  const lost = used ? (await keys.list()).filter(({ known }) => !known) : [];
  const older =
    lost.length === 0
      ? 'Then releve key rotate seals again what older keys sealed.'
      : `What ${lost.map((one) => one.id).join(', ')} sealed stays shut: ${keyRemedy(1)}.`;
  const next = used
    ? `It seals from now on; a running daemon reads it within a minute. ${older}`
    : 'Relève does not read its keys from there yet: set vault.keyFile to it, or put its line where the keys are kept.';
  const copy =
    'Keep a copy of this file apart from the backups of the database: without it no password can be opened, and with ' +
    'both together everybody can.';
  print(
    { json: { id, file, used }, text: `Master key ${id} was added to ${file}.\n${next}\n${copy}` },
    options,
    io,
  );
}

/** Lists the keys. Throws CommandError 1 when there is none, or when something is sealed by a key that is not known. */
export async function runKeyList(options: Options, { keys }: KeyContext, io: CommandIo): Promise<void> {
  const state = keys.state();
  const all = await keys.list();
  const lost = all.filter(({ known }) => !known);
  const remedy = keyRemedy(lost.reduce((sum, { secrets }) => sum + secrets, 0));
  const isFault = state.kind === 'shut' || lost.length > 0;
  const result = {
    json: { state: state.kind, reason: state.kind === 'shut' ? state.reason : null, keys: all },
    text: all.length === 0 ? '' : keysTable(all),
    exit: isFault ? EXIT.failed : EXIT.ok,
    summary:
      state.kind === 'shut'
        ? `${state.reason} ${sentence(remedy)}`
        : `${lost.map(({ id }) => id).join(', ')}: not known, but something is sealed by it; ${remedy}`,
  };
  print(result, options, io);
}

/** Seals everything again under the newest key. Throws CommandError 1 when that must not be done yet, or when something cannot be opened. */
export async function runKeyRotate(
  options: Options,
  { keys, daemonState }: Pick<CommandContext, 'keys' | 'daemonState'>,
  io: CommandIo,
): Promise<void> {
  const rotated = await keys
    .rotate(daemonState(), (done) => io.progress.show(`${done} sealed again`))
    .finally(() => io.progress.end());
  if (rotated.kind === 'shut') throw new CommandError(EXIT.failed, rotated.reason);
  if (rotated.kind === 'daemon-lacks-it') {
    throw new CommandError(
      EXIT.failed,
      `the running daemon does not know the master key ${rotated.sealing} yet, and could not open what it seals. It reads ` +
        'its keys every minute: wait, then repeat this. If it still does not know it, it reads other keys than this ' +
        'command does: compare vault.keyFile and vault.keyCommand; with a systemd credential, restart it. Nothing was changed.',
    );
  }
  const { failed } = rotated;
  const result = {
    json: rotated,
    text: rotatedWords(rotated),
    exit: failed.length === 0 ? EXIT.ok : EXIT.failed,
    summary: `${failed.length} secret(s) could not be opened; see: releve key check`,
  };
  print(result, options, io);
}

/** Opens all. Throws CommandError 1 when something cannot be opened. */
export async function runKeyCheck(options: Options, { keys }: KeyContext, io: CommandIo): Promise<void> {
  const state = keys.state();
  const { opened, failed } = await keys.check();
  if (state.kind === 'shut' && failed.length === 0)
    throw new CommandError(EXIT.failed, `${state.reason} ${sentence(keyRemedy(0))}`);
  const result = {
    json: { opened, failed },
    text: [`${opened} secret(s) opened.`, ...(failed.length === 0 ? [] : ['', unopenedText(failed)])].join(
      '\n',
    ),
    exit: failed.length === 0 ? EXIT.ok : EXIT.failed,
    summary: `${failed.length} secret(s) cannot be opened`,
  };
  print(result, options, io);
}

type Unopened = Awaited<ReturnType<SecurityAdmin['keys']['check']>>['failed'][number];

/** So many accounts are shown; --json has them all. */
const SHOWN = 20;

/** One line for each account, and once what to do. */
function unopenedText(failed: readonly Unopened[]): string {
  const groups = Map.groupBy(failed, ({ what, of, keyId, why }) =>
    JSON.stringify([of === null ? what : `${of.login} (${of.environment})`, keyId, why]),
  );
  const rows = [...groups].map(([key, each]) => {
    const [whose = '', keyId = '', why = ''] = JSON.parse(key) as string[];
    return [whose, each.length, keyId, WHY[why as Unopened['why']]];
  });
  const more = rows.length > SHOWN ? [`… and ${rows.length - SHOWN} more; --json has them all`] : [];
  const isBroken = failed.some(({ why }) => why === 'broken');
  const lost = failed.filter(({ why }) => why !== 'broken').length;
  return [
    table(['whose', 'secrets', 'sealed by', 'why'], rows.slice(0, SHOWN)),
    ...more,
    '',
    ...(lost === 0 ? [] : [`To do: ${keyRemedy(lost)}.`]),
    ...(isBroken ? ['What is broken: restore it from a backup, or have that password reset.'] : []),
  ].join('\n');
}

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

const WHY = {
  shut: 'there is no master key',
  'unknown-key': 'this master key is not known',
  broken: 'it was changed, cut short or moved',
} as const;

type KeptKeys = Awaited<ReturnType<SecurityAdmin['keys']['list']>>;

type Rotated = Extract<Awaited<ReturnType<SecurityAdmin['keys']['rotate']>>, { kind: 'done' }>;

/** One line for each key; one that is missing cannot be overlooked. */
function keysTable(keys: KeptKeys): string {
  const known = (value: boolean | null) => (value === null ? 'not said yet' : value ? 'yes' : 'no');
  return table(
    ['key', 'state', 'secrets', 'known to the daemon'],
    keys.map((key) => [
      key.id,
      key.known ? (key.seals ? 'seals' : 'opens') : 'NOT KNOWN: what it seals cannot be opened',
      key.secrets,
      known(key.knownToDaemon),
    ]),
  );
}

/** The result of sealing again, and what may be done with the former keys. */
function rotatedWords({ sealing, resealed, failed, idle }: Rotated): string {
  const done =
    resealed === 0
      ? `Everything is sealed under ${sealing} already.`
      : `${resealed} secret(s) sealed again, under ${sealing}.`;
  const lost =
    failed.length === 0
      ? ''
      : `\n${failed.length} could not be opened:\n${failed.map((one) => `  ${one}`).join('\n')}`;
  const over =
    idle.length === 0
      ? ''
      : `\nNothing is sealed by ${idle.join(', ')} any more. Keep their lines as long as you keep backups of the database ` +
        'made before now; then they may be removed.';
  return `${done}${lost}${over}`;
}
