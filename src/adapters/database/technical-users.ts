// Reads technical users together with everybody who may get letters about them.
import type { Kysely, Selectable } from 'kysely';
import type {
  Environment,
  LastAnswer,
  LastReminder,
  Pause,
  Person,
  RegisteredStructure,
  ServiceState,
  TechnicalUser,
} from '../../domain/account/technical-user.ts';
import { loginKeys } from '../../domain/parsing/login.ts';
import { inChunks, KEYS, pages } from './database.ts';
import type { PeopleTable } from './schema/registry.ts';
import type { Schema } from './schema/schema.ts';

/** The technical users of one query: which ones, in which order, how many. */
export interface Selection {
  readonly ids?: readonly number[];
  /** Only those of one login as it was typed, in any environment. */
  readonly login?: string;
  /** Only those in use; `logins`: as they are registered; null for all logins or environments. */
  readonly inUse?: { readonly logins: readonly string[] | null; readonly environment: Environment | null };
  /** Only ids greater than `id`, in rising order, at most `limit`: a page of all. */
  readonly after?: { readonly id: number; readonly limit: number };
}

/** Technical users (`u`), each with the mandate of its principal manager in office (`m`) where it has one. */
export const usersWithPrincipal = (db: Kysely<Schema>) =>
  db
    .selectFrom('technical_users as u')
    .leftJoin('mandates as m', (join) =>
      join
        .onRef('m.structure_id', '=', 'u.structure_id')
        .on('m.role', '=', 'principal')
        .on('m.until', 'is', null),
    );

function users(db: Kysely<Schema>, which: Selection) {
  return usersWithPrincipal(db)
    .innerJoin('structures as s', 's.id', 'u.structure_id')
    .leftJoin('people as p', 'p.id', 'm.person_id')
    .leftJoin('health as h', 'h.technical_user_id', 'u.id')
    .leftJoin('rotations as r', (join) =>
      join.onRef('r.id', '=', 'h.rotation_id').on('r.standing', '=', 'current'),
    )
    .selectAll('u')
    .select([
      's.siret',
      's.name as structure_name',
      's.phone as structure_phone',
      'p.id as person_id',
      'p.name as person_name',
      'p.email',
      'p.language',
      'p.phone',
      'p.dead_since',
      'p.dead_reason',
      'p.revived',
      'r.id as in_service',
      'h.state',
      'h.worked_at',
      'h.refused_at',
    ])
    .$if(which.ids !== undefined, (q) => q.where('u.id', 'in', which.ids ?? []))
    .$if(which.login !== undefined, (q) => q.where('u.login_key', 'in', loginKeys(which.login ?? '')))
    .$if(which.inUse !== undefined, (q) => q.where('u.retired', '=', 0))
    .$if(which.inUse !== undefined && which.inUse.logins !== null, (q) =>
      q.where(
        'u.login_key',
        'in',
        (which.inUse?.logins ?? []).map((login) => login.toLowerCase()),
      ),
    )
    .$if(which.inUse !== undefined && which.inUse.environment !== null, (q) =>
      q.where('u.environment', '=', which.inUse?.environment ?? 'production'),
    )
    .$if(which.after !== undefined, (q) =>
      q
        .where('u.id', '>', which.after?.id ?? 0)
        .orderBy('u.id')
        .limit(which.after?.limit ?? 0),
    );
}

type UserRow = Awaited<ReturnType<ReturnType<typeof users>['execute']>>[number];

type PersonRow = Omit<Selectable<PeopleTable>, 'email_key'>;

/** The person of a row of `people`. */
export function personOf({ dead_since, dead_reason, ...person }: PersonRow): Person {
  const { id, name, email, language, phone, revived } = person;
  const dead = dead_since === null ? null : { since: dead_since, reason: dead_reason ?? '' };
  return { id, name, email, language, phone, dead, revived };
}

function principalOf(row: UserRow): Person | null {
  const { person_id: id, person_name: name, language } = row;
  if (id === null || name === null || language === null) return null;
  return personOf({ ...row, id, name, language, revived: row.revived ?? 0 });
}

function lastReminderOf(row: UserRow): LastReminder | null {
  if (row.told_version === null || row.told_step === null || row.told_on === null) return null;
  return {
    version: row.told_version,
    deadline: row.told_deadline,
    address: row.told_address,
    step: row.told_step,
    on: row.told_on,
  };
}

/** The health of a password that is no longer in service says nothing of the one that is. */
function serviceOf(row: UserRow): ServiceState | null {
  if (row.in_service === null || row.state === null) return null;
  const { state, worked_at: workedAt, refused_at: refusedAt } = row;
  return { state, workedAt, refusedAt };
}

const day = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));

/** When a password ends, as far as the row of its technical user says. */
export function datesOf(
  row: Pick<UserRow, 'changed_on' | 'portal_on' | 'validity' | 'latest'>,
): Pick<TechnicalUser, 'facts' | 'validity'> {
  return {
    facts: { changedOn: day(row.changed_on), portalOn: day(row.portal_on) },
    validity: {
      ...(row.validity === null ? {} : { workTowards: Temporal.Duration.from(row.validity) }),
      ...(row.latest === null ? {} : { latest: Temporal.Duration.from(row.latest) }),
    },
  };
}

function technicalUserOf(
  row: UserRow,
  further: readonly RegisteredStructure[],
  secondaries: readonly Person[],
): TechnicalUser {
  return {
    id: row.id,
    login: row.login,
    environment: row.environment,
    version: row.version,
    ...datesOf(row),
    home: { siret: row.siret, name: row.structure_name, phone: row.structure_phone },
    further,
    principal: principalOf(row),
    secondaries,
    lastReminder: lastReminderOf(row),
    answered: row.answered === null ? null : (JSON.parse(row.answered) as LastAnswer),
    paused: pauseIn(row),
    service: serviceOf(row),
    retired: row.retired === 1,
  };
}

/** The pause that a row remembers. */
export function pauseIn({ paused }: { readonly paused: string | null }): Pause | null {
  return paused === null ? null : (JSON.parse(paused) as Pause);
}

/** The secondary managers of some structures, by structure. */
async function deputiesOf(db: Kysely<Schema>, structureIds: readonly number[]) {
  const rows = await db
    .selectFrom('mandates as m')
    .innerJoin('people as p', 'p.id', 'm.person_id')
    .selectAll('p')
    .select('m.structure_id')
    .where('m.structure_id', 'in', structureIds)
    .where('m.role', '=', 'secondary')
    .where('m.until', 'is', null)
    .orderBy('p.id')
    .execute();
  return Map.groupBy(rows, (row) => row.structure_id);
}

async function furtherOf(db: Kysely<Schema>, userIds: readonly number[]) {
  const rows = await db
    .selectFrom('user_structures as f')
    .innerJoin('structures as s', 's.id', 'f.structure_id')
    .select(['f.technical_user_id', 's.siret', 's.name', 's.phone'])
    .where('f.technical_user_id', 'in', userIds)
    .execute();
  // Sorted here: with `order by`, SQLite would walk all structures in that order to find these few.
  rows.sort((a, b) => (a.siret < b.siret ? -1 : 1));
  return Map.groupBy(rows, (row) => row.technical_user_id);
}

/** Technical users in one page: what is made of them holds the event loop for some ms. */
const PAGE = 250;

/** The technical users of a selection, with their people as they are now. */
export async function loadTechnicalUsers(
  db: Kysely<Schema>,
  which: Selection,
): Promise<readonly TechnicalUser[]> {
  const { ids } = which;
  if (ids !== undefined && ids.length > KEYS) {
    return inChunks(ids, (chunk) => loadTechnicalUsers(db, { ids: chunk }));
  }
  const found = await users(db, which).execute();
  const [typed] = loginKeys(which.login ?? '');
  const exact = which.login === undefined ? [] : found.filter((row) => row.login_key === typed);
  const rows = exact.length > 0 ? exact : found;
  if (rows.length === 0) return [];
  const deputies = await deputiesOf(db, [...new Set(rows.map((row) => row.structure_id))]);
  const userIds = rows.map((row) => row.id);
  const further = await furtherOf(db, userIds);
  return rows.map((row) =>
    technicalUserOf(
      row,
      (further.get(row.id) ?? []).map(({ siret, name, phone }) => ({ siret, name, phone })),
      (deputies.get(row.structure_id) ?? []).map(personOf),
    ),
  );
}

/** All technical users, in pages, in the order of their ids. */
export function allTechnicalUsers(db: Kysely<Schema>): AsyncIterable<readonly TechnicalUser[]> {
  return pages(
    (id) => loadTechnicalUsers(db, { after: { id, limit: PAGE } }),
    ({ id }) => id,
  );
}
