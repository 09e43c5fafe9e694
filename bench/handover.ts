// From the POST of a password to the sinks that were read back, beside a bare seal, fsync and rename; and a crowd of them.
import { execFile } from 'node:child_process';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openParts } from '../src/daemon.ts';
import { type HandoverParts, managersDoor, openHandover } from '../src/daemon-handover.ts';
import { Secret } from '../src/domain/secret.ts';
import type { Proof } from '../src/domain/verdict.ts';
import { addMasterKey } from '../src/vault/key-file.ts';
import { openVault } from '../src/vault/vault.ts';
import { sealOf } from '../src/web/door-guard.ts';
import { silent, testConfig } from '../test/rig/house.ts';
import { makeFleet, withFolder } from './fleet.ts';
import { ms, report } from './measure.ts';
import { RELEVE, startServer } from './processes.ts';

const SINGLE = 400;
const WARM_UP = 60;
const CROWD = 1_000;
/** The crowd comes within a minute. */
const CROWD_MS = 60_000;
/** The page is looked at so often meanwhile. */
const LOOK_EVERY_MS = 50;

/** The figure that so many per cent of all do not exceed. */
function percentile(figures: readonly number[], per: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * per) / 100))] ?? Number.NaN;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One request; resolves to its status once the whole answer is there. */
function call(url: string, form: Record<string, string> | null): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = request(url, { agent, method: form === null ? 'GET' : 'POST', headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        body += piece;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end(form === null ? undefined : new URLSearchParams(form).toString());
  });
}

/** A password of the shape that the portal makes, another one for each number. */
const passwordOf = (n: number) => `aB3(${n.toString(36).padStart(6, 'x')}K_9`;

/** A whole house over a fleet, with the door open and one file sink; a link for each technical user. */
async function openHouse(file: string, folder: string, chorusPort: number, stack: AsyncDisposableStack) {
  const keys = join(folder, 'master.keys');
  await addMasterKey(keys, Temporal.PlainDate.from('2027-03-01'));
  const out = join(folder, 'out');
  mkdirSync(out);
  const sinks = join(folder, 'sinks.yaml');
  writeFileSync(
    sinks,
    `sinks:\n  - {name: file, kind: file, environment: production, format: json, path: "${out}/{{login}}.json"}\n`,
  );
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'client-secret', { mode: 0o600 });
  const config = testConfig({
    RELEVE_DATA: folder,
    RELEVE_DOOR_URL: 'http://127.0.0.1:1',
    RELEVE_VAULT_KEY_FILE: keys,
    RELEVE_SINKS_FILE: sinks,
    RELEVE_CHORUS_PRODUCTION_CLIENT_ID: 'bench',
    RELEVE_CHORUS_PRODUCTION_CLIENT_SECRET_FILE: secret,
    RELEVE_CHORUS_PRODUCTION_TOKEN_URL: `http://127.0.0.1:${chorusPort}/token`,
    RELEVE_CHORUS_PRODUCTION_API_URL: `http://127.0.0.1:${chorusPort}`,
  });
  // No pace: it is our side that is measured, not what we spare Chorus Pro.
  const chorus = { ...config.chorus, callsPerSecond: 100_000 };
  const parts = await openParts({ ...config, chorus, database: { kind: 'sqlite', file } }, null);
  stack.defer(() => parts.close());
  const clock = { now: () => Temporal.Now.instant() };
  const production = new Secret('client-secret');
  const handover = openHandover(parts, {
    env: process.env,
    chorus: { production, qualification: null, ca: null },
    clock,
    journal: silent,
  });
  stack.defer(() => handover.close());
  const asked = timeProof(handover);
  const wide = { count: 1_000_000, perMs: 60_000 };
  const limits = { perAddress: wide, perLink: wide, perUser: wide, perTool: wide, overall: wide };
  const journal = {
    counted: () => undefined,
    failed: (_place: string, error: unknown) => console.error(error),
    unreadProxy: () => undefined,
  };
  const door = await managersDoor(handover, parts, null, clock, journal, limits);
  if (door === null) throw new Error('no door');
  const address = await door.listen({ host: '127.0.0.1', port: 0 });
  stack.defer(() => door.close());
  const users = [];
  for await (const page of parts.registry.everyone()) users.push(...page);
  const now = Date.now();
  const made = users.map(({ id, principal }) => ({ id, principal, ...handover.vault.newToken() }));
  await handover.links.issue(
    made.map(({ id, hash, principal }) => ({
      hash,
      userId: id,
      version: 1,
      letterId: 'bench',
      address: principal?.email ?? '',
      person: 'Madame Maire',
      language: 'fr' as const,
      issuedAt: now,
      until: now + 86_400_000,
    })),
  );
  return { parts, handover, address, asked, tokens: made.map(({ token }) => token) };
}

/** Notes how long each proof took, calls and all: that is Chorus Pro's time, not ours. */
function timeProof({ world }: HandoverParts): { ms: number } {
  const asked = { ms: 0 };
  const { proof } = world;
  const timed: Proof = {
    check: async (...question) => {
      const start = performance.now();
      const verdict = await proof.check(...question);
      asked.ms = performance.now() - start;
      return verdict;
    },
  };
  Object.assign(world, { proof: timed });
  return asked;
}

/** Hands a password in by the form; the answer comes when every sink was read back. */
async function handIn(address: string, token: string, n: number): Promise<void> {
  const form = { seal: sealOf(token), password: passwordOf(n), login: '', expiry: '' };
  const { status, body } = await call(`${address}/m/${token}`, form);
  if (status !== 200 || !body.includes('utilise')) throw new Error(`password ${n}: ${status}`);
}

/** Seal, write aside, fsync, rename: what no handover can do without. Returns the ms of each. */
function bare(folder: string): number[] {
  const vault = openVault({
    read: () => `bench:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64url')}\n`,
  });
  const taken: number[] = [];
  for (let n = 0; n < SINGLE; n += 1) {
    const start = performance.now();
    const sealed = vault.seal(
      { environment: 'production', login: `login-${n}`, credential: String(n) },
      new Secret(passwordOf(n)),
    );
    const aside = join(folder, 'bare.new');
    const file = openSync(aside, 'w', 0o600);
    writeSync(file, Buffer.from(sealed.box));
    fsyncSync(file);
    closeSync(file);
    renameSync(aside, join(folder, 'bare'));
    taken.push(performance.now() - start);
  }
  return taken;
}

/** One after the other: how long from the POST until the sink was read back. */
async function single(chorusPort: number): Promise<void> {
  await withFolder(async (file, folder) => {
    await using stack = new AsyncDisposableStack();
    await makeFleet(file, SINGLE + WARM_UP, 0);
    const { address, asked, tokens } = await openHouse(file, folder, chorusPort, stack);
    const taken: number[] = [];
    const whole: number[] = [];
    for (const [n, token] of tokens.entries()) {
      const start = performance.now();
      await handIn(address, token, n);
      if (n < WARM_UP) continue;
      whole.push(performance.now() - start);
      taken.push(performance.now() - start - asked.ms);
    }
    const plain = bare(folder);
    const [p50, p99] = [percentile(taken, 50), percentile(taken, 99)];
    const beside = `with the proof ${ms(percentile(whole, 50))}, bare ${ms(percentile(plain, 50))}, ratio ${(p50 / percentile(plain, 50)).toFixed(0)}`;
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
    const { parts, address, tokens } = await openHouse(file, folder, chorusPort, stack);
    const [looker = '', ...others] = tokens;
    const looked: number[] = [];
    const looking = setInterval(async () => {
      const start = performance.now();
      await call(`${address}/m/${looker}`, null);
      looked.push(performance.now() - start);
    }, LOOK_EVERY_MS);
    const start = performance.now();
    const pause = (until: number) =>
      new Promise((resolve) => setTimeout(resolve, Math.max(0, until - performance.now())));
    await Promise.all(
      others.map(async (token, n) => {
        await pause(start + (n * CROWD_MS) / CROWD);
        await handIn(address, token, n);
      }),
    );
    clearInterval(looking);
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
    await gap();
  } finally {
    agent.destroy();
    chorus.stop();
  }
}
