// From the POST of a password to the sinks that were read back, beside a bare seal, fsync and rename; and a crowd of them.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { replaceFile } from '../src/adapters/sinks/file-write.ts';
import { openVault } from '../src/adapters/vault/vault.ts';
import { csrfTokenOf } from '../src/adapters/web/request.ts';
import { Secret } from '../src/domain/shared/secret.ts';
import { makeFleet, withFolder } from './fleet.ts';
import { ms, report } from './measure.ts';
import { RELEVE, startServer } from './processes.ts';
import { agent, call, openBenchWorld, passwordOf } from './rotation-world.ts';

const SINGLE = 400;
const WARM_UP = 60;
const CROWD = 1_000;
/** The crowd comes within a minute. */
const CROWD_MS = 60_000;
/** So many at Chorus Pro's usual pace. */
const PACED = 300;
const PER_SECOND = 2;
/** The page is looked at so often meanwhile. */
const LOOK_EVERY_MS = 50;

/** The figure that so many per cent of all do not exceed. */
function percentile(figures: readonly number[], per: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * per) / 100))] ?? Number.NaN;
}

/** Hands a password in by the form; the answer, which leads back to the page, comes when every sink was read back. Returns the ms. */
async function handIn(address: string, token: string, n: number): Promise<number> {
  const form = { seal: csrfTokenOf(token), password: passwordOf(n), login: '', expiry: '' };
  const start = performance.now();
  const { status } = await call(`${address}/m/${token}`, form);
  const taken = performance.now() - start;
  const { body } = await call(`${address}/m/${token}`, null);
  if (status !== 303 || !body.includes('utilise')) throw new Error(`password ${n}: ${status}`);
  return taken;
}

/** What no handover can do without, and nothing else: a form over HTTP, a sealed password, three commits, a file that is synced, renamed and read back. */
async function openBare(folder: string, stack: AsyncDisposableStack): Promise<string> {
  const vault = openVault({
    read: () => `bench:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64url')}\n`,
  });
  const raw = new DatabaseSync(join(folder, 'bare.sqlite'));
  stack.defer(() => raw.close());
  raw.exec('pragma journal_mode = wal; pragma synchronous = full; create table step (at integer, box blob)');
  const step = raw.prepare('insert into step values (?, ?)');
  const commit = (box: Uint8Array) => {
    raw.exec('begin immediate');
    step.run(Date.now(), box);
    raw.exec('commit');
  };
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const password = new Secret(form.get('password') ?? '');
    const { box } = vault.seal({ environment: 'production', login: 'bare', credential: 'bare' }, password);
    commit(box);
    commit(box);
    await replaceFile({
      path: join(folder, 'bare'),
      bytes: Buffer.from(password.reveal()),
      mode: 0o600,
      uid: null,
      gid: null,
    });
    commit(box);
    response.writeHead(303, { location: '/' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** One after the other, beside a bare one: how long from the POST until the sink was read back. */
async function single(chorusPort: number): Promise<void> {
  await withFolder(async (file, folder) => {
    await using stack = new AsyncDisposableStack();
    await makeFleet(file, SINGLE + WARM_UP, 0);
    const { address, asked, tokens } = await openBenchWorld([file, folder], chorusPort, stack);
    const bareAddress = await openBare(folder, stack);
    const [taken, whole, plain]: [number[], number[], number[]] = [[], [], []];
    for (const [n, token] of tokens.entries()) {
      const took = await handIn(address, token, n);
      const start = performance.now();
      await call(bareAddress, { password: passwordOf(n) });
      if (n < WARM_UP) continue;
      plain.push(performance.now() - start);
      whole.push(took);
      taken.push(took - asked.ms);
    }
    const [p50, p99, bare] = [percentile(taken, 50), percentile(taken, 99), percentile(plain, 50)];
    const ratio = p50 / bare;
    const figure = `${ms(p50)} / ${ms(bare)} = ${ratio.toFixed(2)}`;
    report('from POST to the sink read back, p50 / bare', figure, '2.5', ratio <= 2.5);
    const beside = `with the proof ${ms(percentile(whole, 50))}`;
    report('from POST to the sink read back, p50', `${ms(p50)} (${beside})`, '15 ms', p50 <= 15);
    const beside99 = `with the proof ${ms(percentile(whole, 99))}, bare ${ms(percentile(plain, 99))}`;
    report('from POST to the sink read back, p99', `${ms(p99)} (${beside99})`, '60 ms', p99 <= 60);
  });
}

/** A thousand within a minute, while the page is looked at. */
async function crowd(chorusPort: number): Promise<void> {
  await withFolder(async (file, folder) => {
    await using stack = new AsyncDisposableStack();
    await makeFleet(file, CROWD + 1, 0);
    const { parts, address, tokens } = await openBenchWorld([file, folder], chorusPort, stack);
    const [looker = '', ...others] = tokens;
    const looked: number[] = [];
    const look = async () => {
      const start = performance.now();
      await call(`${address}/m/${looker}`, null);
      looked.push(performance.now() - start);
    };
    const looks: Promise<void>[] = [];
    const looking = setInterval(() => looks.push(look()), LOOK_EVERY_MS);
    const start = performance.now();
    const pause = (until: number) => setTimeout(Math.max(0, until - performance.now()));
    await Promise.all(
      others.map(async (token, n) => {
        await pause(start + (n * CROWD_MS) / CROWD);
        await handIn(address, token, n);
      }),
    );
    clearInterval(looking);
    // The last look has its answer before the door closes.
    await Promise.all(looks);
    const rows = await parts.database.db
      .selectFrom('rotations')
      .select(['accepted_at', 'published_at'])
      .where('stage', '=', 'published')
      .execute();
    const late = rows.map((row) => (row.published_at ?? Number.NaN) - (row.accepted_at ?? Number.NaN));
    const worst = Math.max(...late);
    report('1,000 rotations in a minute, published', String(rows.length), '1000', rows.length === CROWD);
    report('1,000 rotations in a minute, the latest after its proof', ms(worst), '5 s', worst <= 5_000);
    const p99 = percentile(looked, 99);
    report('the page meanwhile, p99', `${ms(p99)} (${looked.length} looks)`, '100 ms', p99 <= 100);
  });
}

/** Three hundred within a minute at the usual pace: how long until the last is proven, beside what the pace alone takes. */
async function paced(chorusPort: number): Promise<void> {
  await withFolder(async (file, folder) => {
    await using stack = new AsyncDisposableStack();
    await makeFleet(file, PACED, 0);
    const { parts, address, tokens } = await openBenchWorld([file, folder], chorusPort, stack, PER_SECOND);
    const accepted = async () => {
      const rows = await parts.database.db
        .selectFrom('rotations')
        .select('accepted_at')
        .where('standing', '=', 'current')
        .execute();
      return rows.map((row) => row.accepted_at ?? Number.NaN);
    };
    const alone = (PACED * 1_000) / PER_SECOND;
    const start = Date.now();
    await Promise.all(
      tokens.map(async (token, n) => {
        await setTimeout((n * CROWD_MS) / PACED);
        // The page answers before the proof has had its turn.
        const form = { seal: csrfTokenOf(token), password: passwordOf(n), login: '', expiry: '' };
        await call(`${address}/m/${token}`, form);
      }),
    );
    let at = await accepted();
    for (; at.length < PACED && Date.now() < start + 3 * alone; at = await accepted()) await setTimeout(500);
    const taken = at.length < PACED ? Number.NaN : Math.max(...at) - start;
    const ratio = taken / alone;
    const figure = `${(taken / 1_000).toFixed(1)} s / ${(alone / 1_000).toFixed(0)} s = ${ratio.toFixed(2)}`;
    report('300 in a minute, two calls a second: proven / the pace alone', figure, '1.1', ratio <= 1.1);
  });
}

/** The story of the demo, played once for real: how long after the form the connector has its next good call. */
async function gap(): Promise<void> {
  const { stdout } = await promisify(execFile)(RELEVE, ['demo', '--once', '--port', '0'], {
    timeout: 120_000,
  });
  const seconds = Number(/([\d.]+) s after the form received the password/.exec(stdout)?.[1] ?? Number.NaN);
  report("demo, from the form to the connector's next good call", `${seconds} s`, '2 s', seconds <= 2);
}

export async function benchHandover(): Promise<void> {
  const chorus = await startServer('chorus.ts');
  try {
    await single(chorus.port);
    await crowd(chorus.port);
    await paced(chorus.port);
    await gap();
  } finally {
    agent.destroy();
    chorus.stop();
  }
}
