// A real session bus with a real gnome-keyring, as a service user without a desktop has it; and its other readers.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '../../rig/process.ts';

const run = promisify(execFile);
const KEYTAR = join(import.meta.dirname, '../../machine/keytar/node_modules/keytar');

/** A running bus; its keyring may be there, locked, or missing. */
export interface KeyringRig {
  readonly address: string;
  /** Starts the keyring and unlocks it with a password; `stop` ends it and leaves what it keeps on disk. */
  unlock(password?: string): Promise<void>;
  stopKeyring(): Promise<void>;
  /** Runs a program on this bus. */
  ask(program: string, args: readonly string[], input?: string): Promise<{ code: number; stdout: string }>;
  /** What the real keytar reads; null when it finds nothing. */
  keytar(service: string, account: string): Promise<string | null>;
  /** What Python's own `keyring` gets, or sets where there is a password; null when it finds nothing. */
  python(service: string, username: string, password?: string): Promise<string | null>;
  keytarSets(service: string, account: string, password: string): Promise<void>;
  /** How many items the keyring has for these attributes. */
  count(...attributes: readonly string[]): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a bus of its own. It ends with the test, however that ends. */
export async function startBus(): Promise<KeyringRig> {
  const folder = mkdtempSync(join(tmpdir(), 'releve-keyring-'));
  const address = `unix:path=${folder}/bus`;
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    DBUS_SESSION_BUS_ADDRESS: address,
  };
  const start = (command: readonly string[]) => startBound(command, env);
  const bus = start(['dbus-daemon', '--session', '--nofork', '--nopidfile', `--address=${address}`]);
  const ask: KeyringRig['ask'] = (program, args, input = '') => askProgram(program, args, input, env);
  let keyring: ChildProcess | null = null;
  const owned = async () => {
    const reply = await ask('dbus-send', [...HAS_OWNER, 'string:org.freedesktop.secrets']);
    return reply.code === 0 ? /boolean true/.test(reply.stdout) : null;
  };
  await waitFor(
    async () => ((await owned()) === null ? null : true),
    () => 'the bus did not start',
  );
  const script = (call: string, ...args: readonly string[]) =>
    ask(process.execPath, ['-e', `require(process.argv[1]).${call}`, KEYTAR, ...args]);
  const rig: KeyringRig = {
    address,
    ask,
    unlock: async (password = 'keyring password') => {
      keyring = start(['gnome-keyring-daemon', '--foreground', '--unlock', '--components=secrets']);
      keyring.stdin?.end(password);
      await waitFor(
        async () => ((await owned()) ? true : null),
        () => 'the keyring did not start',
      );
    },
    stopKeyring: async () => {
      await end(keyring);
      keyring = null;
    },
    keytar: async (service, account) => {
      const call = 'getPassword(...process.argv.slice(2)).then((p) => console.log(JSON.stringify(p)))';
      const { code, stdout } = await script(call, service, account);
      if (code !== 0) throw new Error(`keytar ended with ${code}`);
      return JSON.parse(stdout);
    },
    python: async (...given) => {
      // Debian's own, which python3-keyring is for; another Python may stand before it in PATH.
      const { code, stdout } = await ask('/usr/bin/python3', [
        '-c',
        PYTHON,
        ...given.filter((text) => text !== undefined),
      ]);
      if (code !== 0) throw new Error(`Python's keyring ended with ${code}`);
      return JSON.parse(stdout);
    },
    keytarSets: async (service, account, password) => {
      const { code } = await script('setPassword(...process.argv.slice(2))', service, account, password);
      if (code !== 0) throw new Error(`keytar ended with ${code}`);
    },
    count: async (...attributes) => {
      const { stdout } = await ask('sh', ['-c', 'secret-tool search --all "$@" 2>&1', 'sh', ...attributes]);
      return stdout.split('\n').filter((line) => line.startsWith('[/')).length;
    },
    stop: async () => {
      await rig.stopKeyring();
      await end(bus);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

const PYTHON = `
import json, keyring, sys
print(json.dumps((keyring.get_password if len(sys.argv) < 4 else keyring.set_password)(*sys.argv[1:])))`;

const HAS_OWNER = [
  '--session',
  '--print-reply',
  '--dest=org.freedesktop.DBus',
  '/',
  'org.freedesktop.DBus.NameHasOwner',
];

function startBound(command: readonly string[], env: Record<string, string>): ChildProcess {
  const [program = '', ...args] = ['setpriv', '--pdeathsig', 'KILL', ...command];
  return spawn(program, args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
}

async function end(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function askProgram(
  program: string,
  args: readonly string[],
  input: string,
  env: Record<string, string>,
) {
  const asked = run(program, args, { env, timeout: 20_000 });
  asked.child.stdin?.on('error', () => undefined).end(input);
  try {
    return { code: 0, stdout: (await asked).stdout };
  } catch (error) {
    const seen = error as { code?: unknown; stdout?: string };
    return { code: typeof seen.code === 'number' ? seen.code : -1, stdout: seen.stdout ?? '' };
  }
}
