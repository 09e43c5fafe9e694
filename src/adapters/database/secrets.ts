// What is kept sealed or hashed: which master key sealed what, so that keys can be rotated while the daemon runs; and the
// hashes of the links in letters and of the tokens of IT tools, and to whom each belongs.
import type { Kysely, Selectable, Transaction, UpdateResult } from 'kysely';
import type { ApiTokens, Link, Links } from '../../domain/ports/links.ts';
import type { SealedSecrets } from '../../domain/ports/vault.ts';
import type { ApiTool } from '../../domain/registry/api-token.ts';
import type { Edits } from '../../domain/registry/registry.ts';
import { noteNewKey } from './audit-trail.ts';
import { type Database, eachChunk, setMeta } from './database.ts';
import { asText, FINGERPRINTS, fingerprintKey } from './fingerprint-key.ts';
import type { LinksTable, ToolsTable } from './schema/credentials.ts';
import type { Schema } from './schema/schema.ts';

type Db = Kysely<Schema>;

/** The key in `meta` of the master keys that the daemon knows. */
const KNOWN = 'known-keys';

export function openSealedSecrets({ db, change, noteDestroyed }: Database): SealedSecrets {
  /** Whether a secret was still the old one, and so was overwritten. */
  const replaced = (overwrite: (trx: Transaction<Schema>) => Promise<UpdateResult>) =>
    change(async (trx) => {
      if ((await overwrite(trx)).numUpdatedRows === 0n) return false;
      await noteDestroyed(trx);
      return true;
    });
  return {
    fingerprintKey: () => fingerprintKey(db),
    keepFingerprintKey: (sealed, at) =>
      change(async (trx) => {
        const row = { key: FINGERPRINTS, value: asText(sealed) };
        const { numInsertedOrUpdatedRows: made } = await trx
          .insertInto('meta')
          .values(row)
          .onConflict((c) => c.column('key').doNothing())
          .executeTakeFirst();
        if (made !== 0n) await noteNewKey(trx, at);
        return (await fingerprintKey(trx)) ?? sealed;
      }),
    replaceFingerprintKey: (before, after) =>
      replaced((trx) =>
        trx
          .updateTable('meta')
          .set({ value: asText(after) })
          .where('key', '=', FINGERPRINTS)
          .where('value', '=', asText(before))
          .executeTakeFirst(),
      ),
    noteKnown: (ids, at) => change((trx) => setMeta(trx, KNOWN, JSON.stringify({ ids, at }))),
    knownToDaemon: async () => {
      const row = await db.selectFrom('meta').select('value').where('key', '=', KNOWN).executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.value) as { ids: string[]; at: number });
    },
    counts: () => counts(db),
    sealedByOthers: (keyId, after, limit) => sealedByOthers(db, keyId, after, limit),
    replace: ({ name, sealed }, after) =>
      replaced((trx) =>
        trx
          .updateTable('credentials')
          .set({ key_id: after.keyId, data_key: after.dataKey })
          .where('id', '=', name.credential)
          .where('key_id', '=', sealed.keyId)
          .where('destroyed_at', 'is', null)
          .executeTakeFirst(),
      ),
  };
}

async function counts(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('credentials')
    .select(({ fn }) => ['key_id', fn.countAll<number>().as('count')])
    .where('destroyed_at', 'is', null)
    .groupBy('key_id')
    .execute();
  const byKey = new Map(rows.map(({ key_id, count }) => [key_id, Number(count)]));
  const fingerprints = await fingerprintKey(db);
  if (fingerprints !== null) byKey.set(fingerprints.keyId, (byKey.get(fingerprints.keyId) ?? 0) + 1);
  return byKey;
}

async function sealedByOthers(db: Db, keyId: string, after: string, limit: number) {
  const rows = await db
    .selectFrom('credentials')
    .selectAll()
    .where('destroyed_at', 'is', null)
    .where('key_id', '<>', keyId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    name: { environment: row.environment, login: row.login, credential: row.id },
    sealed: { keyId: row.key_id, dataKey: row.data_key, box: row.box },
  }));
}

function linkOf({
  technical_user_id,
  letter_id,
  issued_at,
  spent_at,
  first,
  ...row
}: Selectable<LinksTable>): Link {
  const owner = { userId: technical_user_id, letterId: letter_id, isFirst: first === 1 };
  const renamed = { ...owner, issuedAt: issued_at, spentAt: spent_at };
  return { ...row, ...renamed };
}

export function openLinks({ db, change }: Database): Links {
  return {
    issue: async (links) => {
      const rows = links.map(({ userId, letterId, issuedAt, isFirst, ...link }) => ({
        ...link,
        first: isFirst ? (1 as const) : (0 as const),
        technical_user_id: userId,
        letter_id: letterId,
        issued_at: issuedAt,
        spent_at: null,
      }));
      if (rows.length > 0) await change((trx) => trx.insertInto('links').values(rows).execute());
    },
    find: async (hash) => {
      const row = await db.selectFrom('links').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row === undefined ? null : linkOf(row);
    },
    asksFirst: async (userId, now) => {
      const usable = db.selectFrom('links').select('hash').where('technical_user_id', '=', userId);
      const first = usable.where('first', '=', 1).where('spent_at', 'is', null).where('until', '>', now);
      return (await first.limit(1).execute()).length > 0;
    },
  };
}

/**
 * Ends links for good, at an instant (ms): all of the accounts of a structure where the role of principal manager changes
 * hands, and of a principal manager whose address changes. A former link must not live again when role or address comes back.
 */
export async function endLinks(
  db: Db,
  { ended, begun, changes }: Pick<Edits, 'ended' | 'begun' | 'changes'>,
  at: number,
): Promise<void> {
  const live = db.updateTable('links').set({ until: at }).where('until', '>', at);
  const handedOver = [...ended, ...begun].filter(({ role }) => role === 'principal');
  await eachChunk([...new Set(handedOver.map(({ siret }) => siret))], (sirets) => {
    const structures = db.selectFrom('structures').select('id').where('siret', 'in', sirets);
    const accounts = db.selectFrom('technical_users').select('id').where('structure_id', 'in', structures);
    return live.where('technical_user_id', 'in', accounts).execute();
  });
  const inOffice = db.selectFrom('mandates').where('until', 'is', null).where('role', '=', 'principal');
  const readdressed = changes.filter(
    ({ subject, isNew, fields }) =>
      subject === 'person' &&
      !isNew &&
      fields.some((one) => one.field === 'courriel' && one.old?.toLowerCase() !== one.new?.toLowerCase()),
  );
  await eachChunk(readdressed, (people) => {
    const ids = people.map(({ id }) => id);
    const managed = inOffice.select('structure_id').where('person_id', 'in', ids);
    const accounts = db.selectFrom('technical_users').select('id').where('structure_id', 'in', managed);
    return live.where('technical_user_id', 'in', accounts).execute();
  });
}

export function openApiTokens({ db, change }: Database): ApiTokens {
  return {
    add: ({ name, purpose, logins, environment }, hash, at) =>
      change(async (trx) => {
        const grant = { purpose, logins: logins === null ? null : JSON.stringify(logins), environment };
        const made = await trx
          .insertInto('tools')
          .values({ name, hash, made_at: at, revoked_at: null, ...grant })
          .onConflict((c) => c.column('name').doNothing())
          .executeTakeFirst();
        return made.numInsertedOrUpdatedRows !== 0n;
      }),
    revoke: (name, at) =>
      change(async (trx) => {
        const tool = trx.updateTable('tools').set({ revoked_at: at }).where('name', '=', name);
        const ended = await tool.where('revoked_at', 'is', null).returningAll().executeTakeFirst();
        return ended === undefined ? null : toolOf(ended);
      }),
    find: async (hash) => {
      const tool = db.selectFrom('tools').selectAll().where('hash', '=', hash);
      const row = await tool.where('revoked_at', 'is', null).executeTakeFirst();
      return row === undefined ? null : toolOf(row);
    },
    all: async () => {
      const rows = await db.selectFrom('tools').selectAll().orderBy('name').execute();
      return rows.map((row) => ({ ...toolOf(row), madeAt: row.made_at, revokedAt: row.revoked_at }));
    },
  };
}

function toolOf({ name, purpose, logins, environment }: Selectable<ToolsTable>): ApiTool {
  return {
    name,
    purpose,
    logins: logins === null ? null : (JSON.parse(logins) as string[]),
    environment,
  };
}
