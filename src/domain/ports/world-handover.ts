// The part of the outer world that passwords need: the books of rotations, the audit trail, links, tools, seals, platforms.
import type { Environment } from '../account/expiry.ts';
import type { Language } from '../account/technical-user.ts';
import type { Maintenance } from '../platform/maintenance.ts';
import type { Platform, PlatformUpdate } from '../platform/platform.ts';
import type { HealthState } from '../rotation/health.ts';
import type { AuditLine, RotationAggregate, RotationDecision } from '../rotation/rotation.ts';
import type { Doubts } from '../submission/submission.ts';
import type { Sealed, SealName } from './vault.ts';

/** What a tick may find to do about rotations. */
export type Work = 'proof' | 'publication' | 'hold' | 'time';

/** Under what an error that nobody foresaw is counted for a technical user. */
export type ItemWork = Work | 'probe';

/** A sealed password with the name under which it can be opened. */
export interface KeptCredential {
  readonly name: SealName;
  readonly sealed: Sealed;
}

/** The books of rotations. */
export interface Rotations {
  /**
   * One move: reads a technical user's book, asks `decide`, writes what it says, in a transaction that no other writer
   * overlaps. Returns its answer.
   */
  update<T>(userId: number, decide: (aggregate: RotationAggregate) => RotationDecision<T>): Promise<T>;
  /** The book as it is now; null when the technical user is not known. */
  aggregate(userId: number): Promise<RotationAggregate | null>;
  /** Technical users (ids) with work of a kind that may be due now (ms), up to so many; `sink`: in this sink alone. */
  due(work: Work, now: number, limit: number, sink?: string): Promise<readonly number[]>;
  /** With what was unclear in it, unless an older version kept it; null when it was destroyed. */
  credential(id: string): Promise<(KeptCredential & { readonly doubts: Doubts | null }) | null>;
  /** Technical users (ids) with a password of ours in service. */
  inService(): Promise<readonly number[]>;
  /** Technical users (ids) whose connectors were told to hold. */
  holding(): Promise<readonly number[]>;
  /**
   * Counts an error that nobody foresaw (its kind, without its words): until its wait is over nothing of this work is due for
   * this technical user; at the third in a row the IT service hears of it.
   */
  countFault(work: ItemWork, userId: number, fault: string, now: number): Promise<void>;
  /** It went well again. */
  forgive(work: ItemWork, userId: number): Promise<void>;
}

/** A line of the audit trail as it stands; instants in ms. */
export interface WrittenAudit extends Omit<AuditLine, 'channel'> {
  readonly seq: number;
  readonly at: number;
  readonly environment: string | null;
  readonly login: string | null;
  readonly channel: string | null;
  readonly hash: string;
}

/** Whether the trail hangs together: how long it is and the hash of its last line, or the first line that does not fit. */
export type AuditVerdict =
  | { readonly ok: true; readonly lines: number; readonly head: string }
  | { readonly ok: false; readonly at: number; readonly fault: string };

export interface AuditTrail {
  /** Adds a line about the house itself; those about rotations are added with their moves. */
  add(line: AuditLine, at: number): Promise<void>;
  lines(): AsyncIterable<WrittenAudit>;
  verify(): Promise<AuditVerdict>;
  /** The number and the hash of the last line; null while there is none. */
  head(): Promise<{ readonly seq: number; readonly hash: string } | null>;
}

/** A link as it is stored: the hash of its secret part, and whose it is. Instants in ms. */
export interface Link {
  readonly hash: string;
  readonly userId: number;
  /** The password version that it is to replace. */
  readonly version: number;
  readonly letterId: string;
  readonly address: string;
  readonly person: string;
  readonly language: Language;
  readonly issuedAt: number;
  readonly until: number;
  readonly spentAt: number | null;
}

export interface Links {
  issue(links: readonly Omit<Link, 'spentAt'>[]): Promise<void>;
  find(hash: string): Promise<Link | null>;
}

/** The tokens of IT tools, by name; only their hashes are kept. */
export interface ApiTokens {
  /** False when the name is taken. */
  add(name: string, hash: string, at: number): Promise<boolean>;
  revoke(name: string, at: number): Promise<boolean>;
  nameOf(hash: string): Promise<string | null>;
  all(): Promise<readonly { name: string; madeAt: number; revokedAt: number | null }[]>;
}

/** What is sealed by which master key. */
export interface SealedSecrets {
  /** The sealed key of fingerprints; null before the first password came in. */
  fingerprintKey(): Promise<Sealed | null>;
  /** Keeps it unless there is one already; returns the one that is kept. */
  keepFingerprintKey(sealed: Sealed): Promise<Sealed>;
  replaceFingerprintKey(before: Sealed, after: Sealed): Promise<boolean>;
  /** Notes which master keys the daemon can use (ids), and when (ms) it said so. */
  noteKnown(ids: readonly string[], at: number): Promise<void>;
  /** What the daemon said last; null before its first word. */
  knownToDaemon(): Promise<{ readonly ids: readonly string[]; readonly at: number } | null>;
  /** How many living secrets each master key seals. */
  counts(): Promise<ReadonlyMap<string, number>>;
  /** Living passwords that another key than this seals, after an id, up to so many. */
  sealedByOthers(keyId: string, after: string, limit: number): Promise<readonly KeptCredential[]>;
  /** Puts a new data key in the place of the old one, if that is still there. */
  replace(before: KeptCredential, after: Sealed): Promise<boolean>;
}

/** A technical user whose password in service is asked about at an instant (ms), and how it stands. */
export interface PlannedProbe {
  readonly userId: number;
  readonly environment: Environment;
  readonly login: string;
  readonly at: number;
  readonly state: HealthState;
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
