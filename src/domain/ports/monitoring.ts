// The stored passwords in service and platforms, as the probe uses them.
import type { Environment, PasswordState } from '../account/technical-user.ts';
import type { OpenMatter } from '../monitoring/account-stand.ts';
import type { Maintenance, Platform, PlatformUpdate } from '../platform/platform.ts';

/** A technical user whose password in service is checked at an instant (ms), and its state. */
interface PlannedProbe {
  readonly userId: number;
  readonly environment: Environment;
  readonly login: string;
  readonly at: number;
  readonly state: PasswordState;
}

export interface Probes {
  /**
   * Technical users (ids, in order, after `after`) whose password in service has no slot yet, or was refused under a clock
   * that was ahead of `now` (ms); at most `limit`.
   */
  unplanned(after: number, now: number, limit: number): Promise<readonly number[]>;
  /** Technical users (ids) of a platform that are due (ms), at most `limit`; those that a person waits for first. */
  due(environment: Environment, now: number, limit: number): Promise<readonly number[]>;
  /** Those to be checked before an instant (ms), in that order. */
  planned(before: number): Promise<readonly PlannedProbe[]>;
  /** Every one in use that has a slot; those too that are not checked any more. */
  inService(ids?: readonly number[]): Promise<readonly PlannedProbe[]>;
  /** Technical users in use (of these ids, else all) about whom something is open: a refusal, a new password on its way, a connector that holds. */
  openMatters(ids?: readonly number[]): Promise<readonly OpenMatter[]>;
  /**
   * Other accounts of a platform that can show whether any account works: not in doubt (ids, at most `limit`, those that
   * worked last first), and the number of all others.
   */
  controls(
    environment: Environment,
    except: number,
    limit: number,
  ): Promise<{ readonly askable: readonly number[]; readonly others: number }>;
}

/** The stored condition of each platform, and its closures. */
export interface Platforms {
  of(environment: Environment): Promise<Platform>;
  /** Makes one decision in a transaction that no other writer overlaps; writes the platform and raises the alarms. */
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
