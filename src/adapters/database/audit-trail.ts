// The audit trail: lines are only added. The link of each is made of the link before it and the digest of its content, under the
// key of the trail; without that key it is made plainly, and the next line that has the key seals the plain ones before it.
//
// Invariant: who has no key can add plain lines at the end, and cannot change, cut out or insert what a later line has sealed.
import { createHash, randomBytes } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import {
  type AuditGap,
  type AuditHead,
  type AuditKey,
  type AuditMac,
  type AuditTrail,
  type AuditVerdict,
  TRAIL_DIFFERS,
  type WrittenAudit,
} from '../../domain/ports/audit-trail.ts';
import type { AuditLine } from '../../domain/rotation/rotation.ts';
import { type Database, pages } from './database.ts';
import type { AuditTable, Schema } from './schema/schema.ts';
import { fingerprintKey } from './secrets.ts';

type Row = Selectable<AuditTable>;
type Content = Omit<Row, 'hash' | 'digest' | 'salt' | 'seals'>;

/** The hash before the first line. */
const BEGINNING = '0'.repeat(64);
const PAGE = 1_000;
const SALT_BYTES = 16;

const sha256 = (parts: readonly unknown[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** Over what is given and every field of a line, in this order: its digest, or the hash of a line of earlier versions. */
function digestOf(first: string, row: Content): string {
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
function linkOf(
  before: string,
  { seq, digest, seals }: Pick<Row, 'seq' | 'digest' | 'seals'>,
  mac: AuditMac | null,
) {
  const parts = [before, seq, digest];
  return seals === null || mac === null ? sha256(parts) : mac(JSON.stringify([...parts, seals]));
}

function lastLine(db: Kysely<Schema>) {
  return db
    .selectFrom('audit')
    .select(['seq', 'hash', 'seals'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The first line that no key has sealed yet. Walks back over those alone, each of them once in its life. */
async function firstUnsealed(db: Kysely<Schema>): Promise<number> {
  const sealed = db.selectFrom('audit').select('seq').where('seals', 'is not', null);
  return ((await sealed.orderBy('seq', 'desc').limit(1).executeTakeFirst())?.seq ?? 0) + 1;
}

const macOf = async (db: Kysely<Schema>, key: AuditKey | undefined): Promise<AuditMac | null> =>
  key === undefined ? null : key(() => fingerprintKey(db));

/** Adds lines about an account, or about the installation itself (null); `db` is the transaction of the change that they record. */
export async function appendAudit(
  { db, key }: { readonly db: Kysely<Schema>; readonly key?: AuditKey | undefined },
  at: number,
  subject: { readonly environment: string; readonly login: string } | null,
  lines: readonly AuditLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const mac = await macOf(db, key);
  const last = (await lastLine(db)) ?? { seq: 0, hash: BEGINNING, seals: 0 };
  let { seq, hash } = last;
  let from = mac !== null && last.seals === null ? await firstUnsealed(db) : seq + 1;
  const { environment = null, login = null } = subject ?? {};
  const rows: Row[] = [];
  for (const { rotationId: rotation_id, check: check_result, ...line } of lines) {
    seq += 1;
    const content: Content = { ...line, seq, at, environment, login, rotation_id, check_result };
    const salt = randomBytes(SALT_BYTES).toString('hex');
    const link = { seq, digest: digestOf(salt, content), seals: mac === null ? null : from };
    hash = linkOf(hash, link, mac);
    from = seq + 1;
    rows.push({ ...content, ...link, salt, hash });
  }
  await db.insertInto('audit').values(rows).execute();
}

/** Without a key lines are linked plainly, and those that a key links cannot be verified. */
export function openAudit({ db, change }: Database, key?: AuditKey): AuditTrail {
  return {
    add: (line, at) => change((trx) => appendAudit({ db: trx, key }, at, null, [line])),
    lines: () => written(db),
    verify: async (noted = null) => verify(inOrder(db), await macOf(db, key), noted),
    head: async () => {
      const last = await lastLine(db);
      return last === undefined ? null : { seq: last.seq, hash: last.hash };
    },
    hashOf: async (seq) => {
      const line = db.selectFrom('audit').select('hash').where('seq', '=', seq);
      return (await line.executeTakeFirst())?.hash ?? null;
    },
    has: async (what) => {
      const line = db.selectFrom('audit').select('seq').where('what', '=', what).limit(1);
      return (await line.executeTakeFirst()) !== undefined;
    },
    mac: () => macOf(db, key),
  };
}

function inOrder(db: Kysely<Schema>): AsyncIterable<readonly Row[]> {
  const lines = db.selectFrom('audit').selectAll().orderBy('seq').limit(PAGE);
  return pages(
    (after) => lines.where('seq', '>', after).execute(),
    ({ seq }) => seq,
  );
}

async function* written(db: Kysely<Schema>): AsyncGenerator<WrittenAudit> {
  for await (const rows of inOrder(db)) {
    for (const row of rows) {
      const { rotation_id: rotationId, check_result: check, digest, salt, seals, ...rest } = row;
      yield { ...rest, rotationId, check };
    }
  }
}

/** How far a trail was verified. */
interface Verified extends AuditHead {
  /** The first line that no key has sealed yet. */
  readonly unsealed: number;
  readonly emptied: number;
}

async function verify(
  lines: AsyncIterable<readonly Row[]>,
  mac: AuditMac | null,
  noted: AuditHead | null,
): Promise<AuditVerdict> {
  const gaps: AuditGap[] = [];
  const differs: number[] = [];
  let done: Verified = { seq: 0, hash: BEGINNING, unsealed: 1, emptied: 0 };
  const bad = (at: number, fault: string): AuditVerdict => ({ ok: false, at, fault });
  for await (const rows of lines) {
    for (const row of rows) {
      const fault = faultOf(row, done, mac);
      if (fault !== null) return bad(done.seq + 1, fault);
      const { seq, hash, seals } = row;
      if (seq === noted?.seq && hash !== noted.hash) {
        return bad(
          seq,
          `line ${seq} has another hash than the one noted: the trail was rewritten, or the note is wrong`,
        );
      }
      if (seals !== null && seals < seq) gaps.push({ from: seals, to: seq - 1, sealedBy: seq });
      if (row.what === TRAIL_DIFFERS) differs.push(seq);
      const emptied = done.emptied + (isEmptied(row) ? 1 : 0);
      done = { seq, hash, unsealed: seals === null ? done.unsealed : seq + 1, emptied };
    }
  }
  const { seq, hash, unsealed, emptied } = done;
  if (noted !== null && noted.seq > seq) {
    return bad(noted.seq, `line ${noted.seq} is missing: the trail ends at line ${seq}`);
  }
  if (unsealed <= seq) gaps.push({ from: unsealed, to: seq, sealedBy: null });
  return { ok: true, lines: seq, head: hash, gaps, differs, emptied };
}

/** Whether the content of a line is gone: each line says what was done. */
const isEmptied = ({ what }: Content) => what === '';

/** What is wrong with the line that should follow; null where it does. */
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
  if (row.seals !== null && mac === null) {
    return `line ${next} cannot be verified: no master key at hand opens the key of the trail (releve key check)`;
  }
  // The key vouches for `seals` too: where lines before this one are unsealed, it names the first of them.
  return linkOf(done.hash, row, mac) === row.hash && (row.seals ?? done.unsealed) === done.unsealed
    ? null
    : changed;
}
