// Writes letters with their deliveries, raises alarms, and reads letters back whole.
import { type Kysely, type Selectable, sql } from 'kysely';
import {
  type AlarmFacts,
  type LetterItem,
  type NewAlarm,
  type NewLetter,
  PROMPT,
  type StoredLetter,
} from '../../../domain/notification/letter.ts';
import { eventOfAlarm } from '../../../domain/notification/webhook-event.ts';
import { eachChunk, inChunks } from '../database.ts';
import type { LetterItemsTable } from '../schema/letters.ts';
import type { Schema } from '../schema/schema.ts';
import { unknownIds, writeEvents } from '../webhook/write-events.ts';

function itemOf(row: Selectable<LetterItemsTable>): LetterItem {
  return {
    id: row.id,
    userId: row.technical_user_id,
    login: row.login,
    version: row.version,
    deadline: row.deadline,
    step: row.step_offset === null ? null : { offset: row.step_offset, pastLatest: row.past_latest === 1 },
    first: row.first === 1,
  };
}

/** Letters by id, with their lines, their recipients and the alarms that they carry. */
export async function lettersOf(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredLetter>> {
  return new Map(await inChunks(ids, (chunk) => readLetters(db, chunk)));
}

async function readLetters(db: Kysely<Schema>, ids: readonly string[]): Promise<[string, StoredLetter][]> {
  const letters = await db.selectFrom('letters').selectAll().where('id', 'in', ids).execute();
  const items = await db
    .selectFrom('letter_items')
    .selectAll()
    .where('letter_id', 'in', ids)
    .orderBy('place')
    .execute();
  const recipients = await db
    .selectFrom('deliveries')
    .select(['letter_id', 'address', 'name', 'field', 'person_id'])
    .where('letter_id', 'in', ids)
    .orderBy('id')
    .execute();
  const alarms = await db
    .selectFrom('alarms')
    .selectAll()
    .where('letter_id', 'in', ids)
    .orderBy('id')
    .execute();
  const itemsOf = Map.groupBy(items, (item) => item.letter_id);
  const recipientsOf = Map.groupBy(recipients, (recipient) => recipient.letter_id);
  const alarmsOf = Map.groupBy(alarms, (alarm) => alarm.letter_id);
  return letters.map((letter) => [
    letter.id,
    {
      id: letter.id,
      kind: letter.kind,
      language: letter.language,
      on: letter.on_day,
      items: (itemsOf.get(letter.id) ?? []).map(itemOf),
      recipients: (recipientsOf.get(letter.id) ?? []).map((recipient) => {
        const { address, name, field, person_id: personId } = recipient;
        return { address, name, field, personId };
      }),
      alarms: (alarmsOf.get(letter.id) ?? []).map((alarm) => ({
        kind: alarm.kind,
        facts: JSON.parse(alarm.facts) as AlarmFacts,
      })),
    },
  ]);
}

/** Writes letters that do not exist yet. A line that was written before, in any letter, is not written again. */
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
  const letterRows = fresh.map((letter) => letterRow(letter, now));
  await eachChunk(letterRows, (part) => db.insertInto('letters').values(part).execute());
  const items = fresh.flatMap((letter) => letter.items.map((item, place) => itemRow(letter.id, item, place)));
  await eachChunk(items, (part) => db.insertInto('letter_items').values(part).execute());
  const deliveries = fresh.flatMap((letter) => deliveryRows(letter, now));
  await eachChunk(deliveries, (part) => db.insertInto('deliveries').values(part).execute());
}

/** Writes a letter that does not exist yet. */
export async function writeLetter(db: Kysely<Schema>, letter: NewLetter, now: number): Promise<void> {
  await db.insertInto('letters').values(letterRow(letter, now)).execute();
  const items = letter.items.map((item, place) => itemRow(letter.id, item, place));
  if (items.length > 0) await db.insertInto('letter_items').values(items).execute();
  await db.insertInto('deliveries').values(deliveryRows(letter, now)).execute();
}

async function knownItems(db: Kysely<Schema>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await inChunks(ids, (part) =>
    db.selectFrom('letter_items').select('id').where('id', 'in', part).execute(),
  );
  return new Set(rows.map(({ id }) => id));
}

function letterRow(letter: Omit<NewLetter, 'items' | 'recipients'>, now: number) {
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

/** Deliveries that are not over yet: in these words, by which SQLite knows the index of them. */
export const OPEN = sql<boolean>`state in ('waiting', 'claimed')`;

/** The place of letters that leave at any hour; those of the others are above it. */
export const PROMPT_PLACE = -500_000;

/** Order of sending: alarms, answers to submissions, reminders (the most urgent first), questions, the digest. */
function priorityOf(letter: NewLetter): number {
  if (letter.kind === 'alarm') return -1_000_000;
  if (letter.kind === 'digest') return 1_000_000;
  if (PROMPT.includes(letter.kind)) return PROMPT_PLACE;
  return -(letter.items[0]?.step?.offset ?? -100_000);
}

/** One row for each recipient. */
function deliveryRows(letter: NewLetter, now: number) {
  const place = priorityOf(letter);
  return letter.recipients.map(({ personId, ...recipient }) => ({
    ...recipient,
    letter_id: letter.id,
    kind: letter.kind,
    person_id: personId,
    state: 'waiting' as const,
    place,
    tries: 0,
    next_at: now,
  }));
}

/** Raises alarms, and tells the webhook of them; an alarm whose id exists is not raised again. */
export async function writeAlarms(
  db: Kysely<Schema>,
  alarms: readonly NewAlarm[],
  now: number,
): Promise<void> {
  if (alarms.length === 0) return;
  const events = async () => {
    const fresh = await unknownIds(
      db,
      'alarms',
      alarms.map(({ id }) => id),
    );
    const told = new Map(alarms.map((alarm) => [alarm.id, alarm]));
    return [...told.values()].flatMap((alarm) => (fresh.has(alarm.id) ? (eventOfAlarm(alarm) ?? []) : []));
  };
  await writeEvents(db, 'alarm', events, now);
  const rows = alarms.map(({ id, kind, facts }) => ({
    id,
    kind,
    facts: JSON.stringify(facts),
    raised_at: now,
  }));
  await eachChunk(rows, (part) =>
    db
      .insertInto('alarms')
      .values(part)
      .onConflict((c) => c.column('id').doNothing())
      .execute(),
  );
}
