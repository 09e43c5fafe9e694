// Passwords in service and platforms, as the probe sees them.
import type { Environment } from '../account/technical-user.ts';
import type { Maintenance, Platform, PlatformUpdate } from '../platform/platform.ts';
import type { PasswordState } from '../rotation/health.ts';

/** A technical user whose password in service is asked about at an instant (ms), and how it stands. */
export interface PlannedProbe {
  readonly userId: number;
  readonly environment: Environment;
  readonly login: string;
  readonly at: number;
  readonly state: PasswordState;
}

/** The probe's view of all passwords in service. */
export interface Probes {
  /**
   * Technical users (ids, in their order, after one) whose password in service has no minute yet, or was refused under a
   * clock that was ahead of `now` (ms); up to so many.
   */
  unplanned(after: number, now: number, limit: number): Promise<readonly number[]>;
  /** Technical users (ids) of a platform whose time has come (ms), up to so many; those that somebody waits for first. */
  due(environment: Environment, now: number, limit: number): Promise<readonly number[]>;
  /** Those to be asked about before an instant (ms), in that order. */
  planned(before: number): Promise<readonly PlannedProbe[]>;
  /** Every one in use that was given a minute, and how it stands; those too that are not asked about any more. */
  inService(): Promise<readonly PlannedProbe[]>;
  /**
   * Other accounts of a platform that could tell whether anybody works: nothing is held against them (ids, up to so many,
   * those that worked last first), and how many there are with those that are in doubt.
   */
  controls(
    environment: Environment,
    except: number,
    limit: number,
  ): Promise<{ readonly askable: readonly number[]; readonly others: number }>;
}

/** What is known of each platform as a whole, and when it is known to be closed. */
export interface Platforms {
  of(environment: Environment): Promise<Platform>;
  /** One move, in a transaction that no other writer overlaps; writes the platform and raises the alarms. */
  update(
    environment: Environment,
    decide: (platform: Platform) => PlatformUpdate | null,
    now: number,
  ): Promise<void>;
  /** Those that are not over at an instant (ms), the earliest first. */
  maintenances(now: number): Promise<readonly Maintenance[]>;
  enterMaintenance(one: Maintenance): Promise<void>;
  /** Ends one before its time; false when there is none of that id. */
  endMaintenance(id: string, at: number): Promise<boolean>;
}
