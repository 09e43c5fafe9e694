// One tick beside the bare SQL that finds and inserts the same rows.
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { openDatabase } from '../src/adapters/database/database.ts';
import { openReminderRepository } from '../src/adapters/database/letters/reminders.ts';
import { remind, rulesVersion } from '../src/use-cases/reminders/remind.ts';
import { rulesWith } from '../test/fakes/rules.ts';
import { DUE_DATE, makeFleet, NOW, TODAY, UNDO_TICK, withFolder } from './fleet.ts';
import { middle, ms, report, times } from './measure.ts';

const DUE = 500;
const RUNS = 18;
const WARM_UP = 3;
const rules = rulesWith();
const clock = { now: () => NOW };

/** The same rows found and inserted with node:sqlite alone: one query, then three inserts and one update a row. */
function bare(raw: DatabaseSync): void {
  raw.exec('begin immediate');
  const due = raw
    .prepare(
      `select u.*, s.siret, s.name as structure_name, p.id as person_id, p.name as person_name, p.email, p.language, p.dead_since, p.dead_reason
       from technical_users u join structures s on s.id = u.structure_id
       left join mandates m on m.structure_id = u.structure_id and m.role = 'principal' and m.until is null
       left join people p on p.id = m.person_id
       where u.wake_on <= ? order by p.id, u.id`,
    )
    .all(TODAY) as Record<string, string | number>[];
  if (due.length !== DUE) throw new Error(`${due.length} due`);
  const letter = raw.prepare(
    "insert into letters (id, kind, language, on_day, written_at) values (?, 'reminder', 'fr', ?, ?)",
  );
  const item = raw.prepare(
    `insert into letter_items (id, letter_id, place, technical_user_id, login, version, deadline, step_offset, past_latest, first)
     values (?, ?, 0, ?, ?, 1, ?, -15, 0, 1)`,
  );
  const delivery = raw.prepare(
    `insert into deliveries (letter_id, kind, address, name, field, person_id, state, place, tries, next_at)
     values (?, 'reminder', ?, ?, 'to', ?, 'waiting', 15, 0, ?)`,
  );
  const told = raw.prepare(
    'update technical_users set told_version = 1, told_deadline = ?, told_address = ?, told_step = -15, told_on = ?, wake_on = ? where id = ?',
  );
  const at = NOW.epochMilliseconds;
  for (const row of due) {
    const { login, portal_on, email, person_id, person_name, id } = row as Record<string, string> & {
      id: number;
    };
    const key = `production/${login}/v1/${portal_on}/J-15/${email}`;
    letter.run(key, TODAY, at);
    item.run(key, key, id, login ?? '', portal_on ?? '');
    delivery.run(key, email ?? '', person_name ?? '', person_id ?? '', at);
    told.run(portal_on ?? '', email ?? '', TODAY, '2027-03-09', id);
  }
  raw.exec('commit');
}

/** Runs, undoes and repeats; the first runs warm up. Returns the median milliseconds. */
async function medianOf(
  work: () => Promise<void> | void,
  undo: (text: string) => Promise<void> | void,
): Promise<number> {
  const taken = await times(RUNS, work, async () => {
    for (const text of UNDO_TICK) await undo(text);
  });
  return middle(taken.slice(WARM_UP));
}

/** The median milliseconds of a tick and of the bare SQL over a fleet of a size; each alone with its connection. */
async function measure(users: number): Promise<{ tick: number; bare: number }> {
  return withFolder(async (file) => {
    await makeFleet(file, users, DUE);
    const database = await openDatabase({ engine: 'sqlite', file });
    const reminders = openReminderRepository(database);
    await reminders.resetIfRulesChanged(rulesVersion(rules), TODAY);
    // The new rules marked every technical user due; set the rest of the fleet back to not due.
    const asleep = `case when portal_on = '${DUE_DATE}' then '${TODAY}' else '2027-10-15' end`;
    await sql.raw(`update technical_users set wake_on = ${asleep} where wake_on = ''`).execute(database.db);
    const ticked = async () => {
      const reviewed = await remind({ reminders, clock }, rules);
      if (reviewed !== DUE) throw new Error(`${reviewed} reviewed`);
    };
    const tick = await medianOf(ticked, async (text) => void (await sql.raw(text).execute(database.db)));
    await database.close();
    const raw = new DatabaseSync(file);
    raw.exec('pragma journal_mode = wal; pragma synchronous = full');
    const plain = await medianOf(
      () => bare(raw),
      (text) => raw.exec(text),
    );
    raw.close();
    return { tick, bare: plain };
  });
}

export async function benchTick(): Promise<void> {
  const small = await measure(10_000);
  const usual = await measure(100_000);
  const large = await measure(1_000_000);
  const ratio = usual.tick / usual.bare;
  report(
    'tick, 100,000 users, 500 due / bare SQL',
    `${ms(usual.tick)} / ${ms(usual.bare)} = ${ratio.toFixed(2)}`,
    '3',
    ratio <= 3,
  );
  const growth = large.tick / small.tick;
  report(
    'tick, 1,000,000 users / 10,000 users, 500 due',
    `${ms(large.tick)} / ${ms(small.tick)} = ${growth.toFixed(2)}`,
    '1.5',
    growth <= 1.5,
  );
}
