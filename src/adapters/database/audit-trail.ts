// The audit trail: lines are only added, and each carries the hash of the one before.
import { createHash } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { AuditTrail, AuditVerdict, WrittenAudit } from '../../domain/ports/audit-trail.ts';
import type { AuditLine } from '../../domain/rotation/rotation.ts';
import { type Database, pages } from './database.ts';
import type { AuditTable, Schema } from './schema/schema.ts';

type Row = Selectable<AuditTable>;
type Unchained = Omit<Row, 'hash'>;

/** The hash before the first line. */
const BEGINNING = '0'.repeat(64);
const PAGE = 1_000;

/** The hash of a line: over the hash before it and every field, in this order, as JSON. */
function hashOf(before: string, row: Unchained): string {
  const fields = [
    row.seq,
    row.at,
    row.who,
    row.what,
    row.environment,
    row.login,
    row.rotation_id,
    row.channel,
    row.check_result,
    row.sink,
    row.detail,
  ];
  return createHash('sha256')
    .update(JSON.stringify([before, ...fields]))
    .digest('hex');
}

function lastLine(db: Kysely<Schema>) {
  return db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
}

/** Adds lines about an account, or about the installation itself (null); `db` is the transaction of the change that they record. */
export async function appendAudit(
  db: Kysely<Schema>,
  at: number,
  subject: { readonly environment: string; readonly login: string } | null,
  lines: readonly AuditLine[],
): Promise<void> {
  if (lines.length === 0) return;
  let { seq, hash } = (await lastLine(db)) ?? { seq: 0, hash: BEGINNING };
  const { environment = null, login = null } = subject ?? {};
  const rows: Row[] = [];
  for (const { rotationId: rotation_id, check: check_result, ...line } of lines) {
    seq += 1;
    const row: Unchained = { ...line, seq, at, environment, login, rotation_id, check_result };
    hash = hashOf(hash, row);
    rows.push({ ...row, hash });
  }
  await db.insertInto('audit').values(rows).execute();
}

export function openAudit(database: Database): AuditTrail {
  return {
    add: (line, at) => database.change((trx) => appendAudit(trx, at, null, [line])),
    lines: () => written(database.db),
    verify: () => verify(database.db),
    head: async () => (await lastLine(database.db)) ?? null,
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
      const { rotation_id: rotationId, check_result: check, ...rest } = row;
      yield { ...rest, rotationId, check };
    }
  }
}

/** Checks the whole trail, and names the first line that does not follow from the one before it. */
async function verify(db: Kysely<Schema>): Promise<AuditVerdict> {
  let before = BEGINNING;
  let seq = 0;
  for await (const rows of inOrder(db)) {
    for (const row of rows) {
      seq += 1;
      if (row.seq !== seq) return { ok: false, at: seq, fault: `line ${seq} is missing` };
      if (hashOf(before, row) !== row.hash) {
        return { ok: false, at: seq, fault: `line ${seq} was changed, or one before it` };
      }
      before = row.hash;
    }
  }
  return { ok: true, lines: seq, head: before };
}
