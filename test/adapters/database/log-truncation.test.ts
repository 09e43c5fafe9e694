// Destroyed secrets leave every file of the data folder, including the write-ahead log.
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/adapters/database/database.ts';
import { openSealedSecrets } from '../../../src/adapters/database/secrets.ts';
import { ChangeSetBuilder } from '../../../src/domain/rotation/change-set.ts';
import { newRotation } from '../../../src/domain/rotation/rotation.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { reseal } from '../../../src/use-cases/security/reseal.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { keyLine } from '../../rig/world-store.ts';

/** Bytes that must not be in any file any more, in every encoding that the database uses. */
type Destroyed = readonly Uint8Array[];

let folder: string;
let world: World;
let keys: string;
let others: DatabaseSync[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'releve-log-'));
  keys = keyLine('first');
  others = [];
  world = await openWorld({ place: { engine: 'sqlite', file: inFolder() }, keys: () => keys });
});
afterEach(async () => {
  for (const other of others) other.close();
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const inFolder = (name = 'releve.sqlite') => join(folder, name);

/** The files of the folder in which any of the bytes can be found. */
function filesWith(destroyed: Destroyed, at = folder): string[] {
  return readdirSync(at).filter((name) => {
    const bytes = readFileSync(join(at, name));
    return destroyed.some(
      (one) =>
        bytes.includes(one) ||
        bytes.includes(Buffer.from(one).toString('base64').replace(/=+$/, '')) ||
        bytes.includes(Buffer.from(one).toString('hex')),
    );
  });
}

/** Seals passwords of many lengths, and destroys all but the last. Returns the destroyed bytes. */
async function destroySome(count: number): Promise<Destroyed> {
  const gone: Uint8Array[] = [];
  for (let n = 0; n < count; n += 1) {
    const id = `rotation-${n}-${randomBytes(6).toString('hex')}`;
    const secret = new Secret(randomBytes((n % 7) * 90 + 8).toString('hex'));
    const name = { environment: 'production' as const, login: (await world.user()).login, credential: id };
    const sealed = world.vault.seal(name, secret);
    const ended = { stage: 'closed', endedAt: world.now() } as const;
    await world.ports.rotations.update(world.id, (aggregate) => {
      const draft = new ChangeSetBuilder(aggregate, world.now());
      draft.keep({ id, sealed, doubts: null });
      draft.put(newRotation(id), { ...ended, credential: id });
      return draft.decide(undefined);
    });
    if (n === count - 1) break;
    await world.ports.rotations.update(world.id, (aggregate) => {
      const draft = new ChangeSetBuilder(aggregate, world.now());
      for (const one of aggregate.rotations) if (one.id === id) draft.destroy(one);
      return draft.decide(undefined);
    });
    gone.push(sealed.dataKey, sealed.box);
  }
  return gone;
}

/** Another program with a read of the database that has not ended. */
function reader(): DatabaseSync {
  const other = new DatabaseSync(inFolder());
  others.push(other);
  other.exec('begin');
  other.prepare('select count(*) from credentials').get();
  return other;
}

describe('a destroyed secret', () => {
  it('is in the log until the log is emptied, and then in no file', async () => {
    const gone = await destroySome(40);
    expect(filesWith(gone)).toEqual(['releve.sqlite-wal']);
    expect(await world.database.truncationOwedSince()).toBeGreaterThan(Date.now() - 60_000);
    expect(await world.database.truncateLog()).toBe(true);
    expect(filesWith(gone)).toEqual([]);
    expect(await world.database.truncationOwedSince()).toBeNull();
    await world.close();
    expect(filesWith(gone)).toEqual([]);
  });

  it('stays in the log while another program reads, without waiting for it, and is gone afterwards', async () => {
    // The log that the reader uses must not be truncated.
    await destroySome(2);
    const other = reader();
    const gone = await destroySome(5);
    const before = performance.now();
    expect(await world.database.truncateLog()).toBe(false);
    // SQLite would wait 15 s for the other program, and block everything else for as long.
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(filesWith(gone)).toEqual(['releve.sqlite-wal']);
    expect(await world.database.truncationOwedSince()).not.toBeNull();
    other.exec('commit');
    expect(await world.database.truncateLog()).toBe(true);
    expect(filesWith(gone)).toEqual([]);
  });

  it('is not assumed gone because another process emptied the log just before', async () => {
    const second = await openDatabase({ engine: 'sqlite', file: inFolder() });
    try {
      for (let round = 0; round < 5; round += 1) {
        const [gone] = await Promise.all([
          destroySome(4),
          second.truncateLog(),
          world.database.truncateLog(),
        ]);
        const isOwed = (await second.truncationOwedSince()) !== null;
        if (!isOwed) expect(filesWith(gone)).toEqual([]);
        expect(await second.truncateLog()).toBe(true);
        expect(filesWith(gone)).toEqual([]);
      }
    } finally {
      await second.close();
    }
  });

  it('is gone after a crash, as soon as the database is opened again', async () => {
    const gone = await destroySome(10);
    const crashed = mkdtempSync(join(tmpdir(), 'releve-log-'));
    try {
      for (const name of ['releve.sqlite', 'releve.sqlite-wal'])
        copyFileSync(inFolder(name), join(crashed, name));
      expect(filesWith(gone, crashed)).toEqual(['releve.sqlite-wal']);
      const database = await openDatabase({ engine: 'sqlite', file: join(crashed, 'releve.sqlite') });
      expect(filesWith(gone, crashed)).toEqual([]);
      expect(await database.truncationOwedSince()).toBeNull();
      await database.close();
    } finally {
      rmSync(crashed, { recursive: true, force: true });
    }
  });

  it('causes no write where there is none', async () => {
    await destroySome(3);
    await world.database.truncateLog();
    const before = readFileSync(inFolder('releve.sqlite-wal'));
    for (let n = 0; n < 10; n += 1) expect(await world.database.truncateLog()).toBe(true);
    expect(readFileSync(inFolder('releve.sqlite-wal')).equals(before)).toBe(true);
  });

  it('may also be a data key sealed by a former master key', async () => {
    await destroySome(6);
    await world.submit('Abc123(xyz_Q');
    await world.database.truncateLog();
    const { db } = world.database;
    const rows = await db.selectFrom('credentials').selectAll().where('destroyed_at', 'is', null).execute();
    const fingerprints = await openSealedSecrets(world.database).fingerprintKey();
    const gone = [
      ...rows.map((row) => row.data_key),
      ...(fingerprints === null ? [] : [fingerprints.dataKey]),
    ];
    expect(gone.length).toBeGreaterThan(1);
    expect(filesWith(gone)).not.toEqual([]);
    keys = keyLine('first') + keyLine('second');
    world.vault.refresh();
    const { resealed } = await reseal(
      { seals: openSealedSecrets(world.database), vault: world.vault },
      'second',
      () => 0,
    );
    expect(resealed).toBe(gone.length);
    expect(await world.database.truncationOwedSince()).not.toBeNull();
    expect(await world.database.truncateLog()).toBe(true);
    expect(filesWith(gone)).toEqual([]);
  });
});
