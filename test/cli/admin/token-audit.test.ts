// Tools' tokens, and the audit trail as agents verify and export it.
import { createHash } from 'node:crypto';
import { PassThrough, Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openAudit } from '../../../src/adapters/database/audit-trail.ts';
import { openApiTokens } from '../../../src/adapters/database/secrets.ts';
import { addMasterKey } from '../../../src/adapters/vault/key-file.ts';
import { runAuditExport, runAuditVerify } from '../../../src/cli/admin/audit.ts';
import { tokenFindings } from '../../../src/cli/admin/check-rotation.ts';
import { runTokenList, runTokenNew, runTokenRevoke } from '../../../src/cli/admin/token.ts';
import type { OutputIo } from '../../../src/cli/command-context.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { writeTo } from '../../../src/system/terminal.ts';
import { fingerprintsOf } from '../../../src/use-cases/rotation/rotation-ports.ts';
import { openSecurityAdmin, type SecurityAdmin } from '../../../src/use-cases/security/security-admin.ts';
import { plant } from '../../fakes/fleet.ts';
import { keyLine, LOGIN, worldOver } from '../../rig/world-store.ts';
import { type OperatorWorld, openOperatorWorld } from '../operator.ts';

let world: OperatorWorld;
let keeper: SecurityAdmin;
beforeEach(async () => {
  world = await openOperatorWorld();
  const { vault, audit, clock, ports, database } = world;
  keeper = openSecurityAdmin(
    { vault, audit, clock, seals: ports.seals, tools: openApiTokens(database), addMasterKey },
    'agent',
  );
});
afterEach(() => world.database.close());

describe('token', () => {
  const make = (name: string, options: Parameters<typeof runTokenNew>[1] = {}, hasDoor = true) =>
    world.run(() => {
      const { findAccount } = world;
      return runTokenNew(name, { for: 'submit', ...options }, { ...keeper, findAccount, hasDoor }, world.io);
    });
  const revoke = (name: string) => world.run(() => runTokenRevoke(name, {}, keeper, world.io));

  test('is shown once, opens the door, and only its hash is kept', async () => {
    const { exit, out } = await make('parapheur');
    expect(exit).toBe(0);
    const [, token = ''] = /\n\n(\S{43})\n\n/.exec(out) ?? [];
    const tools = openApiTokens(world.database);
    expect(await tools.find(world.vault.hashOf(token))).toEqual({
      name: 'parapheur',
      purpose: 'submit',
      logins: null,
      environment: null,
    });
    const kept = await world.database.db.selectFrom('tools').selectAll().execute();
    expect(JSON.stringify(kept)).not.toContain(token);
    for await (const line of world.audit.lines()) expect(JSON.stringify(line)).not.toContain(token);
  });

  test('says where the door is shut', async () => {
    expect((await make('parapheur', {}, false)).out).toContain('The door for tools is shut: set door.url');
  });

  test('of a name that is taken, also by one that was ended: exit 1; of a name that is none: exit 2', async () => {
    await make('parapheur');
    expect(await make('parapheur')).toMatchObject({ exit: 1, said: expect.stringContaining('parapheur-2') });
    await revoke('parapheur');
    expect(await make('parapheur')).toMatchObject({ exit: 1 });
    for (const name of ['', '-x', 'a b', 'x'.repeat(41)]) expect(await make(name)).toMatchObject({ exit: 2 });
  });

  test('ends when it is revoked, once; the list and the trail tell it', async () => {
    const { token } = JSON.parse((await make('parapheur', { json: true })).out);
    world.later(60_000);
    expect(await revoke('parapheur')).toEqual({
      exit: 0,
      said: '',
      out: 'The token of parapheur is ended.\n',
    });
    expect(await openApiTokens(world.database).find(world.vault.hashOf(token))).toBeNull();
    expect(await revoke('parapheur')).toMatchObject({ exit: 1 });
    await make('compta', { for: 'read', login: ['tech_1_21900001200015'], environment: 'production' });
    expect((await world.run(() => runTokenList({}, keeper, world.io))).out).toBe(
      'tool       for     accounts               in use\n' +
        'compta     read    TECH_1_21900001200015  since 2027-03-01 10:01\n' +
        '                   (production)\n' +
        'parapheur  submit  all                    since 2027-03-01 10:00\n' +
        '                                          until 2027-03-01 10:01\n',
    );
    const lines = [];
    for await (const { who, what, detail } of world.audit.lines()) lines.push(`${who}: ${what}, ${detail}`);
    expect(lines).toEqual([
      'agent: token made, parapheur, for submit, of all technical users',
      'agent: token revoked, parapheur, for submit, of all technical users',
      `agent: token made, compta, for read, of ${LOGIN}, in production`,
    ]);
  });

  test('without a purpose, or with one that is none, is refused, and the three are named: exit 2', async () => {
    for (const wrong of [undefined, 'write', '']) {
      const { exit, said } = await make('parapheur', { for: wrong as string });
      expect(exit).toBe(2);
      for (const purpose of ['submit', 'report', 'read']) expect(said).toContain(`--for ${purpose}`);
    }
    expect(await keeper.tokens.all()).toEqual([]);
  });

  test('for some logins holds them as they are registered; one that is not known is refused: exit 1', async () => {
    const { out } = await make('hub', {
      for: 'report',
      login: [` ${LOGIN.toLowerCase()}`, LOGIN],
      json: true,
    });
    expect(JSON.parse(out)).toMatchObject({ name: 'hub', for: 'report', logins: [LOGIN], environment: null });
    for (const wrong of [
      { login: [LOGIN, 'TECH_9_21900001200015@cpro.fr'] },
      // In the other environment there is none of this name.
      { login: [LOGIN], environment: 'qualification' as const },
    ])
      expect(await make('other', wrong)).toMatchObject({ exit: 1, said: expect.stringContaining('--login') });
    expect(await keeper.tokens.all()).toHaveLength(1);
  });

  test('takes a name where it means one login, in either environment; where it means several, they are listed: exit 2', async () => {
    const delle = {
      login: 'TECH_1_21900012000002@cpro.fr',
      siret: '21900012000002',
      name: 'Commune de Delle',
    };
    await plant(world.database, [
      { ...delle, manager: 'm@delle.test' },
      { ...delle, environment: 'qualification' },
      { login: 'TECH_1_21900012000003@cpro.fr', siret: '21900012000003', name: 'Commune de Denney' },
    ]);
    const loginsOf = async (login: string, name: string) =>
      JSON.parse((await make(name, { login: [login], json: true })).out).logins;
    expect(await loginsOf('delle', 'a')).toEqual([delle.login]);
    expect(await loginsOf(delle.siret, 'b')).toEqual([delle.login]);
    expect(await loginsOf(delle.login, 'c')).toEqual([delle.login]);
    const named = await make('d', { login: ['commune de denney'] });
    expect(named.out).toMatch(/^Commune de Denney: TECH_1_21900012000003@cpro\.fr \(production\)\n/);
    const several = await make('e', { login: ['commune de de'] });
    expect(several).toMatchObject({ exit: 2, out: '' });
    expect(several.said).toMatch(
      /^--login: 3 technical users may be meant; give the login, or more of the name:/,
    );
    expect(several.said).toMatch(/Commune de Denney +TECH_1_21900012000003/);
    expect(await keeper.tokens.all()).toHaveLength(4);
  });

  test('check names those of before there were purposes, and what to do', async () => {
    expect(tokenFindings(await keeper.tokens.all())).toEqual([]);
    await make('parapheur');
    expect(tokenFindings(await keeper.tokens.all())).toMatchObject([{ what: 'tokens', state: 'ok' }]);
    const old = { hash: 'x', made_at: 0, revoked_at: null, purpose: null, logins: null, environment: null };
    await world.database.db
      .insertInto('tools')
      .values([
        { ...old, name: 'glpi' },
        { ...old, name: 'ended', hash: 'y', revoked_at: 1 },
      ])
      .execute();
    expect(tokenFindings(await keeper.tokens.all())).toEqual([
      {
        what: 'tokens',
        state: 'look',
        found: '1 of 2 without a purpose, which submit and report: glpi',
        todo: expect.stringContaining('--for PURPOSE'),
      },
    ]);
  });

  test('list without any says how to make one', async () => {
    expect((await world.run(() => runTokenList({}, keeper, world.io))).out).toContain(
      'releve token new NAME',
    );
  });
});

describe('audit', () => {
  const GOOD = 'aB3(dE5_gH7[';
  beforeEach(async () => {
    world.chorus.alive.set(LOGIN, GOOD);
    await world.submit(GOOD);
    await world.advance();
  });
  const verify = (json = false) => world.run(() => runAuditVerify({ json }, keeper, world.io));
  const exported = async (terminal: boolean, json = false) => {
    let lines = '';
    const io: OutputIo = {
      ...world.io,
      terminal,
      writeAll: async (pieces) => {
        for await (const piece of pieces) lines += piece;
      },
    };
    const ended = await world.run(() => runAuditExport({ json }, keeper, io));
    return { ...ended, lines };
  };

  test('verify tells how many lines there are, and the hash of the last', async () => {
    const { exit, out } = await verify();
    const last = await world.database.db
      .selectFrom('audit')
      .selectAll()
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow();
    expect(exit).toBe(0);
    expect(out).toContain(
      `${last.seq} line(s), each follows from the one before.\nHash of the last: ${last.hash}\n`,
    );
  });

  test('verify names the first line that was changed or is missing: exit 1', async () => {
    await world.database.db.updateTable('audit').set({ who: 'nobody' }).where('seq', '=', 2).execute();
    expect(await verify()).toEqual({
      exit: 1,
      out: '',
      said: 'the audit trail does not hang together: line 2 was changed',
    });
    await world.database.db.deleteFrom('audit').where('seq', '=', 1).execute();
    expect(JSON.parse((await verify(true)).out)).toEqual({
      ...{ ok: false, kind: 'changed' },
      ...{ at: 1, fault: 'line 1 is missing' },
    });
  });

  const LINE = { who: 'agent', what: 'maintenance added', channel: 'command', detail: null } as const;
  const ABOUT_NOTHING = { rotationId: null, check: null, sink: null } as const;
  const line = { ...LINE, ...ABOUT_NOTHING };
  const rows = () => world.database.db.selectFrom('audit').selectAll().orderBy('seq').execute();
  /** A line as versions before 0.7.0 linked it. */
  const oldHash = (before: string, row: Awaited<ReturnType<typeof rows>>[number]) =>
    sha256([
      ...[before, row.seq, row.at, row.who, row.what, row.environment, row.login],
      ...[row.rotation_id, row.channel, row.check_result, row.sink, row.detail],
    ]);
  const sha256 = (parts: readonly unknown[]) =>
    createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  /** Makes the first lines those of an older version; all after them are gone. */
  const madeBefore = async (count: number) => {
    let hash = '0'.repeat(64);
    for (const row of (await rows()).slice(0, count)) {
      hash = oldHash(hash, row);
      const old = { hash, digest: null, salt: null, seals: null };
      await world.database.db.updateTable('audit').set(old).where('seq', '=', row.seq).execute();
    }
    await world.database.db.deleteFrom('audit').where('seq', '>', count).execute();
  };
  const emptied = {
    who: '',
    what: '',
    login: null,
    channel: null,
    rotation_id: null,
    detail: null,
    salt: null,
  };
  const empty = (seq: number) =>
    world.database.db.updateTable('audit').set(emptied).where('seq', '=', seq).execute();

  test('lines without a key, and those of earlier versions, are sealed by the next that has it, which names them', async () => {
    await madeBefore(2);
    await openAudit(world.database).add(line, 1);
    expect((await verify()).out).toContain('Lines 1 to 3 were written without a key, not sealed yet.\n');
    await world.audit.add(line, 2);
    await openAudit(world.database).add(line, 3);
    await world.audit.add(line, 4);
    await world.audit.add(line, 5);
    const { exit, out } = await verify();
    expect(exit).toBe(0);
    expect(out).toContain('Lines 1 to 3 were written without a key, sealed by line 4.\n');
    expect(out).toContain('Line 5 was written without a key, sealed by line 6.\n');
    expect((await rows()).map(({ seals }) => seals)).toEqual([null, null, null, 1, null, 5, 7]);
    // What is sealed cannot be changed any more, though each link can be computed again as a plain one.
    await world.database.db.updateTable('audit').set({ who: 'nobody' }).where('seq', '=', 1).execute();
    let hash = '0'.repeat(64);
    for (const row of await rows()) {
      hash = row.digest === null ? oldHash(hash, row) : sha256([hash, row.seq, row.digest]);
      await world.database.db.updateTable('audit').set({ hash }).where('seq', '=', row.seq).execute();
    }
    expect(await verify()).toMatchObject({
      exit: 1,
      said: expect.stringContaining('line 4 was changed, or one before it'),
    });
  });

  test('who has no key links plainly: what a key had linked is then said to have no seal', async () => {
    const before = await rows();
    // The trail is rewritten from its second line on, as if no key had ever been there, and one line less.
    let hash = before[0]?.hash ?? '';
    for (const row of before.slice(1, -1)) {
      hash = sha256([hash, row.seq, row.digest]);
      await world.database.db
        .updateTable('audit')
        .set({ hash, seals: null })
        .where('seq', '=', row.seq)
        .execute();
    }
    const last = before.length;
    await world.database.db.deleteFrom('audit').where('seq', '=', last).execute();
    expect((await verify()).out).toContain(
      `Lines 2 to ${last - 1} were written without a key, not sealed yet.\n`,
    );
    // Without the plain link being his, a line that claims a seal is found out.
    await world.database.db.updateTable('audit').set({ seals: 2 }).where('seq', '=', 2).execute();
    expect(await verify()).toMatchObject({ exit: 1, said: expect.stringContaining('line 2 was changed') });
  });

  test('a line that was noted: still there, another one, cut off; half a note is wrong use', async () => {
    const all = await rows();
    const noted = (seq: number, hash = all[seq - 1]?.hash ?? '') =>
      world.run(() => runAuditVerify({ line: seq, hash }, keeper, world.io));
    await world.audit.add(line, 1);
    expect(await noted(2)).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/^Line 2 is still there, unchanged/),
    });
    expect(await noted(2, 'f'.repeat(64))).toMatchObject({
      exit: 1,
      said: expect.stringContaining('another hash'),
    });
    expect(await noted(99)).toMatchObject({
      exit: 1,
      said: expect.stringContaining(`line 99 is missing: the trail ends at line ${all.length + 1}`),
    });
    expect(await world.run(() => runAuditVerify({ line: 2 }, keeper, world.io))).toMatchObject({ exit: 2 });
  });

  test('contents can go: the digests stay, and what is left is verified', async () => {
    await madeBefore(2);
    for (let more = 1; more <= 3; more += 1) await world.audit.add(line, more);
    await empty(1);
    await empty(4);
    expect((await verify()).out).toContain('2 line(s) have lost their content; their digests are there.');
    await world.database.db
      .updateTable('audit')
      .set({ digest: 'f'.repeat(64) })
      .where('seq', '=', 4)
      .execute();
    expect(await verify()).toMatchObject({ exit: 1, said: expect.stringContaining('line 4 was changed') });
  });

  test('a line of an earlier version loses its content only after all before it', async () => {
    await madeBefore(3);
    await world.audit.add(line, 1);
    await empty(2);
    expect(await verify()).toMatchObject({ exit: 1, said: expect.stringContaining('line 2 was changed') });
    await empty(1);
    expect(await verify()).toMatchObject({ exit: 0 });
    // Put in the place of a sealed line, such a line is found out.
    await world.database.db
      .updateTable('audit')
      .set({ digest: null, seals: 3 })
      .where('seq', '=', 3)
      .execute();
    expect(await verify()).toMatchObject({ exit: 1, said: expect.stringContaining('line 3 was changed') });
  });

  test('without the key: what a key links cannot be verified, exit 4; what shows without it is checked, exit 1', async () => {
    const locked = { audit: openAudit(world.database) };
    const blind = (options = {}) => world.run(() => runAuditVerify(options, locked, world.io));
    const last = (await rows()).length;
    const said = expect.stringMatching(
      new RegExp(
        `^the audit trail cannot be verified as a whole: lines 1 to ${last} cannot .*no master key at hand opens`,
      ),
    );
    expect(await blind()).toEqual({ exit: 4, out: '', said });
    expect(await blind({ line: last, hash: (await rows()).at(-1)?.hash })).toMatchObject({ exit: 4 });
    expect(JSON.parse((await blind({ json: true })).out)).toEqual({
      ...{ ok: false, kind: 'unverified', at: 1, to: last },
      fault: expect.stringContaining('no master key at hand opens the key of the trail (releve key check)'),
    });
    await locked.audit.add(line, 1);
    expect((await blind({ from: last + 1 })).out).toContain(`Nobody vouches for lines 1 to ${last}:`);
    const change = (seq: number, to: object) =>
      world.database.db.updateTable('audit').set(to).where('seq', '=', seq).execute();
    await change(last + 1, { hash: 'f'.repeat(64) });
    expect(await blind()).toMatchObject({
      exit: 1,
      said: expect.stringContaining(`line ${last + 1} was changed`),
    });
    await change(2, { seals: 1 });
    expect(await blind()).toMatchObject({ exit: 1, said: expect.stringContaining('line 2 was changed') });
    await change(1, { who: 'nobody' });
    expect(await blind()).toMatchObject({ exit: 1, said: expect.stringContaining('line 1 was changed') });
  });

  /** The master key is lost: another one, and the sealed key of fingerprints is removed. Returns the trail under the next one. */
  const lost = async (name: string) => {
    await world.database.db.deleteFrom('meta').where('key', '=', 'fingerprint-key').execute();
    const { ports, audit } = worldOver({ ...world, ...world.ports, keys: () => keyLine(name) });
    const since = (await rows()).length + 1;
    await fingerprintsOf(ports, new Secret(GOOD));
    await audit.add(line, 1);
    const check = (options = {}) => world.run(() => runAuditVerify(options, { audit }, world.io));
    return { audit, since, check };
  };

  test('after a lost master key a line says so; from there on the trail is verified again, and only from there', async () => {
    await openAudit(world.database).add(line, 1);
    const { since, check, audit } = await lost('other');
    const former = since - 2;
    expect((await rows())[since - 1]).toMatchObject({
      ...{ who: 'releve', what: 'new key of the audit trail', seals: null },
      detail: `lines up to ${former} were linked under a former one`,
    });
    expect(await check()).toMatchObject({
      exit: 4,
      said: expect.stringMatching(new RegExp(`lines 1 to ${former} cannot .*: --from ${since}$`)),
    });
    const { exit, out } = await check({ from: since });
    expect(exit).toBe(0);
    expect(out).toContain(`Nobody vouches for lines 1 to ${former}: another key linked them`);
    expect(out).toContain(`Lines ${since - 1} to ${since} were written without a key, sealed by line`);
    const noted = async (seq: number) => ({ line: seq, hash: (await rows())[seq - 1]?.hash });
    expect((await check({ from: since, ...(await noted(since)) })).out).toContain(
      `and so is each line before it from line ${former + 1} on.`,
    );
    expect(await check({ from: (await rows()).length + 1 })).toMatchObject({
      exit: 1,
      said: expect.stringContaining('is missing: the trail ends at'),
    });
    // A hash that was noted of a line under the lost key proves nothing any more.
    expect(await check({ from: since, ...(await noted(2)) })).toMatchObject({ exit: 4 });
    // Lost once more: what was accepted before is not enough.
    const again = await lost('third');
    expect(await again.check({ from: since })).toMatchObject({ exit: 4 });
    expect(await again.check({ from: again.since })).toMatchObject({ exit: 0 });
    // Who has the former key alone can neither verify, nor link another line under it.
    expect(await check({ from: since })).toMatchObject({ exit: 4 });
    await audit.add(line, 1);
    expect(await again.check({ from: again.since })).toMatchObject({ exit: 0 });
  });

  const forge = (seq: number) =>
    world.database.db
      .updateTable('audit')
      .set({ hash: 'f'.repeat(64) })
      .where('seq', '=', seq)
      .execute();

  test('the first key ever is no new one, and who has no key cannot pass for one who lost it', async () => {
    expect((await rows()).map(({ what }) => what)).not.toContain('new key of the audit trail');
    const last = (await rows()).length;
    await openAudit(world.database).add({ ...line, what: 'new key of the audit trail' }, 1);
    await world.audit.add(line, 2);
    expect(await verify()).toMatchObject({ exit: 0 });
    // Such a line is no excuse while the key at hand fits one before it, though all after it fits too.
    await world.database.db.deleteFrom('audit').where('seq', '>', last).execute();
    await forge(last);
    await openAudit(world.database).add({ ...line, what: 'new key of the audit trail' }, 1);
    await world.audit.add(line, 2);
    expect(await verify()).toMatchObject({
      exit: 1,
      said: expect.stringContaining(`line ${last} was changed`),
    });
  });

  test('who makes every keyed line unverifiable and adds that the key is new: nobody vouches for them, exit 4', async () => {
    const all = await rows();
    const forged = { hash: 'f'.repeat(64), seals: 1 };
    await world.database.db.updateTable('audit').set(forged).where('seq', '=', 1).execute();
    for (const { seq } of all.slice(1)) await forge(seq);
    await openAudit(world.database).add({ ...line, what: 'new key of the audit trail' }, 1);
    await world.audit.add(line, 2);
    expect(await verify()).toMatchObject({
      exit: 4,
      said: expect.stringContaining(`lines 1 to ${all.length}`),
    });
  });

  test('export: a line of JSON each for programs, a table on a terminal, no password in either', async () => {
    const { out, lines } = await exported(false);
    expect(out).toBe('');
    const read = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(read.map(({ seq }) => seq)).toEqual(read.map((_, index) => index + 1));
    expect(read[0]).toEqual({
      seq: 1,
      at: '2027-03-01T09:00:00Z',
      who: 'agent',
      what: 'received',
      environment: 'production',
      login: LOGIN,
      rotationId: expect.any(String),
      channel: 'command',
      check: null,
      sink: null,
      detail: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await exported(true, true)).lines).toBe(lines);
    const shown = await exported(true);
    expect(shown.out).toMatch(/^line +when +who +what +login/);
    expect(shown.out).toMatch(
      new RegExp(`^1 +2027-03-01 10:00:00 +agent +received +${LOGIN} +command$`, 'm'),
    );
    expect(lines + shown.out).not.toContain(GOOD);
  });

  test('an output that takes no more is told elsewhere; a trail that cannot be read is told here', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });
    const closed = new Writable({ write: (_chunk, _encoding, done) => done(gone) });
    closed.on('error', () => undefined);
    await expect(writeTo(closed, Readable.from(['first', 'second']))).resolves.toBeUndefined();
    // A connection to a server ends with the same words as an output.
    for (const lost of [new Error('the database is gone'), gone]) {
      const pieces = async function* () {
        yield 'first';
        throw lost;
      };
      await expect(writeTo(new PassThrough(), pieces())).rejects.toBe(lost);
    }
  });
});
