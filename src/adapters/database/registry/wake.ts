// Who must be looked at again by the next tick after an edit of the registry.
import type { Kysely } from 'kysely';
import type { Edits } from '../../../domain/registry/registry.ts';
import type { Schema } from '../schema/schema.ts';

type Db = Kysely<Schema>;

/** Rows in one statement: the widest table has 20 columns, and an engine takes 32,766 parameters. */
const ROWS = 500;

/** Hands rows on in portions that fit into one statement. */
export async function eachChunk<R>(
  rows: readonly R[],
  write: (chunk: R[]) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS) await write(rows.slice(at, at + ROWS));
}

/** Every technical user of a structure or a person that was edited is looked at by the next tick. */
export async function wake(db: Db, { structures, people }: Edits): Promise<void> {
  const inUse = db.updateTable('technical_users').set({ wake_on: '' }).where('retired', '=', 0);
  await eachChunk(structures, async (chunk) => {
    const touched = db
      .selectFrom('structures')
      .select('id')
      .where(
        'siret',
        'in',
        chunk.map(({ siret }) => siret),
      );
    const serving = db
      .selectFrom('user_structures')
      .select('technical_user_id')
      .where('structure_id', 'in', touched);
    await inUse.where((eb) => eb.or([eb('structure_id', 'in', touched), eb('id', 'in', serving)])).execute();
  });
  const known = people.filter(({ id }) => id > 0);
  await eachChunk(known, (chunk) => {
    const managed = db
      .selectFrom('mandates')
      .select('structure_id')
      .where('until', 'is', null)
      .where(
        'person_id',
        'in',
        chunk.map(({ id }) => id),
      );
    return inUse.where('structure_id', 'in', managed).execute();
  });
}
