// The audit trail: lines are only added. The link of each is made of the link before it and the digest of its content, under the
// key of the trail; without that key it is made plainly, and the next line that has the key seals the plain ones before it.
//
// Invariant: who has no key can add plain lines at the end, and cannot change, cut out or insert what a later line has sealed.
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import {
  type AuditKey,
  type AuditMac,
  type AuditTrail,
  NEW_KEY,
  type WrittenAudit,
} from '../../domain/ports/audit-trail.ts';
import { DAEMON } from '../../domain/rotation/change-set.ts';
import type { AuditLine } from '../../domain/rotation/rotation.ts';
import { BEGINNING, type Content, digestOf, linkOf, type Row, verify } from './audit-chain.ts';
import { type Database, pages } from './database.ts';
import { FINGERPRINTS, fingerprintKey, fromText } from './fingerprint-key.ts';
import type { Schema } from './schema/schema.ts';

const PAGE = 1_000;
const SALT_BYTES = 16;

/** The last line, and in the same statement the sealed key: another process may have made a new one. */
function lastLine(db: Kysely<Schema>) {
  return db
    .selectFrom('audit')
    .select(['seq', 'hash', 'seals'])
    .select((eb) => eb.selectFrom('meta').select('value').where('key', '=', FINGERPRINTS).as('sealed'))
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
  key === undefined ? null : key(await fingerprintKey(db));

/** Adds lines about an account, or about the installation itself (null); `db` is the transaction of the change that they record. */
export async function appendAudit(
  { db, key }: { readonly db: Kysely<Schema>; readonly key?: AuditKey | undefined },
  at: number,
  subject: { readonly environment: string; readonly login: string } | null,
  lines: readonly AuditLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const found = await lastLine(db);
  const last = found ?? { seq: 0, hash: BEGINNING, seals: 0 };
  const sealed = found?.sealed ?? null;
  const mac =
    found === undefined ? await macOf(db, key) : (key?.(sealed === null ? null : fromText(sealed)) ?? null);
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

/** Says in the trail that its key is a new one, where a former one has linked lines; `db` is the transaction that stores the key. */
export async function noteNewKey(db: Kysely<Schema>, at: number): Promise<void> {
  const former = (await firstUnsealed(db)) - 1;
  if (former === 0) return;
  const detail = `lines up to ${former} were linked under a former one`;
  const about = { channel: null, rotationId: null, check: null, sink: null };
  await appendAudit({ db }, at, null, [{ who: DAEMON, what: NEW_KEY, ...about, detail }]);
}

/** Without a key lines are linked plainly, and those that a key links cannot be verified. */
export function openAudit({ db, change }: Database, key?: AuditKey): AuditTrail {
  const linesThatSay = async (what: string, after = 0) => {
    const lines = db.selectFrom('audit').select('seq').where('what', '=', what).where('seq', '>', after);
    return (await lines.orderBy('seq').execute()).map(({ seq }) => seq);
  };
  return {
    add: (line, at) => change((trx) => appendAudit({ db: trx, key }, at, null, [line])),
    lines: () => written(db),
    verify: async (question = {}) => {
      const keys = { mac: await macOf(db, key), renewed: await linesThatSay(NEW_KEY) };
      return verify(inOrder(db), keys, question);
    },
    head: async () => {
      const last = await lastLine(db);
      return last === undefined ? null : { seq: last.seq, hash: last.hash };
    },
    hashOf: async (seq) => {
      const line = db.selectFrom('audit').select('hash').where('seq', '=', seq);
      return (await line.executeTakeFirst())?.hash ?? null;
    },
    linesThatSay,
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
