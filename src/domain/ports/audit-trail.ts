// The audit trail: lines are added, read and verified, never changed.
import type { AuditLine } from '../rotation/rotation.ts';

/** A stored line of the audit trail; instants in ms. */
export interface WrittenAudit extends Omit<AuditLine, 'channel'> {
  readonly seq: number;
  readonly at: number;
  readonly environment: string | null;
  readonly login: string | null;
  readonly channel: string | null;
  readonly hash: string;
}

/** Whether the chain is intact: its length and the hash of its last line, or the first line that does not fit. */
export type AuditVerdict =
  | { readonly ok: true; readonly lines: number; readonly head: string }
  | { readonly ok: false; readonly at: number; readonly fault: string };

export interface AuditTrail {
  /** Adds a line about the installation; lines about rotations are added with their decisions. */
  add(line: AuditLine, at: number): Promise<void>;
  lines(): AsyncIterable<WrittenAudit>;
  verify(): Promise<AuditVerdict>;
  /** The number and the hash of the last line; null while there is none. */
  head(): Promise<{ readonly seq: number; readonly hash: string } | null>;
}
