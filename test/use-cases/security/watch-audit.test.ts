// The minute's look at the end of the audit trail: what is remembered, and what is told of a trail that is another one.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAudit } from '../../../src/adapters/database/audit-trail.ts';
import { NEW_KEY } from '../../../src/domain/ports/audit-trail.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { openKeptFile } from '../../../src/system/kept-file.ts';
import { auditKeyOf, FINGERPRINTS, fingerprintsOf } from '../../../src/use-cases/rotation/rotation-ports.ts';
import { openAuditWatch } from '../../../src/use-cases/security/watch-audit.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { keyLine, worldOver } from '../../rig/world-store.ts';

const LINE = { who: 'agent', what: 'token made', channel: 'command', detail: null } as const;
const ABOUT_NOTHING = { rotationId: null, check: null, sink: null } as const;
const REMEMBERED = 'head of the trail remembered';
const DIFFERS = 'trail differs from its remembered head';

let world: World;
let keys: string | null;
let file: string | null;
/** What the file does before it is written. */
let beforeWrite: () => void;
let raised: string[];
let look: () => Promise<void>;

beforeEach(async () => {
  keys = keyLine('first');
  world = await openWorld({ keys: () => keys });
  await world.submit('aB3(dE5_gH7[');
  [file, beforeWrite, raised] = [null, () => undefined, []];
  start();
});
afterEach(() => world.close());

const write = async (text: string) => {
  beforeWrite();
  file = text;
};
/** Starts another watch, as a restart of the daemon does. */
function start(): void {
  const { audit, clock, ports } = world;
  const headFile = {
    read: async () => file,
    write,
  };
  const outbox = { raise: async ({ id }: { id: string }) => void raised.push(id) };
  look = openAuditWatch({ audit, headFile, outbox, clock, logger: ports.logger });
}
const add = (what: string = LINE.what) => world.audit.add({ ...LINE, ...ABOUT_NOTHING, what }, world.now());
const said = async () => {
  const all: string[] = [];
  for await (const { what } of world.audit.lines()) all.push(what);
  return all;
};
const cut = (after: number) => world.database.db.deleteFrom('audit').where('seq', '>', after).execute();
const looks = async (count: number) => {
  for (let time = 1; time <= count; time += 1) await look();
};
const remembered = () => JSON.parse(file ?? 'null');

describe('the remembered head', () => {
  test('is the last line, sealed; the trail says once that it is kept; nothing is told while lines are added', async () => {
    await looks(2);
    const lines = await said();
    expect(lines.filter((what) => what === REMEMBERED)).toHaveLength(1);
    expect(remembered()).toEqual({
      line: lines.length,
      hash: (await world.audit.head())?.hash,
      said: true,
      seal: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await add();
    // It may lag behind after a crash.
    start();
    await looks(2);
    expect(remembered()).toMatchObject({ line: lines.length + 1 });
    expect(raised).toEqual([]);
    expect(await world.audit.verify()).toMatchObject({ ok: true, differs: [] });
    expect(world.log.filter(({ message }) => message === 'audit trail')).toHaveLength(2);
  });

  test('a death at any write, and a full disk, tell nothing', async () => {
    for (const dies of [1, 2, 3, 4]) {
      let writes = 0;
      beforeWrite = () => {
        writes += 1;
        if (writes === dies) throw new Error('ENOSPC');
      };
      await look();
      start();
      await add();
    }
    beforeWrite = () => undefined;
    await look();
    expect(raised).toEqual([]);
    expect(remembered()).toMatchObject({ said: true });
    expect(world.log.some(({ message }) => message.includes('is not remembered'))).toBe(true);
  });

  test('lines cut off, a trail rewritten, a former database: told once, in the trail too', async () => {
    await add();
    await look();
    const last = remembered().line;
    await cut(last - 2);
    await looks(3);
    start();
    await looks(2);
    expect(raised).toEqual([expect.stringMatching(new RegExp(`^audit-trail/${last}/[0-9a-f]{64}$`))]);
    expect(await world.audit.verify()).toMatchObject({ ok: true, differs: [last - 1] });
    // The same number of lines, all of them true links of the key: only the remembered hash tells.
    const head = remembered().line;
    await cut(head - 1);
    await add('something else');
    await looks(2);
    expect(raised).toHaveLength(2);
    expect(world.log.filter(({ level }) => level === 'error').map(({ facts }) => facts.detail)).toEqual([
      expect.stringMatching(
        new RegExp(`^line ${last} .* was there and is not there, the trail ends at line ${last - 2}$`),
      ),
      expect.stringMatching(new RegExp(`^line ${head} .* was there and has another hash$`)),
    ]);
    expect((await said()).filter((what) => what === DIFFERS)).toHaveLength(2);
  });

  test('a file that is gone, changed, or no such file is told once', async () => {
    await look();
    file = null;
    await looks(2);
    expect(raised).toEqual([expect.stringMatching(/^audit-trail\/gone\//)]);
    file = JSON.stringify({ ...remembered(), line: 1, hash: await world.audit.hashOf(1) });
    await looks(2);
    expect(raised[1]).toMatch(/^audit-trail\/file\//);
    start();
    file = 'no such file';
    await looks(2);
    expect(raised).toHaveLength(3);
    expect(remembered()).toMatchObject({ said: true });
  });

  test.each(['a folder', 'a pipe'])('%s in its place is told once, and holds nothing up', async (what) => {
    const folder = mkdtempSync(join(tmpdir(), 'releve-head-'));
    const path = join(folder, 'audit-head.json');
    const { audit, clock, ports } = world;
    const outbox = { raise: async ({ id }: { id: string }) => void raised.push(id) };
    look = openAuditWatch({ audit, headFile: openKeptFile(path), outbox, clock, logger: ports.logger });
    await look();
    rmSync(path);
    if (what === 'a pipe')
      execFileSync('perl', ['-MPOSIX', '-e', 'POSIX::mkfifo($ARGV[0], 0600) or die', path]);
    else mkdirSync(path);
    symlinkSync(join(folder, 'elsewhere'), `${path}.new`);
    await looks(2);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
    expect(raised).toEqual([expect.stringMatching(/^audit-trail\/file\//)]);
    rmSync(folder, { recursive: true });
  });

  test('with the vault locked it is compared, told once, and owed to the trail until a key writes it', async () => {
    for (const between of ['the same process', 'a restart', 'a restart, with the cut undone']) {
      await add();
      await look();
      raised = [];
      const { line, hash } = remembered();
      const before = (await said()).filter((what) => what === DIFFERS).length;
      let audit = openAudit(world.database);
      const { clock, ports } = world;
      const headFile = { read: async () => file, write };
      const outbox = { raise: async ({ id }: { id: string }) => void raised.push(id) };
      // The vault opens while it runs.
      const opening = {
        mac: () => audit.mac(),
        add: (...given: Parameters<typeof audit.add>) => audit.add(...given),
        head: () => audit.head(),
        hashOf: (seq: number) => audit.hashOf(seq),
        linesThatSay: (...given: Parameters<typeof audit.linesThatSay>) => audit.linesThatSay(...given),
      };
      look = openAuditWatch({ audit: opening, headFile, outbox, clock, logger: ports.logger });
      await look();
      expect(raised).toEqual([]);
      const removed = await world.database.db
        .selectFrom('audit')
        .selectAll()
        .where('seq', '=', line)
        .execute();
      await cut(line - 1);
      await looks(2);
      expect(raised).toEqual([`audit-trail/${line}/${hash}`]);
      expect(remembered()).toMatchObject({ line, hash });
      if (between.includes('undone')) await world.database.db.insertInto('audit').values(removed).execute();
      audit = world.audit;
      if (between !== 'the same process') start();
      await looks(2);
      expect((await said()).filter((what) => what === DIFFERS)).toHaveLength(before + 1);
      expect(remembered().owed).toBeUndefined();
      expect(new Set(raised).size).toBe(1);
    }
  });

  test('a new key is told once, by its line, whether there is one or somebody added the line', async () => {
    await look();
    const { line } = remembered();
    await openAudit(world.database).add({ ...ABOUT_NOTHING, ...LINE, what: NEW_KEY }, world.now());
    await looks(2);
    start();
    await looks(2);
    expect(raised).toEqual([`audit-trail/key/${line + 1}`]);
    await world.database.db.deleteFrom('meta').where('key', '=', 'fingerprint-key').execute();
    const { ports, audit } = worldOver({ ...world, ...world.ports, keys: () => keyLine('other') });
    await fingerprintsOf(ports, new Secret('aB3(dE5_gH7['));
    await audit.add({ ...ABOUT_NOTHING, ...LINE }, world.now());
    world = { ...world, audit };
    start();
    await looks(2);
    expect(raised[1]).toBe(`audit-trail/key/${(await audit.linesThatSay(NEW_KEY)).at(-1)}`);
    // Its line is there: no other says that the trail was changed.
    expect(await audit.linesThatSay(DIFFERS)).toEqual([]);
    // A trail that was cut too is told of as such.
    await add();
    await look();
    const head = remembered().line;
    await cut(head - 1);
    await openAudit(world.database).add({ ...ABOUT_NOTHING, ...LINE, what: NEW_KEY }, world.now());
    await look();
    expect(raised[2]).toMatch(new RegExp(`^audit-trail/${head}/`));
  });

  test('without any key nothing is kept', async () => {
    await world.close();
    world = await openWorld();
    start();
    await add();
    await looks(2);
    expect(file).toBeNull();
    expect(raised).toEqual([]);
  });
});

test('the key of the trail is the same after a change of master keys, and asks for none to be read', async () => {
  const sealed = await world.ports.seals.fingerprintKey();
  if (sealed === null) throw new Error('no key');
  const macOf = (found: typeof sealed) => auditKeyOf(world.vault)(found)?.('text');
  const before = macOf(sealed);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  keys = `${keyLine('first')}${keyLine('second')}`;
  world.vault.refresh();
  const fresh = world.vault.reseal(FINGERPRINTS, sealed);
  if (fresh === null) throw new Error('it is sealed by the first key still');
  expect(macOf(fresh)).toBe(before);
  keys = null;
  expect(macOf({ ...fresh, keyId: 'third' })).toBeUndefined();
  // Had the keys been read again, there would be a fault now.
  expect(world.vault.trouble()).toBeNull();
});
