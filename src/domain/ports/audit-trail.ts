// The audit trail: lines are added, read and verified, never changed.
import type { AuditLine } from '../rotation/rotation.ts';
import type { Sealed } from '../rotation/sealed.ts';

/** The keyed hash of a text, hexadecimal. */
export type AuditMac = (text: string) => string;

/**
 * Opens the key of the audit trail, out of the sealed key of fingerprints, which it reads once; null while there is none, or no master
 * key at hand opens it.
 */
export type AuditKey = (fingerprints: () => Promise<Sealed | null>) => Promise<AuditMac | null>;

/** What a line says where the daemon found another trail than the one it remembered. */
export const TRAIL_DIFFERS = 'trail differs from its remembered head';

/** A stored line of the audit trail; instants in ms. One without content has an empty `what`. */
export interface WrittenAudit extends Omit<AuditLine, 'channel'> {
  readonly seq: number;
  readonly at: number;
  readonly environment: string | null;
  readonly login: string | null;
  readonly channel: string | null;
  readonly hash: string;
}

/** The number of a line and its hash, as somebody noted them. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** Lines that were linked without a key, and the line that sealed them; null while none has. */
export interface AuditGap {
  readonly from: number;
  readonly to: number;
  readonly sealedBy: number | null;
}

/** Whether the chain is intact: its length and the hash of its last line, or the first line that does not fit. */
export type AuditVerdict =
  | {
      readonly ok: true;
      readonly lines: number;
      readonly head: string;
      readonly gaps: readonly AuditGap[];
      /** Lines that say that the trail had been changed before. */
      readonly differs: readonly number[];
      /** Lines whose content is gone. */
      readonly emptied: number;
    }
  | { readonly ok: false; readonly at: number; readonly fault: string };

export interface AuditTrail {
  /** Adds a line about the installation; lines about rotations are added with their decisions. */
  add(line: AuditLine, at: number): Promise<void>;
  lines(): AsyncIterable<WrittenAudit>;
  /** Checks the whole trail; with `noted`, also that this line is still there with this hash. */
  verify(noted?: AuditHead | null): Promise<AuditVerdict>;
  /** The last line; null while there is none. */
  head(): Promise<AuditHead | null>;
  /** The hash of a line; null where there is none. */
  hashOf(seq: number): Promise<string | null>;
  /** Whether a line was ever added that says this. */
  has(what: string): Promise<boolean>;
  /** The keyed hash under the key of the trail; null while no master key opens that, or there is no key yet. */
  mac(): Promise<AuditMac | null>;
}
