// The watch's memory: whose day has come, what was told, and the letters that follow, in one transaction a round.
import { type Kysely, sql } from 'kysely';
import type { TechnicalUser } from '../../../domain/account/technical-user.ts';
import {
  type LetterItem,
  type NewAlarm,
  type NewLetter,
  PROMPT,
} from '../../../domain/notification/letter.ts';
import type { ReminderRepository } from '../../../domain/ports/reminders.ts';
import type { ReminderDecision, ReviewResult } from '../../../domain/reminder/reminder-decision.ts';
import { type Database, setMeta } from '../database.ts';
import type { Schema } from '../schema/schema.ts';
import { loadTechnicalUsers } from '../technical-users.ts';

/** How many technical users one round looks at, so that other writers get their turn. */
const ROUND = 1_000;
/** Rows in one statement: well under the parameters that either engine takes. */
const ROWS = 500;

export function openReminderRepository(database: Database): ReminderRepository {
  return {
    processDue: (today, now, decide) =>
      database.change(async (trx) => {
        const users = await dueUsers(trx, today);
        if (users.length === 0) return 0;
        const decision = decide(users);
        await writeDecision(trx, decision, now);
        return users.length;
      }),
    resetIfRulesChanged: (rules, today) => heed(database, rules, today),
  };
}

/** The users due, never cutting the group of one principal manager in two. */
async function dueUsers(db: Kysely<Schema>, today: string): Promise<readonly TechnicalUser[]> {
  const users = await loadTechnicalUsers(db, { dueBy: { today, limit: ROUND } });
  if (users.length < ROUND) return users;
  const last = users.at(-1)?.principal?.id;
  if (last === undefined) return users;
  const whole = users.filter((user) => user.principal?.id !== last);
  if (whole.length > 0) return whole;
  return loadTechnicalUsers(db, { dueBy: { today, limit: Number.MAX_SAFE_INTEGER }, principalId: last });
}

/** Other rules than last time, or an earlier day (the clock was set back): everybody is looked at again. */
async function heed(database: Database, rules: string, today: string): Promise<boolean> {
  const rows = await database.db
    .selectFrom('meta')
    .selectAll()
    .where('key', 'in', ['rules', 'day'])
    .execute();
  const known = new Map(rows.map((row) => [row.key, row.value]));
  if (known.get('rules') === rules && known.get('day') === today) return false;
  return database.change(async (trx) => {
    const changed = known.get('rules') !== rules || (known.get('day') ?? '') > today;
    if (changed)
      await trx.updateTable('technical_users').set({ wake_on: '' }).where('retired', '=', 0).execute();
    await setMeta(trx, 'rules', rules);
    await setMeta(trx, 'day', today);
    return changed;
  });
}

async function writeDecision(db: Kysely<Schema>, decision: ReminderDecision, now: number): Promise<void> {
  await writeLetters(db, decision.letters, now);
  await writeAlarms(db, decision.alarms, now);
  for (const rows of chunks(decision.looked)) await writeLooked(db, rows);
}

/** Splits rows so that each part fits one statement. */
export function chunks<T>(rows: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < rows.length; at += ROWS) parts.push(rows.slice(at, at + ROWS));
  return parts;
}

/** Writes letters that do not exist yet; a line written before, in whichever letter, is not written again. */
export async function writeLetters(
  db: Kysely<Schema>,
  letters: readonly NewLetter[],
  now: number,
): Promise<void> {
  const known = await knownItems(
    db,
    letters.flatMap((letter) => letter.items.map((item) => item.id)),
  );
  // A letter is named after its first line that is new, so that no two letters share a name.
  const fresh = letters.flatMap((letter) => {
    const items = letter.items.filter((item) => !known.has(item.id));
    return items[0] === undefined ? [] : [{ ...letter, id: items[0].id, items }];
  });
  for (const part of chunks(fresh)) {
    await db
      .insertInto('letters')
      .values(part.map((letter) => letterRow(letter, now)))
      .execute();
  }
  for (const part of chunks(
    fresh.flatMap((letter) => letter.items.map((item, place) => itemRow(letter.id, item, place))),
  )) {
    await db.insertInto('letter_items').values(part).execute();
  }
  for (const part of chunks(fresh.flatMap((letter) => deliveryRows(letter, now)))) {
    await db.insertInto('deliveries').values(part).execute();
  }
}

async function knownItems(db: Kysely<Schema>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const part of chunks(ids)) {
    const rows = await db.selectFrom('letter_items').select('id').where('id', 'in', part).execute();
    for (const row of rows) known.add(row.id);
  }
  return known;
}

/** A letter's row. */
export function letterRow(letter: Omit<NewLetter, 'items' | 'recipients'>, now: number) {
  return { id: letter.id, kind: letter.kind, language: letter.language, on_day: letter.on, written_at: now };
}

function itemRow(letterId: string, item: LetterItem, place: number) {
  return {
    id: item.id,
    letter_id: letterId,
    place,
    technical_user_id: item.userId,
    login: item.login,
    version: item.version,
    deadline: item.deadline,
    step_offset: item.step?.offset ?? null,
    past_latest: item.step?.pastLatest ? (1 as const) : (0 as const),
    first: item.first ? (1 as const) : (0 as const),
  };
}

/** The order of leaving: alarms, then answers to what was handed in, then reminders from the most urgent, then questions, then the digest. */
function placeOf(letter: NewLetter): number {
  if (letter.kind === 'alarm') return -1_000_000;
  if (letter.kind === 'digest') return 1_000_000;
  if (PROMPT.includes(letter.kind)) return -500_000;
  return -(letter.items[0]?.step?.offset ?? -100_000);
}

/** One row for each reader. */
export function deliveryRows(letter: NewLetter, now: number) {
  const place = placeOf(letter);
  return letter.recipients.map((recipient) => ({
    letter_id: letter.id,
    kind: letter.kind,
    address: recipient.address,
    name: recipient.name,
    field: recipient.field,
    person_id: recipient.personId,
    state: 'waiting' as const,
    place,
    tries: 0,
    next_at: now,
  }));
}

/** Raises alarms, each once. */
export async function writeAlarms(
  db: Kysely<Schema>,
  alarms: readonly NewAlarm[],
  now: number,
): Promise<void> {
  for (const part of chunks(alarms)) {
    await db
      .insertInto('alarms')
      .values(part.map(({ id, kind, facts }) => ({ id, kind, facts: JSON.stringify(facts), raised_at: now })))
      .onConflict((c) => c.column('id').doNothing())
      .execute();
  }
}

/** What was told, and the day to look again: one statement for many technical users. */
async function writeLooked(db: Kysely<Schema>, rows: readonly ReviewResult[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map(({ userId, told, wakeOn }) => {
    const { version, deadline, address, step, on } = told ?? {
      version: null,
      deadline: null,
      address: null,
      step: null,
      on: null,
    };
    return sql`(cast(${userId} as integer), cast(${version} as integer), cast(${deadline} as text), cast(${address} as text),
      cast(${step} as integer), cast(${on} as text), cast(${wakeOn} as text))`;
  });
  // The ids are said twice: by the join alone SQLite would walk the whole table.
  const ids = rows.map(({ userId }) => userId);
  await sql`
    with looked (id, told_version, told_deadline, told_address, told_step, told_on, wake_on) as (values ${sql.join(values)})
    update technical_users set told_version = looked.told_version, told_deadline = looked.told_deadline,
      told_address = looked.told_address, told_step = looked.told_step, told_on = looked.told_on, wake_on = looked.wake_on
    from looked where technical_users.id = looked.id and technical_users.id in (${sql.join(ids)})`.execute(
    db,
  );
}
