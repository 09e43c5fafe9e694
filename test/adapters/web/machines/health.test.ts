import { request } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { MeasuredUser } from '../../../../src/adapters/web/machines/account-metrics.ts';
import {
  type HealthPorts,
  healthServer,
  openWritableProof,
  type ReadinessState,
} from '../../../../src/adapters/web/machines/health.ts';
import type { Measures } from '../../../../src/adapters/web/machines/metrics.ts';
import { readExposition } from './exposition.ts';

const NOW = Date.parse('2026-11-23T09:00:00Z');
const well: ReadinessState = {
  databaseWritable: true,
  lockedForMs: null,
  lastTickAt: NOW - 60_000,
  stopping: false,
};
const measures: Measures = {
  users: async function* () {},
  accountMetrics: 'auto',
  letters: [],
  requests: [],
  rotations: [],
  health: [],
  platforms: [],
  tasks: [],
  lastTickAt: NOW,
  oldestWaitingSince: null,
  waiting: 0,
  webhook: { waiting: 0, oldestAt: null },
  version: '0.1.0',
  now: NOW,
};

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

/** Opens the real server on a free port of this machine; returns its address. */
async function open(ports: Partial<HealthPorts> = {}): Promise<string> {
  const app = healthServer({
    names: ['Releve.intern', 'releve'],
    state: async () => well,
    metrics: async () => measures,
    now: () => NOW,
    ...ports,
  });
  close = () => app.close();
  return app.listen({ host: '127.0.0.1', port: 0 });
}

describe('health', () => {
  test('/healthz says that the process lives, even when nothing else does', async () => {
    const base = await open({ state: () => Promise.reject(new Error('gone')) });
    const answer = await fetch(`${base}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'alive' }]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test.each<[string, Partial<ReadinessState>, string[]]>([
    ['well', {}, []],
    ['three minutes exactly', { lastTickAt: NOW - 180_000 }, []],
    ['late', { lastTickAt: NOW - 180_001 }, ['last tick too old']],
    ['young', { lastTickAt: null }, ['no tick yet']],
    ['full', { databaseWritable: false }, ['database not writable']],
    ['not proven', { databaseWritable: null }, ['database does not answer']],
    ['locked for a moment', { lockedForMs: 4_999 }, []],
    [
      'locked',
      { databaseWritable: null, lockedForMs: 12_700 },
      ['database locked by another program for 12 s'],
    ],
    ['leaving', { stopping: true, databaseWritable: false }, ['stopping', 'database not writable']],
  ])('/readyz: %s', async (_name, state, reasons) => {
    const base = await open({ state: async () => ({ ...well, ...state }) });
    const answer = await fetch(`${base}/readyz`);
    expect(answer.status).toBe(reasons.length === 0 ? 200 : 503);
    expect(await answer.json()).toEqual({ status: reasons.length === 0 ? 'ready' : 'not ready', reasons });
  });

  test('/readyz waits for no proof: what was known before is told, for a while', async () => {
    vi.useFakeTimers();
    try {
      const proof = { end: Promise.withResolvers<void>() };
      const isWritable = openWritableProof(() => proof.end.promise);
      const answerIn = async (ms: number) => {
        const answer = isWritable();
        await vi.advanceTimersByTimeAsync(ms);
        return answer;
      };
      expect(await answerIn(50)).toBeNull();
      proof.end.resolve();
      expect(await answerIn(0)).toBe(true);
      proof.end = Promise.withResolvers<void>();
      expect(await answerIn(50)).toBe(true);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(await answerIn(50)).toBeNull();
      proof.end.reject(new Error('full'));
      expect(await answerIn(0)).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  test('/readyz tells no details of a failure', async () => {
    const base = await open({ state: () => Promise.reject(new Error('hunter2')) });
    const answer = await fetch(`${base}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'not ready', reasons: ['state unknown'] },
    ]);
  });

  test('/metrics is text that Prometheus reads', async () => {
    const answer = await fetch(`${await open()}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(readExposition(await answer.text()).has('releve_build_info')).toBe(true);
  });

  test.each([
    ['127.0.0.1:9464', 200],
    ['[::1]:9464', 200],
    ['192.0.2.7', 200],
    ['localhost:9464', 200],
    ['LOCALHOST', 200],
    ['releve.intern:9464', 200],
    ['releve.intern.', 200],
    ['releve:9464', 200],
    ['evil.example:9464', 421],
    ['releve.evil.example:9464', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost.evil.example', 421],
  ])('/metrics is for who names this machine: %j %i', async (host, status) => {
    const { hostname, port } = new URL(await open());
    const ask = (path: string) =>
      new Promise<[number | undefined, string]>((resolve, reject) => {
        request({ hostname, port, path, headers: { host } }, async (answer) => {
          let text = '';
          for await (const part of answer) text += part;
          resolve([answer.statusCode, text]);
        })
          .on('error', reject)
          .end();
      });
    const [code, text] = await ask('/metrics');
    expect(code).toBe(status);
    expect(text.includes('releve_build_info')).toBe(status === 200);
    // Nothing is told there that a stranger must not know.
    expect((await ask('/healthz'))[0]).toBe(200);
  });

  test('a list that breaks off breaks the answer off, before or in the middle of it', async () => {
    const users = async function* (): AsyncGenerator<readonly MeasuredUser[]> {
      const one = {
        login: 'x'.repeat(40_000),
        environment: 'production',
        siret: '1',
        source: 'portal',
        expiresOn: '2027-01-01',
        works: null,
        workedAt: null,
      } as const;
      yield [one];
      throw new Error('hunter2');
    };
    const base = await open({ metrics: async () => ({ ...measures, users }) });
    await expect(fetch(`${base}/metrics`).then((answer) => answer.text())).rejects.toThrow();
    await close();
    const early = await open({ metrics: () => Promise.reject(new Error('hunter2')) });
    const answer = await fetch(`${early}/metrics`);
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'internal error' }]);
  });

  test.each(['/healthz', '/readyz', '/metrics'])('HEAD %s gives the head alone', async (path) => {
    const answer = await fetch((await open()) + path, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  test.each([
    ['GET', '/'],
    ['GET', '/healthz/'],
    ['GET', '/metrics/..'],
    ['POST', '/healthz'],
    ['PUT', '/metrics'],
    ['OPTIONS', '/readyz'],
  ])('%s %s is 404', async (method, path) => {
    const base = await open();
    // fetch would tidy the path up before it is sent.
    const status = await new Promise((resolve, reject) => {
      const { hostname, port } = new URL(base);
      request({ hostname, port, method, path }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
  });

  test('closing does not wait for readers: neither for one who keeps the line open, nor in the middle of an answer', async () => {
    const users = async function* (): AsyncGenerator<readonly MeasuredUser[]> {
      yield await new Promise<never>(() => undefined);
    };
    const base = await open({ metrics: async () => ({ ...measures, users }) });
    await fetch(`${base}/healthz`).then((answer) => answer.text());
    const unfinished = await fetch(`${base}/metrics`);
    const end = expect(unfinished.text()).rejects.toThrow();
    const before = performance.now();
    await close();
    expect(performance.now() - before).toBeLessThan(1000);
    await end;
    await expect(fetch(`${base}/healthz`)).rejects.toThrow();
  });
});
