import { createServer } from 'node:net';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { beat } from '../../src/system/heartbeat.ts';

const told: string[] = [];
const log = { warn: (facts: unknown, message: string) => told.push(JSON.stringify(facts) + message) };
const URL_WITH_TOKEN = 'https://beats.example.fr/ping/hunter2?key=hunter2';

beforeEach(() => {
  told.length = 0;
});
afterEach(() => nock.cleanAll());

describe('heartbeat', () => {
  test('calls the address once and is content with any success', async () => {
    const scope = nock('https://beats.example.fr').get('/ping/hunter2').query({ key: 'hunter2' }).reply(204);
    expect(await beat(URL_WITH_TOKEN, log)).toBe(true);
    expect(scope.isDone()).toBe(true);
    expect(told).toEqual([]);
  });

  test.each([
    ['an error of the server', () => nock('https://beats.example.fr').get(/./).reply(500), '500'],
    [
      'a redirect, which is not followed',
      () =>
        nock('https://beats.example.fr').get(/./).reply(302, '', { location: 'https://other.example.fr/' }),
      '302',
    ],
    [
      'no connection',
      () =>
        nock('https://beats.example.fr')
          .get(/./)
          .replyWithError(Object.assign(new Error('hunter2'), { code: 'ECONNREFUSED' })),
      'ECONNREFUSED',
    ],
  ])('%s: told without the address, never thrown', async (_name, arrange, expected) => {
    arrange();
    expect(await beat(URL_WITH_TOKEN, log)).toBe(false);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('beats.example.fr');
    expect(told[0]).toContain(expected);
    expect(told[0]).not.toContain('hunter2');
  });

  test('a server that takes the call and never answers is given up at the deadline', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : null;
    const before = performance.now();
    expect(await beat(`http://127.0.0.1:${port}/hunter2`, log, 150)).toBe(false);
    expect(performance.now() - before).toBeLessThan(2000);
    expect(told[0]).toContain('ERR_CANCELED');
    silent.close();
  });
});
