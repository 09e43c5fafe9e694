// Rotations, publications and holds as rows, and rows as what the moves see.
import type { Selectable } from 'kysely';
import type { Hold, Publication, Rotation } from '../../../domain/rotation/rotation.ts';
import type { HoldsTable, PublicationsTable, RotationsTable } from '../schema/rotations.ts';

const bit = (value: boolean): 0 | 1 => (value ? 1 : 0);

export function rotationOf(row: Selectable<RotationsTable>): Rotation {
  return {
    id: row.id,
    stage: row.stage,
    standing: row.standing,
    proven: row.proven,
    version: row.version,
    channel: row.channel,
    by: row.brought_by,
    credential: row.credential,
    fingerprint: row.fingerprint,
    changedOn: row.changed_on,
    portalOn: row.portal_on,
    announcedAt: row.announced_at,
    announcedUntil: row.announced_until,
    receivedAt: row.received_at,
    acceptedAt: row.accepted_at,
    publishedAt: row.published_at,
    endedAt: row.ended_at,
    refusals: row.refusals,
    refusedAt: row.refused_at,
    unansweredTries: row.asked,
    cause: row.cause,
    nextTryAt: row.next_try_at,
    previousStillWorks: row.former_works === null ? null : row.former_works === 1,
    lastRefusedAt: row.last_refused_at,
    bothRefusedSince: row.both_refused_since,
    rounds: row.rounds,
    pressedAt: row.pressed_at,
    lease: row.lease,
    leaseUntil: row.lease_until,
    alarmed: row.alarmed === 1,
  };
}

export function rotationRow(
  userId: number,
  one: Rotation,
  wakeAt: number | null,
): Selectable<RotationsTable> {
  return {
    id: one.id,
    technical_user_id: userId,
    stage: one.stage,
    standing: one.standing,
    proven: one.proven,
    version: one.version,
    channel: one.channel,
    brought_by: one.by,
    credential: one.credential,
    fingerprint: one.fingerprint,
    changed_on: one.changedOn,
    portal_on: one.portalOn,
    announced_at: one.announcedAt,
    announced_until: one.announcedUntil,
    received_at: one.receivedAt,
    accepted_at: one.acceptedAt,
    published_at: one.publishedAt,
    ended_at: one.endedAt,
    refusals: one.refusals,
    refused_at: one.refusedAt,
    asked: one.unansweredTries,
    cause: one.cause,
    next_try_at: one.nextTryAt,
    former_works: one.previousStillWorks === null ? null : bit(one.previousStillWorks),
    last_refused_at: one.lastRefusedAt,
    both_refused_since: one.bothRefusedSince,
    rounds: one.rounds,
    pressed_at: one.pressedAt,
    lease: one.lease,
    lease_until: one.leaseUntil,
    alarmed: bit(one.alarmed),
    wake_at: wakeAt,
  };
}

export function publicationOf(row: Selectable<PublicationsTable>): Publication {
  return {
    rotationId: row.rotation_id,
    sink: row.sink,
    stage: row.stage,
    touched: row.touched === 1,
    tries: row.tries,
    nextAt: row.next_at,
    lease: row.lease,
    leaseUntil: row.lease_until,
    fault: row.fault,
  };
}

export function publicationRow(userId: number, one: Publication): Selectable<PublicationsTable> {
  return {
    rotation_id: one.rotationId,
    technical_user_id: userId,
    sink: one.sink,
    stage: one.stage,
    touched: bit(one.touched),
    tries: one.tries,
    next_at: one.nextAt,
    lease: one.lease,
    lease_until: one.leaseUntil,
    fault: one.fault,
  };
}

export function holdOf(row: Selectable<HoldsTable>): Hold {
  return {
    sink: row.sink,
    wanted: row.wanted === 1,
    applied: row.applied === 1,
    appliedAt: row.applied_at,
    tries: row.tries,
    nextAt: row.next_at,
    lease: row.lease,
    leaseUntil: row.lease_until,
  };
}

export function holdRow(userId: number, one: Hold): Selectable<HoldsTable> {
  return {
    technical_user_id: userId,
    sink: one.sink,
    wanted: bit(one.wanted),
    applied: bit(one.applied),
    applied_at: one.appliedAt,
    tries: one.tries,
    next_at: one.nextAt,
    lease: one.lease,
    lease_until: one.leaseUntil,
  };
}
