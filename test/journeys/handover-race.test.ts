// Two daemons on one database at the same time: every password is proven once, written once, told once.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/database/database.ts';
import { openRotations } from '../../src/adapters/database/rotations/rotations.ts';
import { openSink } from '../../src/adapters/sinks/sink.ts';
import { announce } from '../../src/domain/rotation/receive.ts';
import type { ChorusEvent } from '../../src/simulator/chorus-pro/events.ts';
import { openChorusSimulator } from '../../src/simulator/simulator.ts';
import { plant } from '../fakes/fleet.ts';
import { rotationRules } from '../fakes/rules.ts';
import { startPostgres } from '../rig/postgres.ts';
import { auditWith, keyLine, placeIn } from '../rig/world-store.ts';
import { CLIENT, hookProgram, sinkSettings } from './handover-kill-stories.ts';
import type { Race } from './handover-race-child.ts';

const CHILD = join(inject('bundle'), 'handover-race-child.js');
const USERS = 30;
const ROUNDS = 4;

const root = mkdtempSync(join(tmpdir(), 'releve-race-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const LOGINS = Array.from({ length: USERS }, (_, place) => `TECH_1_${21_900_000_000_000 + place}@cpro.fr`);
const PASSWORDS = LOGINS.map((login, place) => [login, `aB3(xyzKL${place + 10}_`] as const);

/** A fleet whose managers have all announced a reset. */
async function layOut(folder: string, url: string | null): Promise<Database> {
  mkdirSync(join(folder, 'sinks'), { recursive: true });
  writeFileSync(join(folder, 'keys'), keyLine('first'));
  writeFileSync(join(folder, 'hook.sh'), hookProgram(folder));
  const database = await openDatabase(placeIn(folder, url));
  await plant(
    database,
    LOGINS.map((login, place) => ({ login, changedOn: '2026-03-01', manager: `m${place}@commune.test` })),
  );
  const rules = rotationRules(sinkSettings(folder).map((settings) => openSink(settings, {})));
  const rotations = openRotations(database, rules);
  const users = await database.db.selectFrom('technical_users').select('id').execute();
  const manager = { channel: 'form', by: 'manager' } as const;
  for (const { id } of users) {
    await rotations.update(id, (aggregate) =>
      announce(aggregate, { actor: manager, id: `announced ${id}` }, rules, Date.now()),
    );
  }
  return database;
}

function racer(race: Race): ChildProcess {
  return spawn(process.execPath, ['--enable-source-maps', CHILD, JSON.stringify(race)], {
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: join(root, 'cache') },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Two racers, begun in the same moment; what each of them said. */
async function run(races: readonly Race[]): Promise<string[][]> {
  const racers = races.map(racer);
  await Promise.all(racers.map((one) => once(one, 'message')));
  const ends = racers.map((one) => once(one, 'message') as Promise<[{ said: string[] }]>);
  const closed = racers.map((one) => once(one, 'close'));
  for (const one of racers) one.send('go');
  const codes = (await Promise.all(closed)).map(([code]) => code);
  expect(codes).toEqual([0, 0]);
  return (await Promise.all(ends)).map(([{ said }]) => said);
}

const counted = (lines: readonly string[]) => {
  const counts: Record<string, number> = {};
  for (const line of lines) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
};
const each = (names: readonly string[], times: number) =>
  Object.fromEntries(names.map((name) => [name, times]));
const linesIn = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

/** One race; how many passwords each of the two published. */
async function raceIn(folder: string, url: string | null, aheadMs: number): Promise<number[]> {
  const database = await layOut(folder, url);
  const events: ChorusEvent[] = [];
  const chorus = await openChorusSimulator({
    accounts: PASSWORDS.map(([login, password], place) => ({
      ...{ login, environment: 'production', password, entitled: true, expiresOn: null, further: [] },
      home: { siret: String(21_900_000_000_000 + place), name: `Commune ${place}` },
    })),
    ...CLIENT,
    onEvent: (event) => events.push(event),
  });
  const task = { folder, database: url, chorus: chorus.urls.production };
  const said = await run([
    { ...task, passwords: PASSWORDS, aheadMs: 0 },
    { ...task, passwords: PASSWORDS.toReversed(), aheadMs },
  ]);
  await chorus.close();
  judgeChorus(events);
  judgeSinks(folder);
  await judgeBooks(database);
  await database.close();
  return said.map((lines) => lines.filter((line) => line === 'password published').length);
}

/** Nobody was asked more than once. */
function judgeChorus(events: readonly ChorusEvent[]): void {
  const asked = events.flatMap((one) => (one.kind === 'login-ok' ? [one.login] : []));
  expect(counted(asked)).toEqual(each(LOGINS, 1));
  expect(events.filter(({ kind }) => kind === 'login-refused')).toEqual([]);
}

/** Each sink was written once, its connector was told to hold once, and the hook saw the new password once. */
function judgeSinks(folder: string): void {
  const places = LOGINS.flatMap((login) => [`${login}.alpha`, `${login}.beta`]);
  const holds = linesIn(join(folder, 'written')).filter((file) => file.endsWith('-hold'));
  expect(Math.max(...Object.values(counted(holds)))).toBe(1);
  const written = linesIn(join(folder, 'written')).filter((file) => !file.endsWith('-hold'));
  expect(counted(written)).toEqual(each(places, 1));
  const hooked = PASSWORDS.flatMap(([login, password]) =>
    ['alpha', 'beta'].map((sink) => `${sink} ${login} 2 {"password":"${password}","version":2}`),
  );
  expect(counted(linesIn(join(folder, 'hooks')))).toEqual(each(hooked, 1));
  expect(readdirSync(join(folder, 'sinks')).toSorted()).toEqual(places.toSorted());
}

/** One version more, one letter, one line of the trail for each thing; and the trail hangs together. */
async function judgeBooks(database: Database): Promise<void> {
  const { db } = database;
  const users = await db.selectFrom('technical_users').select('version').execute();
  expect(users.map(({ version }) => version)).toEqual(LOGINS.map(() => 2));
  const rotations = await db.selectFrom('rotations').select(['stage', 'standing']).execute();
  expect(rotations).toEqual(LOGINS.map(() => ({ stage: 'published', standing: 'current' })));
  const letters = await db
    .selectFrom('letters')
    .innerJoin('letter_items', 'letter_items.letter_id', 'letters.id')
    .select(['letters.kind', 'letter_items.login'])
    .execute();
  expect(counted(letters.map(({ kind, login }) => `${kind} ${login}`))).toEqual(
    each(
      LOGINS.map((login) => `confirmation ${login}`),
      1,
    ),
  );
  const audit = auditWith(database, keyLine('first'));
  const trail: string[] = [];
  for await (const { what, login, sink } of audit.lines()) trail.push([what, login, sink].join(' '));
  const once_ = trail.filter((line) => /^(received|accepted|published) /.test(line));
  expect(Math.max(...Object.values(counted(once_)))).toBe(1);
  expect(once_).toHaveLength(USERS * 5);
  expect(await audit.verify()).toMatchObject({ ok: true });
}

describe('two daemons on one database', () => {
  it(`hand ${USERS} passwords over as one would, again and again`, async () => {
    const shares = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      // Every other time the clock of one is a little ahead.
      const published = await raceIn(join(root, `round-${round}`), null, (round % 2) * 1_500);
      expect((published[0] ?? 0) + (published[1] ?? 0)).toBe(USERS * 2);
      published.forEach((count, place) => {
        shares[place] = (shares[place] ?? 0) + count;
      });
    }
    // It was a race: each of them did a good part.
    expect(Math.min(...shares)).toBeGreaterThan(ROUNDS * 5);
  }, 240_000);

  it('do so on PostgreSQL as well', async () => {
    const postgres = await startPostgres();
    for (const aheadMs of [0, 1_500]) {
      await raceIn(join(root, `postgres-${aheadMs}`), await postgres.database(), aheadMs);
    }
    await postgres.stop();
  });
});
