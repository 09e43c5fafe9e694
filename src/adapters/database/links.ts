// The links in letters and the tokens of IT tools: their hashes, and to whom each belongs.
import type { Kysely, Selectable } from 'kysely';
import type { ApiTokens, Link, Links } from '../../domain/ports/links.ts';
import type { Database } from './database.ts';
import type { LinksTable } from './schema/credentials.ts';
import type { Schema } from './schema/schema.ts';

function linkOf(row: Selectable<LinksTable>): Link {
  return {
    hash: row.hash,
    userId: row.technical_user_id,
    version: row.version,
    letterId: row.letter_id,
    address: row.address,
    person: row.person,
    language: row.language,
    issuedAt: row.issued_at,
    until: row.until,
    spentAt: row.spent_at,
  };
}

export function openLinks({ db, change }: Database): Links {
  return {
    issue: async (links) => {
      const rows = links.map((link) => ({
        hash: link.hash,
        technical_user_id: link.userId,
        version: link.version,
        letter_id: link.letterId,
        address: link.address,
        person: link.person,
        language: link.language,
        issued_at: link.issuedAt,
        until: link.until,
        spent_at: null,
      }));
      if (rows.length > 0) await change((trx) => trx.insertInto('links').values(rows).execute());
    },
    find: async (hash) => {
      const row = await db.selectFrom('links').selectAll().where('hash', '=', hash).executeTakeFirst();
      return row === undefined ? null : linkOf(row);
    },
  };
}

export function openApiTokens({ db, change }: Database): ApiTokens {
  return {
    add: (name, hash, at) =>
      change(async (trx) => {
        const row = { name, hash, made_at: at, revoked_at: null };
        const made = await trx
          .insertInto('tools')
          .values(row)
          .onConflict((c) => c.column('name').doNothing())
          .executeTakeFirst();
        return made.numInsertedOrUpdatedRows !== 0n;
      }),
    revoke: (name, at) => change((trx) => revoke(trx, name, at)),
    nameOf: async (hash) => {
      const row = await db
        .selectFrom('tools')
        .select('name')
        .where('hash', '=', hash)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return row?.name ?? null;
    },
    all: async () => {
      const rows = await db.selectFrom('tools').selectAll().orderBy('name').execute();
      return rows.map(({ name, made_at, revoked_at }) => ({ name, madeAt: made_at, revokedAt: revoked_at }));
    },
  };
}

async function revoke(db: Kysely<Schema>, name: string, at: number): Promise<boolean> {
  const result = await db
    .updateTable('tools')
    .set({ revoked_at: at })
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
