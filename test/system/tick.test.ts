import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startTicks, type Ticks } from '../../src/system/tick.ts';

const EVERY_SECOND = '* * * * * *';
let ticks: Ticks | undefined;
afterEach(() => ticks?.stop(0));

const quiet = { error: () => undefined };

describe('tick', () => {
  test('comes with the clock, and goes on after a failure that it tells', async () => {
    const told: unknown[] = [];
    let count = 0;
    const failing = async () => {
      count += 1;
      throw new Error('poison');
    };
    ticks = startTicks(failing, { error: (facts) => told.push(facts.err) }, EVERY_SECOND);
    await vi.waitFor(() => expect(count).toBeGreaterThanOrEqual(2), 20_000);
    expect(told.length).toBeGreaterThanOrEqual(1);
    expect(String(told[0])).toContain('poison');
  });

  test('a tick that throws at once is told too', async () => {
    const told: unknown[] = [];
    const thrower = (): Promise<void> => {
      throw new Error('at once');
    };
    ticks = startTicks(thrower, { error: (facts) => told.push(facts.err) });
    await ticks.now();
    expect(String(told[0])).toContain('at once');
  });

  test('never two at once: neither by the clock nor by hand', async () => {
    let running = 0;
    let most = 0;
    let count = 0;
    const slow = async () => {
      running += 1;
      count += 1;
      most = Math.max(most, running);
      await sleep(1500);
      running -= 1;
    };
    ticks = startTicks(slow, quiet, EVERY_SECOND);
    const both = Promise.all([ticks.now(), ticks.now()]);
    await both;
    await vi.waitFor(() => expect(count).toBeGreaterThanOrEqual(2), 20_000);
    expect(most).toBe(1);
  });

  test('stopping waits for the running tick, and no other begins', async () => {
    let ended = 0;
    const slow = async () => {
      await sleep(200);
      ended += 1;
    };
    ticks = startTicks(slow, quiet);
    void ticks.now();
    await sleep(10);
    expect(await ticks.stop(5000)).toBe(true);
    expect(ended).toBe(1);
    await ticks.now();
    expect(ended).toBe(1);
  });

  test('stopping waits no longer than its limit', async () => {
    ticks = startTicks(() => sleep(3000), quiet);
    void ticks.now();
    const before = performance.now();
    expect(await ticks.stop(100)).toBe(false);
    expect(performance.now() - before).toBeLessThan(1500);
  });

  test('a stopped pulse lets its process end, a running one keeps it', () => {
    const source = resolve(import.meta.dirname, '../../src/system/tick.ts');
    const script = `
      import { startTicks } from ${JSON.stringify(source)};
      const ticks = startTicks(async () => process.stdout.write('tick'), { error() {} }, '* * * * * *');
      setTimeout(() => ticks.stop(100), 1500);`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 10_000,
    });
    expect(run.stdout).toMatch(/^(tick){1,2}$/);
    expect([run.status, run.signal, run.stderr]).toEqual([0, null, '']);
  });
});
