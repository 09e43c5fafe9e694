// Writes the changes of a decision: rotations, sealed passwords, sinks, dates, links, letters, alarms, tasks and the audit trail.
import type { Kysely } from 'kysely';
import { standingAnswer, type TechnicalUser } from '../../../domain/account/technical-user.ts';
import { accountEvents } from '../../../domain/monitoring/account-stand.ts';
import type { AuditKey } from '../../../domain/ports/audit-trail.ts';
import { DATE_GIVEN } from '../../../domain/registry/import-memory.ts';
import { type Changes, OPEN, type RotationAggregate } from '../../../domain/rotation/rotation.ts';
import type { RotationRules } from '../../../domain/rotation/rotation-rules.ts';
import { wakeAt } from '../../../domain/rotation/timeouts.ts';
import { appendAudit } from '../audit-trail.ts';
import { upsert } from '../database.ts';
import { writeAlarms, writeLetters } from '../letters/letters.ts';
import { addressAtRest } from '../letters/reminders.ts';
import type { Schema } from '../schema/schema.ts';
import { writeTasks } from '../tasks.ts';
import { writeEvents } from '../webhook/write-events.ts';
import { healthRow, holdRow, publicationRow, rotationRow } from './rows.ts';

type Db = Kysely<Schema>;

/**
 * Writes changes. A rotation that leaves a role is written before its successor: there is only one at a time. Without `auditKey`
 * the lines of the audit trail are linked plainly.
 */
export async function writeChanges(
  db: Db,
  aggregate: RotationAggregate,
  changes: Changes,
  { rules, auditKey }: { readonly rules: RotationRules; readonly auditKey: AuditKey | undefined },
): Promise<void> {
  const { user } = aggregate;
  const { at } = changes;
  const orderOf = ({ standing, stage }: Changes['rotations'][number]) =>
    standing === 'current' ? 2 : OPEN.includes(stage) ? 1 : 0;
  const rotations = [...changes.rotations].sort((a, b) => orderOf(a) - orderOf(b));
  for (const rotation of rotations) {
    await upsert(db, 'rotations', ['id'], rotationRow(user.id, rotation, wakeAt(rotation, rules)));
  }
  await writeCredentials(db, aggregate, changes);
  await writeWork(db, user.id, changes);
  if (changes.user !== null) await writeVersion(db, aggregate, changes.user, at);
  if (changes.linksSpent) {
    await db
      .updateTable('links')
      .set({ spent_at: at })
      .where('technical_user_id', '=', user.id)
      .where('version', '<', changes.user?.version ?? user.version)
      .where('spent_at', 'is', null)
      .execute();
  }
  await writeLetters(db, changes.letters, at);
  await writeAlarms(db, changes.alarms, at);
  await writeTasks(db, changes.tasks, at);
  if (changes.answered !== null) await writeAnswer(db, user, changes.answered);
  await writeStates(db, aggregate, changes);
  await appendAudit({ db, key: auditKey }, at, user, changes.audit);
}

/** Tells the webhook how the account stands now, where that is new. */
async function writeStates(db: Db, aggregate: RotationAggregate, changes: Changes): Promise<void> {
  const { login, environment, home } = aggregate.user;
  const events = accountEvents(aggregate, changes);
  if (events.length === 0) return;
  const told = () => events.map((type) => ({ type, environment, login, siret: home.siret }));
  await writeEvents(db, 'account', told, changes.at);
}

async function writeCredentials(
  db: Db,
  { user }: RotationAggregate,
  { kept, destroyed, at }: Changes,
): Promise<void> {
  for (const { id, sealed, doubts } of kept) {
    await db
      .insertInto('credentials')
      .values({
        id,
        technical_user_id: user.id,
        environment: user.environment,
        login: user.login,
        key_id: sealed.keyId,
        data_key: sealed.dataKey,
        box: sealed.box,
        kept_at: at,
        destroyed_at: null,
        doubts: doubts === null ? null : JSON.stringify(doubts),
      })
      .execute();
  }
  for (const id of destroyed) {
    const empty = new Uint8Array(0);
    await db
      .updateTable('credentials')
      .set({ data_key: empty, box: empty, destroyed_at: at, doubts: null })
      .where('id', '=', id)
      .execute();
  }
}

async function writeWork(
  db: Db,
  userId: number,
  { publications, holds, attempts, health }: Changes,
): Promise<void> {
  for (const one of publications)
    await upsert(db, 'publications', ['rotation_id', 'sink'], publicationRow(userId, one));
  for (const one of holds) await upsert(db, 'holds', ['technical_user_id', 'sink'], holdRow(userId, one));
  if (health !== null) await upsert(db, 'health', ['technical_user_id'], healthRow(userId, health));
  for (const { id, at, refused } of attempts) {
    // Only failures are kept, and calls whose answer is not known.
    if (refused === false) {
      await db.deleteFrom('attempts').where('id', '=', id).execute();
      continue;
    }
    const row = { id, technical_user_id: userId, at, refused: refused === null ? null : (1 as const) };
    await upsert(db, 'attempts', ['id'], row);
  }
}

/**
 * The last answer of the principal manager; the next review is at the next tick. A reminder that has not left when reminders begin
 * to rest is owed afterwards.
 */
async function writeAnswer(
  db: Db,
  user: TechnicalUser,
  answered: NonNullable<Changes['answered']>,
): Promise<void> {
  const begins = answered.quiet !== null && (standingAnswer(user)?.quiet ?? null) === null;
  const toldAddress = begins ? await addressAtRest(db, user) : (user.lastReminder?.address ?? null);
  await db
    .updateTable('technical_users')
    .set({ answered: JSON.stringify(answered), wake_on: '', told_address: toldAddress })
    .where('id', '=', user.id)
    .execute();
}

/** The technical user's new version and dates, with their history; the ladder starts from the beginning at the next tick. */
async function writeVersion(
  db: Db,
  { user }: RotationAggregate,
  to: NonNullable<Changes['user']>,
  at: number,
): Promise<void> {
  const { facts } = user;
  const row = { version: to.version, changed_on: to.changedOn, portal_on: to.portalOn };
  await db
    .updateTable('technical_users')
    .set({ ...row, wake_on: '' })
    .where('id', '=', user.id)
    .execute();
  const events = [
    ['version', String(user.version), String(to.version)],
    ['changed', facts.changedOn?.toString() ?? null, to.changedOn],
    ['expires', facts.portalOn?.toString() ?? null, to.portalOn],
  ] as const;
  const rows = events
    .filter(([, before, after]) => before !== after)
    .map(([field, before, after]) => ({
      at,
      who: to.by ?? 'releve',
      subject: 'technical-user' as const,
      subject_id: user.id,
      field,
      old_value: before,
      new_value: after,
      why: to.version === user.version ? DATE_GIVEN : 'a new password was handed in',
    }));
  if (rows.length > 0) await db.insertInto('events').values(rows).execute();
}
