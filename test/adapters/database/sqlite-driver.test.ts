// The event loop goes on while a statement waits for another process's lock, and between the statements of long work.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase, setMeta } from '../../../src/adapters/database/database.ts';

let folder: string;
let database: Database;
/** The connection of another program. */
let other: DatabaseSync;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'releve-lock-'));
  const file = join(folder, 'releve.sqlite');
  database = await openDatabase({ engine: 'sqlite', file });
  other = new DatabaseSync(file);
});
afterEach(async () => {
  vi.restoreAllMocks();
  // The next test begins in a turn of its own.
  await wait(0);
  other.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const write = (value: string) => database.change((trx) => setMeta(trx, 'written', value));
const read = async () => {
  const row = await database.db.selectFrom('meta').select('value').where('key', '=', 'written').execute();
  return row[0]?.value ?? null;
};

/** Counts the turns of the event loop while `work` goes on. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let going = true;
  const turn = () => {
    turns += 1;
    if (going) setImmediate(turn);
  };
  setImmediate(turn);
  await work.finally(() => {
    going = false;
  });
  return turns;
}

/** Lets this program believe that so many ms more have passed. */
function passed(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

describe('a lock of another program', () => {
  it('keeps writers waiting, in their order, and neither the event loop nor readers', async () => {
    await write('before');
    expect(database.lockedForMs()).toBeNull();
    other.exec('begin immediate');
    const order: string[] = [];
    const writes = ['first', 'second'].map(async (value) => {
      await write(value);
      order.push(value);
    });
    await wait(60);
    expect(await read()).toBe('before');
    expect(database.lockedForMs()).toBeGreaterThan(30);
    expect(order).toEqual([]);
    other.exec('commit');
    await Promise.all(writes);
    expect([order, await read()]).toEqual([['first', 'second'], 'second']);
    expect(database.lockedForMs()).toBeNull();
  });

  it('is told after fifteen seconds, to all who have waited so long, and the next one who asks waits anew', async () => {
    other.exec('begin immediate');
    const told = /another program keeps it locked; end that program, or try again/;
    const waiting = Promise.allSettled([write('first'), write('second')]);
    await wait(20);
    passed(15_000);
    const ends = await waiting;
    expect(ends.map((end) => end.status === 'rejected' && told.test(String(end.reason)))).toEqual([
      true,
      true,
    ]);
    const later = write('third');
    await wait(20);
    other.exec('commit');
    await later;
    expect(await read()).toBe('third');
  });
});

describe('a transaction', () => {
  it('is seen by others when it is committed, and keeps no reader waiting', async () => {
    await write('before');
    const isOpen = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const change = database.change(async (trx) => {
      await setMeta(trx, 'written', 'after');
      isOpen.resolve();
      await mayEnd.promise;
    });
    await isOpen.promise;
    expect(await read()).toBe('before');
    mayEnd.resolve();
    await change;
    expect(await read()).toBe('after');
  });

  it('lets other work have its turn between its statements', async () => {
    const slow = sql`with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000) select count(*) from n`;
    const turns = await turnsDuring(
      database.change(async (trx) => {
        for (let nth = 0; nth < 30; nth += 1) await slow.execute(trx);
      }),
    );
    // Each takes a few ms, and a turn is over after ten.
    expect(turns).toBeGreaterThan(3);
  });

  it('that fails leaves nothing behind, and lets the next one begin', async () => {
    const failing = database.change(async (trx) => {
      await setMeta(trx, 'written', 'lost');
      throw new Error('on purpose');
    });
    const next = write('next');
    await expect(failing).rejects.toThrow('on purpose');
    await next;
    expect(await read()).toBe('next');
  });
});
