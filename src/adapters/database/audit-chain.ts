// How the lines of the audit trail are linked, and whether a trail is linked so.
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import {
  type AuditGap,
  type AuditHead,
  type AuditMac,
  type AuditQuestion,
  type AuditVerdict,
  TRAIL_DIFFERS,
} from '../../domain/ports/audit-trail.ts';
import type { AuditTable } from './schema/schema.ts';

export type Row = Selectable<AuditTable>;
export type Content = Omit<Row, 'hash' | 'digest' | 'salt' | 'seals'>;

/** The hash before the first line. */
export const BEGINNING = '0'.repeat(64);

const sha256 = (parts: readonly unknown[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** Over what is given and every field of a line, in this order: its digest, or the hash of a line of earlier versions. */
export function digestOf(first: string, row: Content): string {
  const about = [
    row.environment,
    row.login,
    row.rotation_id,
    row.channel,
    row.check_result,
    row.sink,
    row.detail,
  ];
  return sha256([first, row.seq, row.at, row.who, row.what, ...about]);
}

/** The link of a line; `mac` is used where the line says that a key links it. */
export function linkOf(
  before: string,
  { seq, digest, seals }: Pick<Row, 'seq' | 'digest' | 'seals'>,
  mac: AuditMac | null,
) {
  const parts = [before, seq, digest];
  return seals === null || mac === null ? sha256(parts) : mac(JSON.stringify([...parts, seals]));
}

/** The key at hand, and the lines that say that the key is a new one, in rising order. */
interface Keys {
  readonly mac: AuditMac | null;
  readonly renewed: readonly number[];
}

/** How far a trail was verified. */
interface Verified extends AuditHead {
  /** The first line that no key has sealed yet. */
  readonly unsealed: number;
  readonly emptied: number;
  /** The last line that a key has linked which is not at hand. */
  readonly unverified: number;
  /** Whether the key at hand has linked a line. */
  readonly isKeyOf: boolean;
}

const bad = (at: number, fault: string): AuditVerdict => ({ ok: false, kind: 'changed', at, fault });

/** Whether these lines, the oldest first, are linked as they should be. */
export async function verify(
  lines: AsyncIterable<readonly Row[]>,
  { mac, renewed }: Keys,
  { noted = null, from = 1 }: AuditQuestion,
): Promise<AuditVerdict> {
  const gaps: AuditGap[] = [];
  const differs: number[] = [];
  let done: Verified = {
    ...{ seq: 0, hash: BEGINNING, unsealed: 1, emptied: 0 },
    unverified: 0,
    isKeyOf: false,
  };
  /** Lines before this one are not verified under the key at hand. */
  let keyed = mac === null ? Number.POSITIVE_INFINITY : 1;
  for await (const rows of lines) {
    for (const row of rows) {
      const { seq, hash, seals } = row;
      let fault = faultOf(row, done, seq < keyed ? null : mac);
      const newSince = renewed.find((line) => line > seq);
      // Of a former key, if the key at hand has linked none before: one that has is not the new one.
      if (fault !== null && mac !== null && !done.isKeyOf && newSince !== undefined) {
        keyed = newSince;
        fault = faultOf(row, done, null);
      }
      if (fault !== null) return bad(done.seq + 1, fault);
      if (seq === noted?.seq && hash !== noted.hash) {
        return bad(
          seq,
          `line ${seq} has another hash than the one noted: the trail was rewritten, or the note is wrong`,
        );
      }
      if (seals !== null && seals < seq) gaps.push({ from: seals, to: seq - 1, sealedBy: seq });
      if (row.what === TRAIL_DIFFERS) differs.push(seq);
      done = following(done, row, seq >= keyed);
    }
  }
  const { seq, hash, unsealed, emptied, unverified } = done;
  const last = Math.max(noted?.seq ?? 0, from === 1 ? 0 : from);
  if (last > seq) return bad(last, `line ${last} is missing: the trail ends at line ${seq}`);
  const first = Math.min(from, noted?.seq ?? from);
  if (first <= unverified) return unverifiable(first, unverified, mac === null ? null : keyed);
  if (unsealed <= seq) gaps.push({ from: unsealed, to: seq, sealedBy: null });
  return { ok: true, from: unverified + 1, lines: seq, head: hash, gaps, differs, emptied };
}

function following(done: Verified, row: Row, isVerified: boolean): Verified {
  const { seq, hash, seals } = row;
  const emptied = done.emptied + (isEmptied(row) ? 1 : 0);
  if (seals === null) return { ...done, seq, hash, emptied };
  const { isKeyOf, unverified } = done;
  const vouched = isVerified ? { isKeyOf: true, unverified } : { isKeyOf, unverified: seq };
  return { seq, hash, emptied, unsealed: seq + 1, ...vouched };
}

function unverifiable(at: number, to: number, newSince: number | null): AuditVerdict {
  const why =
    newSince === null
      ? 'no master key at hand opens the key of the trail (releve key check)'
      : `line ${newSince} says that the key of the trail is a new one. If you replaced it: --from ${newSince}`;
  const fault = `lines ${at} to ${to} cannot be verified, though all that shows without their key fits: ${why}`;
  return { ok: false, kind: 'unverified', at, to, fault };
}

/** Whether the content of a line is gone: each line says what was done. */
const isEmptied = ({ what }: Content) => what === '';

/** What is wrong with the line that should follow; null where nothing is, as far as it shows without a key where that is null. */
function faultOf(row: Row, done: Verified, mac: AuditMac | null): string | null {
  const next = done.seq + 1;
  if (row.seq !== next) return `line ${next} is missing`;
  const changed = `line ${next} was changed, or one before it`;
  if (row.digest === null) {
    // A line of earlier versions has no digest but its hash: only from the beginning on can contents go, one after the other.
    if (row.seals !== null) return changed;
    if (isEmptied(row)) return done.emptied === done.seq ? null : changed;
    return digestOf(done.hash, row) === row.hash ? null : changed;
  }
  if (!isEmptied(row) && digestOf(row.salt ?? '', row) !== row.digest) return `line ${next} was changed`;
  // The key vouches for `seals` too: where lines before this one are unsealed, it names the first of them.
  if ((row.seals ?? done.unsealed) !== done.unsealed) return changed;
  const isBlind = row.seals !== null && mac === null;
  return isBlind || linkOf(done.hash, row, mac) === row.hash ? null : changed;
}
