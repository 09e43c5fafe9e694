// Step 9, version 0.7.0: beside each line of the audit trail stands the digest of its content, and whether a key links it.
import type { Kysely } from 'kysely';
import type { Schema } from '../schema/schema.ts';

/** Adds what new lines carry; those of earlier versions have none of it. */
export async function auditSeals({ schema }: Kysely<Schema>): Promise<void> {
  await schema.alterTable('audit').addColumn('digest', 'text').execute();
  await schema.alterTable('audit').addColumn('salt', 'text').execute();
  await schema.alterTable('audit').addColumn('seals', 'integer').execute();
}
