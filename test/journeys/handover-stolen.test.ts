// The database is stolen without the key: nothing in it can be read. And the key is changed while a thousand passwords come in.
import { createDecipheriv } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atNight } from '../rig/at-night.ts';
import { numberedUsers, PISTE } from '../rig/installation.ts';
import { endAll, waitFor } from '../rig/process.ts';
import { columnsOf, filesBelow } from '../rig/readable-places.ts';
import { type Place, seek, told } from '../rig/secret-search.ts';
import { type RotationWorld, startRotationWorld } from '../rig/world-process-rotation.ts';

/** What every password of this world begins with. */
const STEM = 'rT8wq2Vn';
const passwordOf = (number: number) => `${STEM}(${String(number).padStart(4, '0')}z`;

/** Managers with a letter, who come by their links; and the rest, whose passwords IT tools hand in. */
const MANAGERS = 12;
const SUBMISSIONS = atNight(1_000, 200);
/** The door lets 40 in a second; so many come. */
const PER_SECOND = 36;
const LANES = 16;

let world: RotationWorld;
let links: readonly string[];
let tokens: readonly string[];

beforeAll(async () => {
  const later = numberedUsers(SUBMISSIONS, 'production', MANAGERS);
  world = await startRotationWorld({
    users: [...numberedUsers(MANAGERS), ...later.map((user) => ({ ...user, expiresOn: '2028-01-31' }))],
  });
  const { users, linkFor } = world;
  links = await Promise.all(users.slice(0, MANAGERS).map(({ login }) => linkFor(login)));
  // A tool may hand in 600 passwords in ten minutes.
  const made = await Promise.all(
    ['outil-1', 'outil-2'].map((name) => world.run(['token', 'new', name, '--for', 'submit', '--json'])),
  );
  tokens = made.map(({ stdout }) => (JSON.parse(stdout) as { token: string }).token);
});
afterAll(async () => {
  await world?.stop();
  await endAll();
});

/** A sealed password as it lies in the database. */
interface Row {
  readonly id: string;
  readonly login: string;
  readonly key_id: string;
  readonly data_key: Uint8Array;
  readonly box: Uint8Array;
}

function sealedRows(): readonly Row[] {
  const database = new DatabaseSync(world.database, { readOnly: true, timeout: 5_000 });
  try {
    const rows = database.prepare('select * from credentials where destroyed_at is null order by id').all();
    return rows as unknown as Row[];
  } finally {
    database.close();
  }
}

/** The master keys of the file, by id. */
function masterKeys(): ReadonlyMap<string, Buffer> {
  const lines = readFileSync(world.keyFile, 'utf8').split('\n');
  const pairs = lines.filter((line) => /^[\w-]+:/.test(line)).map((line) => line.split(':'));
  return new Map(pairs.map(([id = '', key = '']) => [id, Buffer.from(key, 'base64url')]));
}

/** Opens what is sealed, without Relève's own code; null when it cannot be. */
function opened(key: Uint8Array, sealed: Uint8Array, ...bound: readonly string[]): Buffer | null {
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13));
  cipher.setAAD(Buffer.from(JSON.stringify(['releve', ...bound])));
  cipher.setAuthTag(sealed.subarray(-16));
  try {
    return Buffer.concat([cipher.update(sealed.subarray(13, -16)), cipher.final()]);
  } catch {
    return null;
  }
}

/** The data key and the password of a row, under a master key. */
function openedRow(key: Uint8Array, { id, login, key_id, data_key, box }: Row) {
  const bound = ['production', login.toLowerCase(), id] as const;
  const dataKey = opened(key, data_key, 'data key', ...bound, key_id);
  const password = dataKey === null ? null : opened(dataKey, box, 'box', ...bound);
  return { dataKey, password: password?.toString('utf16le') ?? null };
}

/** What a thief carries off: the file with its log and its index as they are this moment, and every column of it. */
function stolen(): readonly Place[] {
  const loot = ['', '-wal', '-shm'].filter((end) => existsSync(world.database + end));
  const files = loot.map((end) => ({
    name: `releve.sqlite${end}`,
    bytes: readFileSync(world.database + end),
  }));
  return [...files, ...columnsOf(world.database)];
}

/** Everything that a thief would like to read. */
function desired(): Readonly<Record<string, string | Uint8Array>> {
  const keys = masterKeys();
  const secrets: Record<string, string | Uint8Array> = {
    passwords: STEM,
    'the secret of PISTE': PISTE.clientSecret,
  };
  for (const [id, key] of keys) secrets[`the master key ${id}`] = key;
  for (const [number, row] of sealedRows().slice(0, 40).entries()) {
    const { dataKey } = openedRow(keys.get(row.key_id) ?? Buffer.alloc(32), row);
    if (dataKey === null) throw new Error(`the password of ${row.login} cannot be opened even with the key`);
    secrets[`data key ${number}`] = dataKey;
  }
  for (const link of links) secrets[`the link ${link}`] = link.slice(link.lastIndexOf('/') + 1);
  for (const [number, token] of tokens.entries()) secrets[`the token of tool ${number}`] = token;
  return secrets;
}

/** Hands in the passwords from one number up to another, at the pace of the door; how often each status was answered. */
async function handIn(from: number, to: number): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  let next = from;
  const lane = async () => {
    for (let number = next++; number < to; number = next++) {
      // Each lane keeps its own pace: what a busy machine has lost is not made up for in a burst.
      const [status] = await Promise.all([handInOne(number), pause((LANES * 1_000) / PER_SECOND)]);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return statuses;
}

/** By link where its manager has one, else by a tool; the status, or 0 where there was no answer. */
async function handInOne(number: number): Promise<number> {
  const { login } = world.users[number] ?? { login: '' };
  const password = world.resetAtPortal(login, passwordOf(number));
  const link = links[number];
  const token = tokens[number % tokens.length] ?? '';
  const hand = () =>
    link === undefined ? world.postTool(token, { login, password }) : world.postForm(link, { password });
  try {
    let answer = await hand();
    // Nothing was kept, says the door, and when to come again.
    while (answer.status === 429) {
      await pause(Number(answer.headers.get('retry-after')) * 1_000);
      answer = await hand();
    }
    return answer.status;
  } catch {
    return 0;
  }
}

/** How many passwords are in service whose sink has not been read back. */
function underWay(): number {
  const database = new DatabaseSync(world.database, { readOnly: true, timeout: 5_000 });
  const waits =
    "select (select count(*) from publications where stage <> 'done') + (select count(*) from rotations where stage = 'candidate' or stage = 'verifying') as number";
  try {
    return Number(database.prepare(waits).get()?.number);
  } finally {
    database.close();
  }
}

/** The logins, of those numbered, whose sink does not hold what was handed in. */
function missing(from: number, to: number): readonly string[] {
  return world.users.slice(from, to).flatMap(({ login }, place) => {
    const held = world.sinkContent(login);
    return held?.password === passwordOf(from + place) ? [] : [login];
  });
}

describe('a database that is stolen without its key', () => {
  it('shows no password, no key, no link and no token, in the file, in its log or in any column', async () => {
    expect(await handIn(0, MANAGERS)).toEqual(new Map([[200, MANAGERS]]));
    expect(sealedRows()).toHaveLength(MANAGERS);
    expect(told(seek(stolen(), desired()))).toEqual([]);
    await world.halt();
    expect(told(seek(stolen(), desired()))).toEqual([]);
  });

  it('opens with the right key, and with no other', () => {
    const [key = Buffer.alloc(0)] = masterKeys().values();
    const rows = sealedRows();
    expect(rows.map((row) => openedRow(key, row).password).toSorted()).toEqual(
      Array.from({ length: MANAGERS }, (_, number) => passwordOf(number)).toSorted(),
    );
    const other = Buffer.from(key);
    other[0] = (other[0] ?? 0) ^ 1;
    expect(rows.map((row) => openedRow(other, row).dataKey)).toEqual(rows.map(() => null));
  });

  it('is searched by somebody who finds what is there', () => {
    const copy = join(world.path, 'temporary', 'copy.sqlite');
    copyFileSync(world.database, copy);
    const [row] = sealedRows();
    if (row === undefined) throw new Error('nothing is sealed');
    const { dataKey } = openedRow(masterKeys().get(row.key_id) ?? Buffer.alloc(32), row);
    const database = new DatabaseSync(copy);
    database.prepare('update credentials set data_key = ? where id = ?').run(dataKey, row.id);
    database.prepare('update rotations set brought_by = ?').run(links[0] ?? '');
    database.prepare('update audit set detail = ? where seq = 1').run(btoa(passwordOf(3)));
    database.close();
    const found = seek(filesBelow(join(world.path, 'temporary')), desired()).map(({ secret }) => secret);
    expect([...new Set(found)].toSorted()).toEqual(['data key 0', 'passwords', `the link ${links[0]}`]);
  });
});

/** Data keys as the first master key sealed them. */
let formerly: Readonly<Record<string, Uint8Array>> = {};

describe('a master key that is changed while passwords come in by the hundred', () => {
  it('fails none of them, and all is sealed under the new one afterwards', async () => {
    const [former = ''] = masterKeys().keys();
    formerly = Object.fromEntries(sealedRows().map(({ login, data_key }) => [login, data_key]));
    // After the hours of letters, and so that the daemon looks at its keys a little after the new one is made.
    world.clock.set('2027-03-01T19:59:48+01:00');
    await world.resume();
    // Some come only when the key is changed: on a busy machine the others may all have come by then.
    const late = SUBMISSIONS / 5;
    const coming = handIn(MANAGERS, MANAGERS + SUBMISSIONS - late);
    const made = await world.run(['key', 'new', '--json']);
    const { id } = JSON.parse(made.stdout) as { id: string };
    expect(id).not.toBe(former);
    const changed = await waitFor(
      async () => {
        const ended = await world.run(['key', 'rotate', '--json']);
        if (ended.code === 0) return JSON.parse(ended.stdout) as Record<string, unknown>;
        expect(ended.stderr).toMatch(/does not know the master key .* yet/);
        await pause(1_500);
        return null;
      },
      () => `the key was not changed: ${world.said().slice(-3_000)}`,
      120_000,
    );
    const last = handIn(MANAGERS + SUBMISSIONS - late, MANAGERS + SUBMISSIONS);
    const waiting = missing(MANAGERS, MANAGERS + SUBMISSIONS).length;
    expect(waiting, 'the key was to be changed while they come').toBeGreaterThan(SUBMISSIONS / 10);
    expect(changed).toMatchObject({ kind: 'done', sealing: id, idle: [former], failed: [] });
    // Proven and published, or taken and still under way.
    for (const answers of [await coming, await last]) {
      expect([...answers.keys()].filter((status) => status !== 200 && status !== 202)).toEqual([]);
    }
    await waitFor(
      () => (underWay() === 0 ? true : null),
      () => `${underWay()} never reached their sink`,
    );
    expect(missing(0, MANAGERS + SUBMISSIONS)).toEqual([]);
    expect(new Set(sealedRows().map(({ key_id }) => key_id))).toEqual(new Set([id]));
  });

  it('can be taken away: everything opens with the new one alone', async () => {
    const [former, fresh] = [...masterKeys()];
    await world.halt();
    const kept = readFileSync(world.keyFile, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith(`${former?.[0]}:`));
    writeFileSync(world.keyFile, kept.join('\n'));
    const rows = sealedRows();
    expect(rows).toHaveLength(MANAGERS + SUBMISSIONS);
    const passwords = rows.map((row) => openedRow(fresh?.[1] ?? Buffer.alloc(32), row).password);
    expect(passwords.toSorted()).toEqual(rows.map((_, number) => passwordOf(number)).toSorted());
    // One more than the passwords: the key of fingerprints.
    const check = await world.run(['key', 'check', '--json']);
    expect(check).toMatchObject({ code: 0 });
    expect(JSON.parse(check.stdout)).toEqual({ opened: rows.length + 1, failed: [] });
    expect(rows.filter((row) => openedRow(former?.[1] ?? Buffer.alloc(32), row).dataKey !== null)).toEqual(
      [],
    );
    expect(told(seek(stolen(), desired(), 1))).toEqual([]);
  });

  it('leaves nothing behind that the former one would open, not even in pages that are free', () => {
    expect(told(seek(stolen(), formerly, 0))).toEqual([]);
  });
});
