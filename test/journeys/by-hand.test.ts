// A password that somebody types into a product's screen: pasted on the page, shown in a real terminal (tmux), claimed, proven; then
// it is looked for wherever somebody could look, the lines above the screen and the history of the shell among them.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { clockVariables, endAll, LAUNCHER, startProcess, waitFor } from '../rig/process.ts';
import { columnsOf, filesBelow } from '../rig/readable-places.ts';
import { seek, told } from '../rig/secret-search.ts';
import { type RotationWorld, startRotationWorld } from '../rig/world-process-rotation.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const PLACE = 'NOVA › Paramètres › Chorus';
const NOVA = { name: 'nova', kind: 'manual', environment: 'production', product: 'NOVA', place: PLACE };

let world: RotationWorld;
let login: string;
let screen: Awaited<ReturnType<typeof openScreen>>;

beforeAll(async () => {
  world = await startRotationWorld({ sinks: () => [NOVA] });
  login = world.users[0]?.login ?? '';
  screen = await openScreen();
});
afterAll(async () => {
  screen?.close();
  await world?.stop();
  await endAll();
});

/** The command with the clock of the world: a shell and tmux, which go on for long, have the machine's own. */
function launcherWithClock(): string {
  const path = join(world.path, 'releve');
  const variables = Object.entries(clockVariables(world.start.clock));
  const exports = variables.map(([name, value]) => `export ${name}='${value}'\n`).join('');
  writeFileSync(path, `#!/bin/sh\n${exports}exec ${LAUNCHER} "$@"\n`, { mode: 0o755 });
  return path;
}

/** A shell in a window of tmux; what is seen in it, and what lies above. */
async function openScreen() {
  const { clock: _, ...start } = world.start;
  const socket = join(world.path, 'tmux');
  const tmux = (...args: readonly string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8' });
  const history = join(world.path, 'home', 'history');
  const env = { ...world.start.env, HISTFILE: history, LANG: 'C.UTF-8', PS1: 'ready> ' };
  await startProcess(
    ['tmux', '-S', socket, '-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '30', 'bash --norc -i'],
    { ...start, env },
  ).ended;
  const seen = () => tmux('capture-pane', '-p');
  const launcher = launcherWithClock();
  return {
    seen,
    launcher,
    history,
    type: (keys: string) => tmux('send-keys', '-l', keys),
    press: (key: string) => tmux('send-keys', key),
    shows: (words: string) =>
      waitFor(
        () => (seen().includes(words) ? true : null),
        () => `the terminal never showed ${words}, but:\n${seen()}`,
      ),
    /** Without a second screen, as some terminals are. */
    withoutSecondScreen: () => tmux('set', '-g', 'alternate-screen', 'off'),
    /** All that can be scrolled back to, and all that tmux keeps of other screens and what was copied. */
    everything: () =>
      [
        tmux('capture-pane', '-p', '-S', '-'),
        tmux('capture-pane', '-p', '-a', '-q'),
        tmux('list-buffers'),
      ].join('\n'),
    // It ends with its shell.
    close: () => spawnSync('tmux', ['-S', socket, 'kill-server']),
  };
}

/** Gives the command in the shell, says yes, and waits until the password is on the screen. */
async function reveal(number: number, password: string) {
  screen.type(`${screen.launcher} task reveal ${number}\n`);
  await screen.shows('Type yes to go on:');
  screen.type('yes\n');
  await screen.shows(password);
}

const openTasks = async (): Promise<readonly { number: number; kind: string }[]> =>
  JSON.parse((await world.run(['task', 'list', '--json'])).stdout);
const stateOf = async () => {
  const { connectors } = JSON.parse((await world.run(['connectors', '--json'])).stdout);
  return connectors[0].accounts[0].state.state;
};

test('pasted on the page, shown in a terminal, claimed and proven; and nowhere else to be found', async () => {
  const password = world.resetAtPortal(login);
  const { status } = await world.postForm(await world.linkFor(login), { password, expiry: '12/03/2028' });
  expect(status).toBe(200);
  const letters = () => world.mail.letters('it@siagep.test');
  const letter = await waitFor(
    async () => (await letters()).find(({ text }) => text.includes('releve task reveal')) ?? null,
    () => 'nobody was told that it is to be typed in',
    90_000,
  );
  const number = Number(/releve task reveal (\d+)/.exec(letter.text)?.[1]);
  expect(letter.text).toContain(PLACE);
  expect(await openTasks()).toMatchObject([{ number, kind: 'by-hand', product: 'NOVA', text: PLACE }]);
  expect(await stateOf()).toBe('waits for a person to type it in');
  const piped = await world.run(['task', 'reveal', String(number)]);
  expect([piped.code, piped.stdout]).toEqual([2, '']);
  expect(piped.stderr).toContain('on a terminal alone');

  await reveal(number, password);
  screen.press('Enter');
  await screen.shows(`Once it is typed in: releve task done ${number}`);
  expect(screen.everything()).not.toContain(password);

  screen.withoutSecondScreen();
  await reveal(number, password);
  expect(await world.run(['task', 'done', String(number), '--why', 'typed'])).toMatchObject({ code: 0 });
  await screen.shows('cleared: another password came into service');
  expect(screen.everything()).not.toContain(password);
  expect(await stateOf()).toBe('typed in by hand');

  const { stdout } = await world.run(['token', 'new', 'nova', '--for', 'report', '--json']);
  const { token } = JSON.parse(stdout);
  const proof = await world.postTool(token, { login, version: 2 }, '/v1/adoptions');
  expect(proof).toMatchObject({ status: 200 });
  const audit = (await world.run(['audit', 'export'])).stdout;
  expect(audit.match(/"what":"revealed"/g)).toHaveLength(2);
  expect(audit).toMatch(/"what":"published".*typed in by hand/);
  expect(audit).toContain('"what":"adopted"');

  screen.type('exit\n');
  await waitFor(
    () => (existsSync(screen.history) ? true : null),
    () => 'the shell left no history',
  );
  const mail = (
    await Promise.all(
      ['it@siagep.test', ...world.users.map(({ manager }) => manager)].map((to) => world.mail.letters(to)),
    )
  ).flat();
  const places = [
    ...filesBelow(world.path, []),
    ...columnsOf(world.database),
    ...mail.map(({ raw }, at) => ({ name: `letter ${at}`, bytes: raw })),
    { name: 'log and commands', bytes: Buffer.from(world.said()) },
    ...world.answers.map((text, at) => ({ name: `answer ${at}`, bytes: Buffer.from(text) })),
  ];
  expect(mail.length).toBeGreaterThan(1);
  expect(told(seek(places, { password }))).toEqual([]);
});
