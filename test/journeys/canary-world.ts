// The world of the canaries, full of leaks to be: sinks and hooks that say all they are given, a Chorus Pro that echoes, a log at its loudest.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EchoingGateway, type EchoShape, openEchoingGateway } from '../rig/echoing-gateway.ts';
import { type Folders, fileSink, numberedUsers, type WorldUser } from '../rig/installation.ts';
import { type ProcessWatch, watchProcesses } from '../rig/readable-places.ts';
import { type RotationWorld, startRotationWorld } from '../rig/world-process-rotation.ts';

/** What every other canary begins with, and the others end with: what is left of one that was cut is found by either. */
export const STEMS = { 'its beginning': 'kT4mQ9xZ', 'its end': 'Lw7xPz3v' } as const;

/** Every sign that some dress changes. */
const DRESSED = `"&<'+/%=\\`;

/** A password that nobody else has, as long as the portal makes one, with three of those signs. */
export function canary(number: number): string {
  const signs = [0, 3, 6].map((step) => DRESSED.charAt((number + step) % DRESSED.length)).join('');
  const own = `_${signs}${String(number).padStart(2, '0')}`;
  return number % 2 === 0 ? `${STEMS['its beginning']}${own}` : `${own}${STEMS['its end']}`;
}

/** The accounts of production by what happens to them. */
const PLAYERS = [
  'accepted',
  'refused',
  'chosen clean',
  'chosen as it is',
  'clumsy',
  'loud',
  'tool accepted',
  'tool refused',
  'agent',
  'crashed',
  'shut out',
] as const;
export type Player = (typeof PLAYERS)[number];

/** The accounts of qualification, by how their Chorus Pro answers. */
export const ECHOES: readonly EchoShape[] = [
  'refusal',
  'broken page',
  'business code',
  'success',
  'cut in the midst',
  'hang-up',
];

export interface CanaryWorld extends RotationWorld {
  readonly gateway: EchoingGateway;
  readonly watch: ProcessWatch;
  loginOf(player: Player): string;
  echoLogin(shape: EchoShape): string;
}

/** In as many dresses as a program may put it; what it was given stands in `$given`. */
const SAY_ALL = `
printf '%s\\n' "$given"
printf '%s\\n' "$given" >&2
printf %s "$given" | base64
printf %s "$given" | base64 -w0; echo
printf %s "$given" | od -An -v -tx1 | tr -d ' \\n'; echo
printf %s "$given" | perl -pe 's/(\\W)/sprintf("%%%02X",ord$1)/ge'; echo
printf %s "$given" | perl -pe 's/([&<>"\\x27])/sprintf("&#%d;",ord$1)/ge'; echo
env; tr '\\0' '\\n' </proc/$$/cmdline
# Long enough to be seen by whoever looks at processes.
sleep 0.2
`;

const SCRIPTS: Readonly<Record<string, string>> = {
  'say-and-fail': `given=$(cat)\n${SAY_ALL}\nexit 1`,
  'say-and-end-well': `given=$(cat)\n${SAY_ALL}\nexit 0`,
  'check-that-cannot-say': `given=$(cat)\n${SAY_ALL}\nexit 3`,
  // The reader of what it says stops after 16 KiB, in the midst of the password.
  'say-at-length': `given=$(cat)\nhead -c 16300 /dev/zero | tr '\\0' .\nfor n in 1 2 3 4 5 6 7 8; do printf %s "$given"; done\nexit 1`,
  'loud-hook': `given=$(cat "$1")\n${SAY_ALL}\nexit 1`,
};

function writeScripts({ scripts }: Folders): void {
  for (const [name, text] of Object.entries(SCRIPTS)) {
    writeFileSync(join(scripts, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(scripts, name), 0o700);
  }
}

function sinksOf(folders: Folders, loud: string): readonly object[] {
  writeScripts(folders);
  const script = (name: string) => join(folders.scripts, name);
  const file = { kind: 'file', environment: 'production', logins: [loud] };
  const command = { kind: 'command', environment: 'production', logins: [loud] };
  const dotenv = join(folders.sinks, 'loud.env');
  return [
    fileSink(folders),
    {
      ...file,
      name: 'loud-hook',
      format: 'dotenv',
      reader: 'npm',
      path: dotenv,
      hook: { run: [script('loud-hook'), dotenv] },
    },
    { ...file, name: 'no-folder', format: 'xml', path: join(folders.scripts, 'loud-hook', '{{login}}') },
    { ...command, name: 'failing', run: [script('say-and-fail')] },
    { ...command, name: 'talking', run: [script('say-and-end-well')] },
    { ...command, name: 'unsure', run: ['true'], check: [script('check-that-cannot-say')] },
    { ...command, name: 'long-winded', run: [script('say-at-length')] },
    {
      ...command,
      name: 'echoing',
      environment: 'qualification',
      logins: null,
      run: [script('say-and-fail')],
    },
  ];
}

/** Opens the world; cores of its daemon would be written, were there any. */
export async function openCanaryWorld(): Promise<CanaryWorld> {
  const players = numberedUsers(PLAYERS.length);
  const echoes = numberedUsers(ECHOES.length, 'qualification', 100);
  const loginIn = (users: readonly WorldUser[], place: number) => users[place]?.login ?? '';
  const shapes = Object.fromEntries(ECHOES.map((shape, place) => [loginIn(echoes, place), shape]));
  const gateway = await openEchoingGateway(shapes);
  const world = await startRotationWorld({
    users: [...players, ...echoes],
    sinks: (folders) => sinksOf(folders, loginIn(players, PLAYERS.indexOf('loud'))),
    variables: {
      RELEVE_LOG_LEVEL: 'trace',
      RELEVE_CHORUS_QUALIFICATION_TOKEN_URL: gateway.tokenUrl,
      RELEVE_CHORUS_QUALIFICATION_API_URL: gateway.apiUrl,
    },
    through: ['prlimit', '--core=unlimited:unlimited'],
  });
  const pid = () => {
    try {
      return world.daemon().pid;
    } catch {
      return null;
    }
  };
  const watch = watchProcesses(pid);
  return {
    ...world,
    ...{ gateway, watch },
    loginOf: (player) => loginIn(players, PLAYERS.indexOf(player)),
    echoLogin: (shape) => loginIn(echoes, ECHOES.indexOf(shape)),
    stop: async () => {
      watch.stop();
      await world.stop();
      await gateway.close();
    },
  };
}
