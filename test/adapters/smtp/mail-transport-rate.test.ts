// The send rate: never more letters at once, nor more a minute, than the settings allow.
import { afterEach, describe, expect, it } from 'vitest';
import { openMailTransport, openSendRate } from '../../../src/adapters/smtp/mail-transport.ts';
import { startScripted } from '../../rig/scripted-smtp.ts';
import { mailTo } from './sample-mail.ts';
import { settingsFor } from './transport-settings.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('the pace', () => {
  it('lets so many at once and no more, and all of them in the end, in their order', async () => {
    const sendRate = openSendRate(3, null);
    const started: number[] = [];
    let inside = 0;
    let most = 0;
    const works = Array.from({ length: 10 }, (_, number) =>
      sendRate.run(async () => {
        started.push(number);
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setTimeout(resolve, 2));
        inside--;
        return number;
      }),
    );
    expect(await Promise.all(works)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(most).toBe(3);
  });

  it('a work that fails gives its place to the next, and its error to its owner', async () => {
    const sendRate = openSendRate(1, null);
    const failing = sendRate.run(() => Promise.reject(new Error('no')));
    const next = sendRate.run(async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
  });

  it('once closed turns away those that wait and those that come, and tells when it is idle', async () => {
    const sendRate = openSendRate(1, 1);
    await sendRate.idle();
    let finish = () => {};
    const inside = sendRate.run(() => new Promise<string>((resolve) => (finish = () => resolve('done'))));
    const waiting = sendRate.run(async () => 'never');
    sendRate.close();
    expect(await waiting).toBeNull();
    expect(await sendRate.run(async () => 'never')).toBeNull();
    let idle = false;
    const becameIdle = sendRate.idle().then(() => (idle = true));
    await Promise.resolve();
    expect(idle).toBe(false);
    finish();
    expect(await inside).toBe('done');
    await becameIdle;
  });
});

describe('the rate limit', () => {
  it('spreads letters over the minute, whatever the number of connections', async () => {
    const server = await startScripted({});
    closing.push(server.close);
    const gap = 40;
    const post = openMailTransport(settingsFor(server.port, { ratePerMinute: 60_000 / gap, connections: 5 }));
    closing.push(() => post.close());
    const sends = Array.from({ length: 8 }, (_, number) => post.send(mailTo(`m${number}@mairie.test`)));
    expect((await Promise.all(sends)).map(({ kind }) => kind)).toEqual(Array(8).fill('sent'));
    const first = server.seen.startedAt[0] ?? 0;
    const last = server.seen.startedAt.at(-1) ?? 0;
    // The first letter may lose time on its connection, never more than all gaps but one of slack.
    expect(last - first).toBeGreaterThan(gap * 5);
  });
});
