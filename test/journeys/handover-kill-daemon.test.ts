// The real daemon is killed again and again while managers hand in their passwords over its real page.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/database/database.ts';
import { fileSink } from '../rig/installation.ts';
import { waitFor } from '../rig/process.ts';
import { type RotationWorld, startRotationWorld } from '../rig/world-process-rotation.ts';
import { auditWith } from '../rig/world-store.ts';

const MANAGERS = 20;
const KILLS = 5;
/** How many managers post at the same time. */
const AT_ONCE = 4;

let world: RotationWorld;

beforeAll(async () => {
  world = await startRotationWorld({
    users: MANAGERS,
    sinks: (folders) => {
      const log = join(folders.path, 'hooks');
      const line = `printf '%s %s\\n' "$RELEVE_LOGIN" "$RELEVE_VERSION" >>'${log}'`;
      return [fileSink(folders, { hook: { run: ['/bin/sh', '-c', line] } })];
    },
  });
});
afterAll(() => world?.stop());

/** A manager with the link of the letter and the password that the portal showed. */
interface Manager {
  readonly login: string;
  readonly link: string;
  readonly password: string;
  answered: boolean;
}

async function managers(): Promise<Manager[]> {
  const all: Manager[] = [];
  for (const { login } of world.users) {
    const link = await world.linkFor(login);
    all.push({ login, link, password: world.resetAtPortal(login), answered: false });
  }
  return all;
}

/** Hands in what has had no answer yet; who gets none tries again in the next round. Returns how many got none. */
async function handIn(all: readonly Manager[]): Promise<number> {
  let lost = 0;
  const queue = all.filter(({ answered }) => !answered);
  const post = async () => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const answer = await world
        .postForm(one.link, { password: one.password, login: '', expiry: '' })
        .catch(() => null);
      if (answer === null) {
        // Whose answer was lost may have been accepted all the same: then the link says so.
        const page = await world.request(one.link).catch(() => null);
        one.answered = /C’est fait|le mot de passe est bon|a déjà servi/.test(page?.text ?? '');
        if (!one.answered) lost += 1;
        continue;
      }
      expect({ login: one.login, status: answer.status }).toEqual({ login: one.login, status: 200 });
      one.answered = true;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, post));
  return lost;
}

const hooks = () => {
  const file = join(world.path, 'hooks');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
};

it('every password that was answered for is in service in the end, and those without an answer can be handed in again', async () => {
  const all = await managers();
  const answered = () => all.filter((one) => one.answered).length;
  // Chorus Pro takes its time, so that deaths fall into every part of the way.
  world.simulator.faults.add({ fault: { kind: 'delay', ms: 40 } });
  let hits = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const posting = handIn(all);
    await pause(60 + Math.random() * 400);
    await world.halt('SIGKILL');
    if ((await posting) > 0 && answered() > 0) hits += 1;
    await world.resume();
  }
  // Some deaths came in the midst of the work: some had their answer by then, others lost theirs.
  expect(hits).toBeGreaterThan(0);
  // A connection that was kept open to the dead one fails once more.
  await waitFor(
    async () => ((await handIn(all)) === 0 ? true : null),
    () => `${all.length - answered()} had no answer`,
  );
  // The claims of the dead are over.
  world.clock.set(world.clock.now().add({ minutes: 3 }).toString());
  for (const { login, password } of all) {
    await waitFor(
      () => (world.sinkContent(login)?.password === password ? true : null),
      () => `${login} is not in service: ${world.said().slice(-3_000)}`,
    );
  }
  await waitFor(
    () => (new Set(hooks()).size === MANAGERS ? true : null),
    () => `hooks ran for ${hooks().length}`,
  );
  await judge(all);
});

it('a trail whose end is cut off raises one alarm, and no death does', async () => {
  const inDatabase = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openDatabase({ engine: 'sqlite', file: world.database });
    return work(database).finally(() => database.close());
  };
  const alarms = () =>
    inDatabase(({ db }) => db.selectFrom('alarms').select('id').where('kind', '=', 'audit-trail').execute());
  await world.halt();
  expect(await alarms()).toEqual([]);
  const { line } = JSON.parse(readFileSync(join(world.data, 'audit-head.json'), 'utf8'));
  await inDatabase(({ db }) => db.deleteFrom('audit').where('seq', '>=', line).execute());
  // At its first tick the daemon logs the end of the trail.
  const looks = () => world.said().split('"audit trail"').length;
  for (const _start of ['first', 'second']) {
    const before = looks();
    await world.resume();
    await waitFor(
      () => (looks() > before ? true : null),
      () => world.said().slice(-3_000),
    );
    await world.halt();
  }
  expect(await alarms()).toEqual([{ id: expect.stringMatching(new RegExp(`^audit-trail/${line}/`)) }]);
});

async function judge(all: readonly Manager[]): Promise<void> {
  const database = await openDatabase({ engine: 'sqlite', file: world.database });
  const books = () => database.db.selectFrom('rotations').select(['stage', 'standing', 'version']).execute();
  await waitFor(
    async () => ((await books()).every(({ stage }) => stage === 'published') ? true : null),
    () => world.said().slice(-3_000),
  );
  expect(await books()).toEqual(all.map(() => ({ stage: 'published', standing: 'current', version: 2 })));
  const letters = await database.db
    .selectFrom('letters')
    .select('id')
    .where('kind', '=', 'confirmation')
    .execute();
  expect(letters).toHaveLength(MANAGERS);
  const keys = readFileSync(world.keyFile, 'utf8');
  expect(await auditWith(database, keys).verify()).toMatchObject({ ok: true });
  for (const { login, password } of all) {
    expect(world.sinkContent(login)).toMatchObject({ password, version: 2 });
    expect(hooks().filter((line) => line === `${login} 2`).length).toBeLessThanOrEqual(1 + KILLS);
    expect(world.simulator.accounts.lockStateOf({ login, environment: 'production' }).failures).toBe(0);
  }
  await database.close();
}
