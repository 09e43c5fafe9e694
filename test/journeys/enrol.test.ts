// The first day of an installation: the passwords of a hundred connectors are handed in at once, and nobody hears of it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Folders, fileSink } from '../rig/installation.ts';
import { type Ended, endAll, startReleve, waitFor } from '../rig/process.ts';
import { columnsOf, filesBelow, rowsOf } from '../rig/readable-places.ts';
import { seek, told } from '../rig/secret-search.ts';
import { isSettled } from '../rig/world-process-mail.ts';
import { type RotationWorld, startRotationWorld } from '../rig/world-process-rotation.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const COUNT = 100;
/** The connector of this one reads something else than its password. */
const ODD = 40;

let world: RotationWorld;
let passwords: readonly string[];
const heard: Ended[] = [];

/** A connector that reads a bare password, and a hook that leaves a line for each time it runs. */
function sinksOf(folders: Folders) {
  const hook = { run: ['/bin/sh', '-c', `echo "$0" >> ${join(folders.path, 'hooks')}`, 'ran'] };
  return [fileSink(folders, { format: 'text', template: '{{password}}\n', mode: '0600', hook })];
}

const fileOf = (nth: number) => join(world.sinks, `${world.users[nth]?.login}.json`);
const held = (nth: number) => readFileSync(fileOf(nth), 'utf8');
const hooks = () => {
  const file = join(world.path, 'hooks');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
};

beforeAll(async () => {
  world = await startRotationWorld({ users: COUNT, sinks: sinksOf });
  passwords = world.users.map((user) => world.simulator.accounts.passwordOf(user));
  for (const [nth, password] of passwords.entries())
    writeFileSync(fileOf(nth), nth === ODD ? 'what somebody typed\n' : `${password}\n`, { mode: 0o600 });
});
afterAll(async () => {
  await endAll();
  await world?.stop();
});

async function enrol(list: string, ...more: readonly string[]) {
  const ended = await world.run(['enrol', '--stdin', '--json', ...more], list);
  heard.push(ended);
  return { ...ended, report: JSON.parse(ended.stdout || '{}') };
}

/** What the ladder, the letters and the links go by. */
function known() {
  const all = rowsOf(world.database);
  const tables = ['technical_users', 'letters', 'deliveries', 'links', 'events', 'alarms'];
  return Object.fromEntries(tables.map((table) => [table, all[table] ?? []]));
}

/** One query over the database, as somebody else's program makes it. */
function asked(sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(world.database, { readOnly: true, timeout: 5_000 });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** The tasks: their kinds, and whether they are done. */
const tasks = () =>
  asked('select kind, done_at from tasks').map(({ kind, done_at: doneAt }) => [kind, doneAt !== null]);

/** So many passwords are in service. */
const inService = () =>
  Number(asked("select count(*) as n from rotations where standing = 'current'")[0]?.n ?? 0);

const jsonLines = () =>
  world.users.map(({ login }, nth) => JSON.stringify({ login, password: passwords[nth] })).join('\n');
const quoted = (text: string | undefined) => `"${(text ?? '').replaceAll('"', '""')}"`;
const csv = () =>
  ['login;password', ...world.users.map(({ login }, nth) => `${login};${quoted(passwords[nth])}`)].join(
    '\r\n',
  );

it('a hundred accounts are enrolled, killed in the midst and started again: no letter, date, version, link, write or hook', async () => {
  await waitFor(
    () => (isSettled(world.data) && known().links?.length === COUNT ? true : null),
    () => 'the letters with links did not leave',
  );
  const before = known();
  expect(before.alarms).toEqual([]);
  const first = startReleve(['enrol', '--stdin'], { ...world.start, input: csv() });
  await waitFor(
    () => (inService() >= 20 ? true : null),
    () => `nothing was enrolled: ${first.said()}`,
  );
  first.signal('SIGKILL');
  heard.push(await first.ended);
  const done = inService();
  expect(done).toBeLessThan(COUNT);
  // The lease of the call that died is over.
  world.clock.set(world.clock.now().add({ minutes: 2 }).toString());
  const { code, report, stderr } = await enrol(jsonLines());
  expect({ code, inService: report.inService, left: report.left }).toEqual({
    code: 0,
    inService: COUNT,
    left: 0,
  });
  expect(stderr).toContain('Destroy now');
  const outcomes = Map.groupBy<string, { outcome: string }>(report.lines, ({ outcome }) => outcome);
  expect([...outcomes].map(([name, lines]) => [name, lines.length])).toEqual([
    ['in-service', done],
    ['enrolled', COUNT - done],
  ]);
  const differing = report.lines.filter(({ sinks }: { sinks: { state: string }[] }) =>
    sinks.some(({ state }) => state !== 'holds it'),
  );
  expect(differing).toMatchObject([{ line: ODD + 1, sinks: [{ sink: 'connector', state: 'differs' }] }]);
  // The daemon has looked since, more than once.
  await pause(5_000);
  expect(known()).toEqual(before);
  // The one whose sink holds something else asks for a person, without a letter.
  expect(tasks()).toEqual([['sink-left', false]]);
  expect(inService()).toBe(COUNT);
  expect(held(ODD)).toBe('what somebody typed\n');
  expect(hooks()).toBe(0);
  for (const nth of [0, ODD, COUNT - 1]) {
    const { login = '' } = world.users[nth] ?? {};
    expect(await world.sealOf(await world.linkFor(login))).not.toBe('');
  }
});

it('what differs is written by --write, with one hook; all else stays as it is', async () => {
  const before = known();
  const { report } = await enrol(jsonLines(), '--write');
  expect(report).toMatchObject({ inService: COUNT, left: 0 });
  expect(held(ODD)).toBe(`${passwords[ODD]}\n`);
  expect(hooks()).toBe(1);
  expect(known()).toEqual(before);
  // A look at the tasks closes what is over.
  const looked = startReleve(['task', 'list', '--json'], world.start);
  heard.push(await looked.ended);
  expect(tasks()).toEqual([['sink-left', true]]);
});

it('the link that was never spent takes the next password, and the letter of a renewal follows', async () => {
  const [user] = world.users;
  if (user === undefined) throw new Error('nobody');
  const link = await world.linkFor(user.login);
  const next = world.resetAtPortal(user.login);
  expect((await world.postForm(link, { password: next })).status).toBe(200);
  await waitFor(
    () => (held(0) === `${next}\n` ? true : null),
    () => 'the connector has not got the new password',
  );
  expect(JSON.parse((await world.run(['show', user.login, '--json'])).stdout).users[0]).toMatchObject({
    version: 2,
  });
});

it('no password stands in what was said, in the database or in a file but the connectors’', () => {
  const said = heard.map(({ stdout, stderr }, nth) => ({
    name: `process ${nth}`,
    bytes: Buffer.from(stdout + stderr),
  }));
  const daemon = { name: 'daemon', bytes: Buffer.from(world.said()) };
  const places = [...said, daemon, ...columnsOf(world.database), ...filesBelow(world.path, [world.sinks])];
  const some = Object.fromEntries([0, 19, ODD, 99].map((nth) => [`password ${nth}`, passwords[nth] ?? '']));
  expect(told(seek(places, some))).toEqual([]);
});
