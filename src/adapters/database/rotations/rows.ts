// Which column keeps which field of a rotation, a publication, a hold, health and a platform: one list for both directions.
import type { Selectable } from 'kysely';
import type { ByHandPlace } from '../../../domain/notification/task.ts';
import type { Maintenance, Platform } from '../../../domain/platform/platform.ts';
import type { Health } from '../../../domain/rotation/health.ts';
import type { Hold, Publication, Rotation } from '../../../domain/rotation/rotation.ts';
import type { HealthTable, MaintenancesTable, PlatformsTable } from '../schema/monitoring.ts';
import type { HoldsTable, PublicationsTable, RotationsTable } from '../schema/rotations.ts';

/** How a field is kept in a column of another type. */
interface Codec<C, V> {
  readonly read: (column: C) => V;
  readonly write: (value: V) => C;
}

const flag: Codec<0 | 1, boolean> = { read: (column) => column === 1, write: (value) => (value ? 1 : 0) };
/** JSON that only this file writes. */
const json = <V>(): Codec<string, V> => ({ read: (text) => JSON.parse(text) as V, write: JSON.stringify });
const orNull = <C, V>({ read, write }: Codec<C, V>): Codec<C | null, V | null> => ({
  read: (column) => (column === null ? null : read(column)),
  write: (value) => (value === null ? null : write(value)),
});

/** The columns of `Row` that keep a `V`: as it is, or through a codec. */
type ColumnFor<Row, V> = {
  [C in keyof Row]: ([Row[C], V] extends [V, Row[C]] ? C : never) | readonly [C, Codec<Row[C], V>];
}[keyof Row];
type Columns<Row, T> = { readonly [Field in keyof T]-?: ColumnFor<Row, T[Field]> };
type Used<M> = { [F in keyof M]: M[F] extends readonly [infer C, unknown] ? C : M[F] }[keyof M];

/** Reads and writes a `T` in the columns that the list names. A field without a column does not compile. */
function mapping<Row, T>() {
  return <const M extends Columns<Row, T>>(columns: M) => {
    const asIs: Codec<unknown, unknown> = { read: (column) => column, write: (value) => value };
    const fields = Object.entries<string | readonly [string, typeof asIs]>(columns as never).map(
      ([field, kept]) => {
        const [column, codec] = typeof kept === 'string' ? [kept, asIs] : kept;
        return { field: field as keyof T, column: column as keyof Row & string, codec };
      },
    );
    return {
      read: (row: Row): T =>
        Object.fromEntries(fields.map(({ field, column, codec }) => [field, codec.read(row[column])])) as T,
      write: (one: T) =>
        Object.fromEntries(
          fields.map(({ field, column, codec }) => [column, codec.write(one[field])]),
        ) as Pick<Row, Used<M> & keyof Row>,
    };
  };
}

/** Who works on a row. */
const LEASED = { lease: 'lease', leaseUntil: 'lease_until' } as const;

const rotation = mapping<Selectable<RotationsTable>, Rotation>()({
  id: 'id',
  stage: 'stage',
  standing: 'standing',
  proven: 'proven',
  version: 'version',
  channel: 'channel',
  by: 'brought_by',
  credential: 'credential',
  fingerprint: 'fingerprint',
  changedOn: 'changed_on',
  portalOn: 'portal_on',
  announcedAt: 'announced_at',
  announcedUntil: 'announced_until',
  receivedAt: 'received_at',
  acceptedAt: 'accepted_at',
  publishedAt: 'published_at',
  endedAt: 'ended_at',
  refusals: 'refusals',
  refusedAt: 'refused_at',
  unansweredTries: 'asked',
  cause: 'cause',
  nextTryAt: 'next_try_at',
  currentStillWorks: ['former_works', orNull(flag)],
  lastRefusedAt: 'last_refused_at',
  bothRefusedSince: 'both_refused_since',
  rounds: 'rounds',
  retryRequestedAt: 'pressed_at',
  ...LEASED,
  alarmed: ['alarmed', flag],
});

const publication = mapping<Selectable<PublicationsTable>, Publication>()({
  rotationId: 'rotation_id',
  sink: 'sink',
  stage: 'stage',
  touched: ['touched', flag],
  tries: 'tries',
  nextAt: 'next_at',
  ...LEASED,
  fault: 'fault',
  readBack: ['read_back', orNull(flag)],
  byHand: ['by_hand', orNull(json<ByHandPlace>())],
  claimedAt: 'claimed_at',
  adoptedAt: 'adopted_at',
  adoptedBy: 'adopted_by',
  adoptUntil: 'adopt_until',
  isLate: ['adoption_late', flag],
});

const hold = mapping<Selectable<HoldsTable>, Hold>()({
  sink: 'sink',
  wanted: ['wanted', flag],
  applied: ['applied', flag],
  appliedAt: 'applied_at',
  before: 'before',
  tries: 'tries',
  nextAt: 'next_at',
  ...LEASED,
  byHand: ['by_hand', orNull(json<ByHandPlace>())],
  fault: 'fault',
});

const health = mapping<Selectable<HealthTable>, Health>()({
  rotationId: 'rotation_id',
  state: 'state',
  nextAt: 'next_at',
  wanted: ['wanted', flag],
  askedAt: 'asked_at',
  workedAt: 'worked_at',
  refusals: 'refusals',
  refusedAt: 'refused_at',
  unanswered: 'unanswered',
  unansweredSince: 'unanswered_since',
  cause: 'cause',
  evidence: ['evidence', orNull(json<NonNullable<Health['evidence']>>())],
  entitled: ['entitled', orNull(flag)],
  structures: ['structures', orNull(json<NonNullable<Health['structures']>>())],
  warned: 'warned',
  alarmed: ['alarmed', flag],
  workedPast: 'worked_past',
  ...LEASED,
});

const platform = mapping<Selectable<PlatformsTable>, Platform>()({
  environment: 'environment',
  lastSuccessAt: 'good_at',
  lastSuccessBy: 'good_by',
  otherSuccessAt: 'other_at',
  failingSince: 'bad_since',
  failureCount: 'bad_count',
  lastFailureAt: 'bad_at',
  lastFailureCause: 'bad_cause',
  alarmed: ['told', flag],
});

export const rotationOf = rotation.read;
export const publicationOf = publication.read;
export const holdOf = hold.read;
export const healthOf = health.read;
export const platformOf = platform.read;

/** Writes what belongs to a technical user, by its id. */
const ofUser =
  <T, Row>(write: (one: T) => Row) =>
  (userId: number, one: T) => ({ ...write(one), technical_user_id: userId });

/** The row of a rotation; `wakeAt` is the instant of its next timeout, in ms. */
export const rotationRow = (
  userId: number,
  one: Rotation,
  wakeAt: number | null,
): Selectable<RotationsTable> => ({
  ...rotation.write(one),
  technical_user_id: userId,
  wake_at: wakeAt,
});
export const publicationRow = ofUser(publication.write);
export const holdRow = ofUser(hold.write);
export const healthRow = ofUser(health.write);
export const platformRow: (one: Platform) => Selectable<PlatformsTable> = platform.write;

export function maintenanceOf(row: Selectable<MaintenancesTable>): Maintenance {
  const { id, environment, from_at: from, to_at: to, why, entered_by: by, entered_at: enteredAt } = row;
  return { id, environment, from, to, why, by, enteredAt };
}
