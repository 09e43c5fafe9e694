// Writes events for the webhook, in the transaction of what they tell; where nobody has asked for them it writes nothing.
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { EventGroup, EventType, NewEvent } from '../../../domain/notification/webhook-event.ts';
import { eachChunk, inChunks, metaOf } from '../database.ts';
import type { Schema } from '../schema/schema.ts';

type Db = Kysely<Schema>;

/** The row of `meta` with the groups of events that are asked for. */
export const SUBSCRIBED = 'webhook';

/** An event of which the account is known by its id alone, or all that is known of it. */
type WrittenEvent = NewEvent | { readonly type: EventType; readonly userId: number };

/** Writes the events that `tell` names; it is called only where somebody has asked for events of this group. */
export async function writeEvents(
  db: Db,
  group: EventGroup,
  tell: () => readonly WrittenEvent[] | Promise<readonly WrittenEvent[]>,
  now: number,
): Promise<void> {
  const asked = await metaOf(db, SUBSCRIBED);
  if (asked === undefined || !(JSON.parse(asked) as EventGroup[]).includes(group)) return;
  const events = await completed(db, await tell());
  const rows = events.map(({ type, environment, login, siret, about }) => ({
    ...{ id: randomUUID(), type, environment, login, siret, about: about ?? null, at: now },
    ...{ state: 'waiting' as const, tries: 0 },
  }));
  await eachChunk(rows, (part) => db.insertInto('webhook_events').values(part).execute());
}

/** Of these ids, those that a table does not have yet. */
export async function unknownIds(
  db: Db,
  table: 'alarms' | 'tasks',
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const known = await inChunks(ids, (some) =>
    db.selectFrom(table).select('id').where('id', 'in', some).execute(),
  );
  return new Set(ids).difference(new Set(known.map(({ id }) => id)));
}

/** With what the registry knows of each account. A login alone that exists in both environments stays as it is. */
async function completed(db: Db, events: readonly WrittenEvent[]): Promise<NewEvent[]> {
  const accounts = () =>
    db
      .selectFrom('technical_users as u')
      .innerJoin('structures as s', 's.id', 'u.structure_id')
      .select(['u.id', 'u.login', 'u.login_key', 'u.environment', 's.siret']);
  const isWhole = (one: WrittenEvent) =>
    !('userId' in one) && (one.login === null || (one.siret !== null && one.environment !== null));
  const ids = events.flatMap((one) => ('userId' in one ? [one.userId] : []));
  const logins = events.flatMap((one) =>
    'userId' in one || one.login === null || isWhole(one) ? [] : [one.login.toLowerCase()],
  );
  const found = [
    ...(await inChunks([...new Set(ids)], (some) => accounts().where('u.id', 'in', some).execute())),
    ...(await inChunks([...new Set(logins)], (some) =>
      accounts().where('u.login_key', 'in', some).execute(),
    )),
  ];
  return events.map((one): NewEvent => {
    if ('userId' in one) {
      const user = found.find(({ id }) => id === one.userId);
      const { environment = null, login = null, siret = null } = user ?? {};
      return { type: one.type, environment, login, siret };
    }
    if (isWhole(one)) return one;
    const [user, ...others] = found.filter(
      ({ login_key: key, environment }) =>
        key === one.login?.toLowerCase() && environment === (one.environment ?? environment),
    );
    if (user === undefined || others.length > 0) return one;
    return { ...one, environment: user.environment, siret: one.siret ?? user.siret };
  });
}
