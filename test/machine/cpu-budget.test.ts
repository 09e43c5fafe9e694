// The budget of a run: what is counted, what is told, and when it fails.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startProcess } from '../rig/process.ts';

const BUDGET = join(import.meta.dirname, 'cpu-budget');
/** Uses this much CPU time (s) and little more, then ends; as a command of its own. */
const busy = (seconds: number) =>
  `'${process.execPath}' -e 'while (process.cpuUsage().user < ${seconds * 1e6}) for (let n = 0; n < 1e6; n++);'`;

async function measured(budget: string, script: string) {
  const { code, stdout, stderr } = await startProcess([BUDGET, budget, 'sh', '-c', script]).ended;
  const told = /cpu-budget: ([\d.]+) CPU seconds/.exec(stdout)?.[1];
  return { code, said: stdout + stderr, seconds: Number(told) };
}

it('tells what a command and its children used, and passes', async () => {
  const { code, said, seconds } = await measured('50', `${busy(0.3)}; ${busy(0.3)}`);
  expect(said).toMatch(/the budget: 50$/m);
  expect(seconds).toBeGreaterThanOrEqual(0.6);
  expect(code).toBe(0);
});

it('fails over the budget, and says so', async () => {
  const { code, said } = await measured('0.2', busy(0.3));
  expect(said).toContain('that is more than 0.2 CPU seconds');
  expect(code).toBe(1);
});

it('counts what let go of its parent', async () => {
  // It is heard to its end: the pipe stays open as long as it has it.
  const orphan = `(setsid sh -c "${busy(0.6).replaceAll('"', '\\"')}" </dev/null &)`;
  const { seconds } = await measured('none', `${orphan}; sleep 0.1`);
  expect(seconds).toBeGreaterThanOrEqual(0.6);
});

it('names what still runs at the end, and counts it as far as it has come', async () => {
  const endless = `(setsid '${process.execPath}' -e 'while (true);' </dev/null >/dev/null 2>&1 & echo $! >&2)`;
  const { said, code } = await measured('none', endless);
  const pid = Number(/^\d+$/m.exec(said)?.[0]);
  process.kill(pid, 'SIGKILL');
  expect(said).toMatch(new RegExp(`still running, [0-3]\\.\\d CPU seconds so far: ${pid} `));
  expect(code).toBe(0);
});

it('passes on how the command ended', async () => {
  expect((await measured('none', 'exit 3')).code).toBe(3);
  expect((await measured('none', 'kill -9 $$')).code).toBe(137);
});
