// Platforms as agents look after them: how each does, when it is known to be closed, and how passwords in service stand.
import { randomBytes } from 'node:crypto';
import { openAudit } from '../adapters/database/audit-trail.ts';
import { openPlatforms, openProbes } from '../adapters/database/rotations/monitoring.ts';
import { ENVIRONMENTS } from '../domain/account/expiry.ts';
import type { Maintenance, Platform } from '../domain/platform/platform.ts';
import type { AuditTrail } from '../domain/ports/audit-trail.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { PlannedProbe, Platforms } from '../domain/ports/monitoring.ts';
import type { HealthState } from '../domain/rotation/health.ts';
import type { Parts } from './daemon.ts';

/** A closure as an agent enters it; instants in ms, null for both platforms. */
type NewClosure = Pick<Maintenance, 'environment' | 'from' | 'to' | 'why'>;

/** The closures of platforms; each move leaves its line in the audit trail. */
export interface Closures {
  /** Those that are not over, the earliest first. */
  all(): Promise<readonly Maintenance[]>;
  enter(closure: NewClosure): Promise<Maintenance>;
  /** Ends one now; null when there is none of this id that is not over. */
  end(id: string): Promise<Maintenance | null>;
}

interface ClosureParts {
  readonly platforms: Pick<Platforms, 'maintenances' | 'enterMaintenance' | 'endMaintenance'>;
  readonly audit: Pick<AuditTrail, 'add'>;
  readonly clock: Clock;
}

/** Opens what needs neither keys nor sinks nor Chorus Pro; `who` stands in the audit trail. */
export function closuresOver({ database }: Pick<Parts, 'database'>, clock: Clock, who: string): Closures {
  return openClosures({ platforms: openPlatforms(database), audit: openAudit(database), clock }, who);
}

export function openClosures({ platforms, audit, clock }: ClosureParts, who: string): Closures {
  const now = () => clock.now().epochMilliseconds;
  const note = (what: string, one: Maintenance) =>
    audit.add(
      { who, what, rotationId: null, channel: 'command', check: null, sink: null, detail: detailOf(one) },
      now(),
    );
  return {
    all: () => platforms.maintenances(now()),
    enter: async (closure) => {
      // Short enough to be typed, and never taken for an option.
      const id = randomBytes(4).toString('hex');
      const entered: Maintenance = { ...closure, id, by: who, enteredAt: now() };
      await platforms.enterMaintenance(entered);
      await note('closure entered', entered);
      return entered;
    },
    end: async (id) => {
      const found = (await platforms.maintenances(now())).find((one) => one.id === id);
      if (found === undefined || !(await platforms.endMaintenance(id, now()))) return null;
      const ended = { ...found, to: now() };
      await note('closure ended', ended);
      return ended;
    },
  };
}

function detailOf({ id, environment, from, to, why }: Maintenance): string {
  const iso = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toString();
  return `${id}, ${environment ?? 'both platforms'}, ${iso(from)} to ${iso(to)}: ${why}`;
}

/** What is known of platforms and of the passwords in service there. */
export interface PlatformsSeen {
  readonly platforms: readonly Platform[];
  /** Those that are not over. */
  readonly closures: readonly Maintenance[];
  /** Every technical user in use with a password of ours in service that was given a minute. */
  readonly inService: readonly PlannedProbe[];
}

/** Reads how platforms do; nobody is asked. */
export async function seePlatforms(
  { database }: Pick<Parts, 'database'>,
  { now }: Clock,
): Promise<PlatformsSeen> {
  const { of, maintenances } = openPlatforms(database);
  return {
    platforms: await Promise.all(ENVIRONMENTS.map(of)),
    closures: await maintenances(now().epochMilliseconds),
    inService: await openProbes(database).inService(),
  };
}

/** How the passwords in service stand, by technical user (id); without those of the retired. */
export async function healthStates({
  database,
}: Pick<Parts, 'database'>): Promise<ReadonlyMap<number, HealthState>> {
  const all = await openProbes(database).inService();
  return new Map(all.map(({ userId, state }) => [userId, state]));
}
