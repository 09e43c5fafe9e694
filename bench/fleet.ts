// Large fleets for the measurements: so many technical users, so many of them due on one day, put in by plain SQL.
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../src/adapters/database/database.ts';

/** The day of the measurements: a Monday that is worked. */
export const TODAY = '2027-03-01';
export const NOW = Temporal.Instant.from('2027-03-01T10:00:00+01:00');
/** A date on whose ladder TODAY is step J-15, and one that nothing is due for yet. */
export const DUE_DATE = '2027-03-16';
const QUIET = '2027-12-16';

/** Gives `work` the path of a database file in a folder of its own, which is removed afterwards. */
export async function withFolder<T>(work: (file: string, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'releve-bench-'));
  try {
    return await work(join(folder, 'releve.sqlite'), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a database file with `users` technical users, each with a structure and a manager, `due` of them due on TODAY. */
export async function makeFleet(file: string, users: number, due: number): Promise<void> {
  const database = await openDatabase({ engine: 'sqlite', file });
  await database.close();
  const raw = new DatabaseSync(file);
  raw.exec('pragma synchronous = off; begin');
  const structure = raw.prepare('insert into structures (id, siret, name) values (?, ?, ?)');
  const person = raw.prepare(
    "insert into people (id, name, email, email_key, language) values (?, ?, ?, ?, 'fr')",
  );
  const mandate = raw.prepare(
    "insert into mandates (structure_id, person_id, role, since) values (?, ?, 'principal', 0)",
  );
  const user = raw.prepare(
    `insert into technical_users (id, login, login_key, environment, structure_id, version, portal_on, wake_on, registered_at)
     values (?, ?, ?, 'production', ?, 1, ?, ?, 0)`,
  );
  const every = Math.max(1, Math.floor(users / due));
  for (let id = 1; id <= users; id++) {
    const email = `manager${id}@example.test`;
    const login = `TECH_1_${String(id).padStart(14, '0')}@cpro.fr`;
    const isDue = id % every === 0 && id / every <= due;
    structure.run(id, String(id).padStart(14, '0'), `Commune ${id}`);
    person.run(id, `Manager ${id}`, email, email);
    mandate.run(id, id);
    user.run(id, login, login.toLowerCase(), id, isDue ? DUE_DATE : QUIET, isDue ? TODAY : '2027-10-15');
  }
  raw.exec('commit; analyze; pragma wal_checkpoint(truncate)');
  raw.close();
  // On the disk before anything is measured: what is still on its way there would slow down every commit.
  const made = openSync(file, 'r');
  fsyncSync(made);
  closeSync(made);
}

/** Takes back what a tick wrote, so that the next run finds the same work; by the connection that did it. */
export const UNDO_TICK = [
  'delete from deliveries',
  'delete from letter_items',
  'delete from letters',
  `update technical_users set wake_on = '${TODAY}', told_version = null, told_deadline = null, told_address = null,
    told_step = null, told_on = null where id in (select id from technical_users where wake_on = '2027-03-09')`,
  'pragma wal_checkpoint(truncate)',
];
