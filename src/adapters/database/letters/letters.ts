// Reads letters back whole: their lines, their readers, the alarms they tell.
import type { Kysely, Selectable } from 'kysely';
import type { AlarmFacts, LetterItem, StoredLetter } from '../../../domain/notification/letter.ts';
import type { LetterItemsTable } from '../schema/letters.ts';
import type { Schema } from '../schema/schema.ts';

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

/** Letters looked up in one go. */
const PAGE = 500;

/** Letters by id, with their lines, their readers and the alarms they tell. */
export async function lettersOf(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredLetter>> {
  if (ids.length === 0) return new Map();
  if (ids.length > PAGE) {
    const head = await lettersOf(db, ids.slice(0, PAGE));
    return new Map([...head, ...(await lettersOf(db, ids.slice(PAGE)))]);
  }
  const letters = await db
    .selectFrom('letters')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  const items = await db
    .selectFrom('letter_items')
    .selectAll()
    .where('letter_id', 'in', [...ids])
    .orderBy('place')
    .execute();
  const recipients = await db
    .selectFrom('deliveries')
    .select(['letter_id', 'address', 'name', 'field', 'person_id'])
    .where('letter_id', 'in', [...ids])
    .orderBy('id')
    .execute();
  const alarms = await db
    .selectFrom('alarms')
    .selectAll()
    .where('letter_id', 'in', [...ids])
    .orderBy('id')
    .execute();
  return new Map(
    letters.map((letter) => [
      letter.id,
      {
        id: letter.id,
        kind: letter.kind,
        language: letter.language,
        on: letter.on_day,
        items: items.filter((item) => item.letter_id === letter.id).map(itemOf),
        recipients: recipients
          .filter((recipient) => recipient.letter_id === letter.id)
          .map(({ address, name, field, person_id }) => ({ address, name, field, personId: person_id })),
        alarms: alarms
          .filter((alarm) => alarm.letter_id === letter.id)
          .map((alarm) => ({ kind: alarm.kind, facts: JSON.parse(alarm.facts) as AlarmFacts })),
      },
    ]),
  );
}
