// The audit trail: lines are added, read and verified, never changed.
import type { AuditLine } from '../rotation/rotation.ts';
import type { Sealed } from '../rotation/sealed.ts';

/** The keyed hash of a text, hexadecimal. */
export type AuditMac = (text: string) => string;

/**
 * Opens the key of the audit trail, out of the sealed key of fingerprints as it is stored now; null while there is none, or no master
 * key at hand opens it.
 */
export type AuditKey = (fingerprints: Sealed | null) => AuditMac | null;

/** What a line says where the daemon found another trail than the one it remembered. */
export const TRAIL_DIFFERS = 'trail differs from its remembered head';

/** What a line says that was written when a new key of the trail was made, where a former one had linked lines before it. */
export const NEW_KEY = 'new key of the audit trail';

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

/** What verifying is asked beside that no line was changed. */
export interface AuditQuestion {
  /** This line is still there with this hash. */
  readonly noted?: AuditHead | null;
  /** The first line that the key at hand must vouch for. */
  readonly from?: number;
}

/**
 * Whether the chain is intact: its length and the hash of its last line; the first line that does not fit; or lines that cannot be
 * verified, because no key at hand links them, and nothing that shows without the key speaks against them.
 */
export type AuditVerdict =
  | {
      readonly ok: true;
      /** The first line that was verified: 1, or later where that was enough. */
      readonly from: number;
      readonly lines: number;
      readonly head: string;
      readonly gaps: readonly AuditGap[];
      /** Lines that say that the trail had been changed before. */
      readonly differs: readonly number[];
      /** Lines whose content is gone. */
      readonly emptied: number;
    }
  | { readonly ok: false; readonly kind: 'changed'; readonly at: number; readonly fault: string }
  | {
      readonly ok: false;
      readonly kind: 'unverified';
      readonly at: number;
      readonly to: number;
      readonly fault: string;
    };

export interface AuditTrail {
  /** Adds a line about the installation; lines about rotations are added with their decisions. */
  add(line: AuditLine, at: number): Promise<void>;
  lines(): AsyncIterable<WrittenAudit>;
  /** Checks the whole trail. */
  verify(question?: AuditQuestion): Promise<AuditVerdict>;
  /** The last line; null while there is none. */
  head(): Promise<AuditHead | null>;
  /** The hash of a line; null where there is none. */
  hashOf(seq: number): Promise<string | null>;
  /** The lines after a number that say this, in rising order. */
  linesThatSay(what: string, after?: number): Promise<readonly number[]>;
  /** The keyed hash under the key of the trail; null while no master key opens that, or there is no key yet. */
  mac(): Promise<AuditMac | null>;
}
