// Our records at the minute in which a letter leaves, read from the database; dates are reckoned here a second time.
import type { Database } from '../../src/adapters/database/database.ts';
import { openTaskRepository } from '../../src/adapters/database/tasks.ts';
import { loadTechnicalUsers } from '../../src/adapters/database/technical-users.ts';
import type { Environment, Person, TechnicalUser } from '../../src/domain/account/technical-user.ts';
import type { Platform } from '../../src/domain/platform/platform.ts';
import type { TaskWithUser } from '../../src/domain/ports/tasks.ts';
import type { Hold, Publication, Rotation, RotationAggregate } from '../../src/domain/rotation/rotation.ts';
import type { RotationPorts } from '../../src/use-cases/rotation/rotation-ports.ts';

const ZONE = 'Europe/Paris';

/** A letter in the outbox, for one recipient and one account (null: it names none). */
interface Sending {
  readonly letterId: string;
  readonly kind: string;
  readonly address: string;
  readonly field: 'to' | 'cc';
  readonly ofPerson: boolean;
  readonly state: 'waiting' | 'claimed' | 'sent' | 'refused' | 'withdrawn';
  readonly settledAt: number | null;
  readonly userId: number | null;
}

/** A personal link: about which password it asks, and whether it still serves. */
interface LinkRow {
  readonly userId: number;
  readonly version: number;
  readonly spent: boolean;
  readonly until: number;
}

/** What is known of an account: as it is stored, and what follows from that at this minute. */
export interface Account extends Omit<RotationAggregate, 'attempts'> {
  readonly source: 'portal' | 'computed' | 'unknown';
  readonly on: Temporal.PlainDate | null;
  readonly latest: Temporal.PlainDate | null;
  /** Civil days until the date; negative once it has passed. */
  readonly left: number;
  readonly current: Rotation | null;
  readonly open: Rotation | null;
  /** Chorus Pro refuses the password in service, and people were told. */
  readonly stopped: boolean;
  /** When Chorus Pro last accepted the password in service (ms), if it has not refused it since. */
  readonly worksSince: number | null;
  /** That was after the date: so the date is wrong. */
  readonly workedAfter: boolean;
}

export interface Records {
  readonly now: number;
  readonly today: Temporal.PlainDate;
  /** By login: those that the letter names, or all. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** Every account in use, where the letter is about the fleet. */
  readonly fleet: readonly Account[];
  readonly tasks: readonly TaskWithUser[];
  readonly dead: readonly Person[];
  readonly platforms: readonly Platform[];
  readonly sendings: readonly Sending[];
  readonly links: readonly LinkRow[];
}

export const parisDate = (at: number): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate();

/** What follows from the rows of one account at an instant (ms). */
export function accountAt(
  stored: Pick<RotationAggregate, 'user'> & Partial<RotationAggregate>,
  now: number,
): Account {
  const { user, rotations = [], publications = [], holds = [], health: read = null } = stored;
  const current = rotations.find(({ standing }) => standing === 'current') ?? null;
  const health = read !== null && read.rotationId === current?.id ? read : null;
  const stages = ['announced', 'unclear', 'candidate', 'verifying'];
  const open = rotations.find(({ stage }) => stages.includes(stage)) ?? null;
  const dates = datesOf(user);
  const left = dates.on === null ? Number.NaN : parisDate(now).until(dates.on, { largestUnit: 'day' }).days;
  const refused = health !== null && ['doubtful', 'stopped'].includes(health.state);
  const worksSince = health === null || refused ? null : health.workedAt;
  const workedAfter =
    worksSince !== null &&
    dates.on !== null &&
    Temporal.PlainDate.compare(parisDate(worksSince), dates.on) > 0;
  return {
    ...{ user, rotations, publications, holds, health, current, open, left, worksSince, workedAfter },
    ...dates,
    stopped: health?.state === 'stopped',
  };
}

/** The rule of the registry: a portal's date counts unless the password was changed since; else a year, at most 424 days. */
function datesOf({ facts: { changedOn, portalOn }, validity }: TechnicalUser) {
  if (portalOn !== null && (changedOn === null || Temporal.PlainDate.compare(portalOn, changedOn) > 0))
    return { source: 'portal', on: portalOn, latest: portalOn } as const;
  if (changedOn === null) return { source: 'unknown', on: null, latest: null } as const;
  const on = changedOn.add(validity.workTowards ?? { years: 1 });
  return { source: 'computed', on, latest: changedOn.add(validity.latest ?? { days: 424 }) } as const;
}

/** The sinks of the password in service, and what is asked of its connectors. */
export const publicationsOf = ({ current, publications }: Account): readonly Publication[] =>
  publications.filter(({ rotationId }) => rotationId === current?.id);

export const isHeld = ({ holds }: Account): boolean => holds.some(({ wanted }: Hold) => wanted);

/** Reads the records; `logins`: those that the letter names. `whole`: the fleet as well. */
export async function readRecords(
  database: Database,
  ports: Pick<RotationPorts, 'rotations' | 'platforms'>,
  asked: { readonly logins: readonly string[]; readonly whole: boolean; readonly now: number },
): Promise<Records> {
  const { db } = database;
  const { now, whole } = asked;
  const named = await Promise.all(asked.logins.map((login) => loadTechnicalUsers(db, { login })));
  const users = whole ? await loadTechnicalUsers(db, { after: { id: 0, limit: 10_000 } }) : named.flat();
  const accounts = new Map<string, Account>();
  for (const { id } of named.flat()) {
    const aggregate = await ports.rotations.aggregate(id);
    if (aggregate !== null) accounts.set(aggregate.user.login, accountAt(aggregate, now));
  }
  const fleet: Account[] = [];
  if (whole) {
    for (const { id, retired } of users) {
      const aggregate = retired ? null : await ports.rotations.aggregate(id);
      if (aggregate !== null) fleet.push(accountAt(aggregate, now));
    }
    for (const one of fleet) accounts.set(one.user.login, one);
  }
  const ids = users.map(({ id }) => id);
  const environments: readonly Environment[] = ['production', 'qualification'];
  return {
    ...{ now, today: parisDate(now), accounts, fleet },
    tasks: await openTaskRepository(database).list(),
    dead: onlyDead(users),
    platforms: await Promise.all(environments.map((environment) => ports.platforms.of(environment))),
    sendings: await sendingsOf(database, ids),
    links: await linksOf(database, ids),
  };
}

/** The people in office whose address is out of use, each once. */
function onlyDead(users: readonly TechnicalUser[]): readonly Person[] {
  const people = users.flatMap(({ principal, secondaries }) => [
    ...secondaries,
    ...(principal ? [principal] : []),
  ]);
  const dead = people.filter((person) => person.dead !== null);
  return [...new Map(dead.map((person) => [person.id, person])).values()];
}

async function sendingsOf({ db }: Database, ids: readonly number[]): Promise<Sending[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('deliveries as d')
    .innerJoin('letter_items as i', 'i.letter_id', 'd.letter_id')
    .select(['d.letter_id', 'd.kind', 'd.address', 'd.field', 'd.person_id', 'd.state', 'd.settled_at'])
    .select('i.technical_user_id')
    .where('i.technical_user_id', 'in', ids)
    .execute();
  return rows.map((row) => ({
    letterId: row.letter_id,
    kind: row.kind,
    address: row.address,
    field: row.field,
    ofPerson: row.person_id !== null,
    state: row.state,
    settledAt: row.settled_at,
    userId: row.technical_user_id,
  }));
}

async function linksOf({ db }: Database, ids: readonly number[]): Promise<LinkRow[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('links')
    .select(['technical_user_id', 'version', 'spent_at', 'until'])
    .where('technical_user_id', 'in', ids)
    .execute();
  return rows.map(({ technical_user_id: userId, version, spent_at, until }) => ({
    ...{ userId, version, until },
    spent: spent_at !== null,
  }));
}
