// The daemon from outside: start to ready, memory with a large fleet, the plan of a year and two months.
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { makeFleet, withFolder } from './fleet.ts';
import { middle, report } from './measure.ts';
import { RELEVE, startDaemon, startServer, variables } from './processes.ts';

/** Ten in the morning in Paris, on the Monday of the measurements. */
const MONDAY = '2027-03-01 09:00:00';

async function startToReady(port: number): Promise<void> {
  await withFolder(async (file, folder) => {
    await makeFleet(file, 1_000, 10);
    const seconds: number[] = [];
    for (let run = 0; run < 5; run++) {
      const daemon = startDaemon(variables(folder, port));
      const { after } = await daemon.line(/"msg":"ready"/);
      seconds.push(after / 1_000);
      await daemon.stop();
    }
    const figure = middle(seconds);
    report('start to ready, 1,000 users', `${figure.toFixed(2)} s`, '1 s', figure < 1);
  });
}

async function memory(port: number): Promise<void> {
  await withFolder(async (file, folder) => {
    await makeFleet(file, 100_000, 500);
    // The first tick looks at all hundred thousand: the rules are new to this database. Then the figures are asked for.
    const env = { ...variables(folder, port), RELEVE_HTTP_ACCOUNT_METRICS: 'all' };
    const daemon = startDaemon(env, { at: MONDAY });
    const { text } = await daemon.line(/"msg":"ready"/);
    const { address } = JSON.parse(text) as { address: string };
    let ready = false;
    while (!ready) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      ready = (await fetch(`${address}/readyz`)).ok;
    }
    const figures = await (await fetch(`${address}/metrics`)).text();
    const sent = /releve_letters_total\{kind="reminder",outcome="sent"\} (\d+)/.exec(figures)?.[1];
    const rss = daemon.memory();
    await daemon.stop();
    const seen = `${rss.toFixed(0)} MiB (after ${sent} letters and ${(figures.length / 1e6).toFixed(0)} MB of metrics)`;
    report('resident memory, 100,000 users', seen, '150 MB', rss * 1.048576 < 150 && sent === '500');
  });
}

async function planAhead(port: number): Promise<void> {
  await withFolder(async (file, folder) => {
    await makeFleet(file, 1_000, 100);
    chmodSync(folder, 0o700);
    const start = performance.now();
    const args = ['plan', '--until', '2028-05-01', '--json', '--now', '2027-03-01T10:00:00+01:00'];
    const output = execFileSync(RELEVE, args, { env: variables(folder, port), maxBuffer: 1e9 });
    const seconds = (performance.now() - start) / 1_000;
    const letters = (JSON.parse(output.toString()) as unknown[]).length;
    report(
      'plan, 1,000 users, 14 months',
      `${seconds.toFixed(2)} s (${letters} letters)`,
      '10 s',
      seconds < 10,
    );
  });
}

export async function benchDaemon(): Promise<void> {
  const sink = await startServer('sink.ts');
  await startToReady(sink.port);
  await planAhead(sink.port);
  await memory(sink.port);
  sink.stop();
}
