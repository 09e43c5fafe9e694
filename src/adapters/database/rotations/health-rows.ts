// The health of passwords in service and of platforms as rows, and rows as what the moves see.
import type { Selectable } from 'kysely';
import type { Maintenance } from '../../../domain/platform/maintenance.ts';
import type { Platform } from '../../../domain/platform/platform.ts';
import type { Health } from '../../../domain/rotation/health.ts';
import type { HealthTable, MaintenancesTable, PlatformsTable } from '../schema/monitoring.ts';

const bit = (value: boolean): 0 | 1 => (value ? 1 : 0);
/** What was written here as JSON by this room alone. */
const read = <T>(json: string | null): T | null => (json === null ? null : (JSON.parse(json) as T));
const written = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

export function healthOfRow(row: Selectable<HealthTable>): Health {
  return {
    rotationId: row.rotation_id,
    state: row.state,
    nextAt: row.next_at,
    wanted: row.wanted === 1,
    askedAt: row.asked_at,
    workedAt: row.worked_at,
    refusals: row.refusals,
    refusedAt: row.refused_at,
    unanswered: row.unanswered,
    unansweredSince: row.unanswered_since,
    cause: row.cause,
    evidence: read<NonNullable<Health['evidence']>>(row.evidence),
    entitled: row.entitled === null ? null : row.entitled === 1,
    structures: read<NonNullable<Health['structures']>>(row.structures),
    warned: row.warned,
    alarmed: row.alarmed === 1,
    workedPast: row.worked_past,
    lease: row.lease,
    leaseUntil: row.lease_until,
  };
}

export function healthRow(userId: number, one: Health): Selectable<HealthTable> {
  return {
    technical_user_id: userId,
    rotation_id: one.rotationId,
    state: one.state,
    next_at: one.nextAt,
    wanted: bit(one.wanted),
    asked_at: one.askedAt,
    worked_at: one.workedAt,
    refusals: one.refusals,
    refused_at: one.refusedAt,
    unanswered: one.unanswered,
    unanswered_since: one.unansweredSince,
    cause: one.cause,
    evidence: written(one.evidence),
    entitled: one.entitled === null ? null : bit(one.entitled),
    structures: written(one.structures),
    warned: one.warned,
    alarmed: bit(one.alarmed),
    worked_past: one.workedPast,
    lease: one.lease,
    lease_until: one.leaseUntil,
  };
}

export function platformOf(row: Selectable<PlatformsTable>): Platform {
  return {
    environment: row.environment,
    lastSuccessAt: row.good_at,
    lastSuccessBy: row.good_by,
    otherSuccessAt: row.other_at,
    failingSince: row.bad_since,
    failureCount: row.bad_count,
    lastFailureAt: row.bad_at,
    lastFailureCause: row.bad_cause,
    told: row.told === 1,
  };
}

export function platformRow(one: Platform): Selectable<PlatformsTable> {
  return {
    environment: one.environment,
    good_at: one.lastSuccessAt,
    good_by: one.lastSuccessBy,
    other_at: one.otherSuccessAt,
    bad_since: one.failingSince,
    bad_count: one.failureCount,
    bad_at: one.lastFailureAt,
    bad_cause: one.lastFailureCause,
    told: bit(one.told),
  };
}

export function maintenanceOf(row: Selectable<MaintenancesTable>): Maintenance {
  const { id, environment, from_at: from, to_at: to, why, entered_by: by, entered_at: enteredAt } = row;
  return { id, environment, from, to, why, by, enteredAt };
}
