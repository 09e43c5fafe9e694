// Lets operators enter and end announced closures of a platform; each action is recorded in the audit trail.
import type { Maintenance } from '../../domain/platform/platform.ts';
import type { AuditTrail } from '../../domain/ports/audit-trail.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Platforms } from '../../domain/ports/monitoring.ts';

/** A closure as an operator enters it; instants in ms, null for both platforms. */
type NewClosure = Pick<Maintenance, 'environment' | 'from' | 'to' | 'why'>;

export type Closures = ReturnType<typeof openClosures>;

export interface ClosureParts {
  readonly platforms: Pick<Platforms, 'maintenances' | 'enterMaintenance' | 'endMaintenance'>;
  readonly audit: Pick<AuditTrail, 'add'>;
  readonly clock: Clock;
  /** A unique id, short enough to be typed. */
  newId(): string;
}

/** `who` is recorded in the audit trail. */
export function openClosures({ platforms, audit, clock, newId }: ClosureParts, who: string) {
  const now = () => clock.now().epochMilliseconds;
  const note = (what: string, one: Maintenance) =>
    audit.add(
      { who, what, rotationId: null, channel: 'command', check: null, sink: null, detail: detailOf(one) },
      now(),
    );
  return {
    /** Those that are not over, the earliest first. */
    all: () => platforms.maintenances(now()),
    enter: async (closure: NewClosure) => {
      const entered: Maintenance = { ...closure, id: newId(), by: who, enteredAt: now() };
      await platforms.enterMaintenance(entered);
      await note('closure entered', entered);
      return entered;
    },
    /** Ends one now; null when there is none of this id that is not over. */
    end: async (id: string) => {
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
