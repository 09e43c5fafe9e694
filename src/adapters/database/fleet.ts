// A copy of the fleet for trials: what the watch would look at, read once and never written back.
import type { TechnicalUser } from '../../domain/account/technical-user.ts';
import type { Fleet } from '../../domain/ports/reminders.ts';
import type { Database } from './database.ts';
import { lettersOf } from './letters/letters.ts';
import { allTechnicalUsers } from './technical-users.ts';

/** Reads everything a trial starts from. Claimed letters count as waiting: their claim may come to nothing. */
export async function copyFleet({ db }: Database): Promise<Fleet> {
  const users: TechnicalUser[] = [];
  for await (const page of allTechnicalUsers(db)) users.push(...page);
  const items = await db.selectFrom('letter_items').select('id').execute();
  const open = await db
    .selectFrom('deliveries')
    .select(['letter_id', 'address'])
    .where('state', 'in', ['waiting', 'claimed'])
    .orderBy('place')
    .orderBy('id')
    .execute();
  const recipients = new Set(open.map((row) => `${row.letter_id} ${row.address}`));
  const letters = await lettersOf(db, [...new Set(open.map((row) => row.letter_id))]);
  const waiting = [...letters.values()].map((letter) => ({
    ...letter,
    recipients: letter.recipients.filter((reader) => recipients.has(`${letter.id} ${reader.address}`)),
  }));
  return { users, knownItems: new Set(items.map((item) => item.id)), waiting };
}
