// The sealed key of fingerprints, from which that of the audit trail is derived, as it is stored.
import { Buffer } from 'node:buffer';
import type { Kysely } from 'kysely';
import type { Sealed } from '../../domain/rotation/sealed.ts';
import type { Schema } from './schema/schema.ts';

/** Its key in `meta`. */
export const FINGERPRINTS = 'fingerprint-key';

export const asText = ({ keyId, dataKey, box }: Sealed) =>
  JSON.stringify([keyId, Buffer.from(dataKey).toString('base64'), Buffer.from(box).toString('base64')]);

export function fromText(text: string): Sealed {
  const [keyId = '', dataKey = '', box = ''] = JSON.parse(text) as string[];
  return { keyId, dataKey: Buffer.from(dataKey, 'base64'), box: Buffer.from(box, 'base64') };
}

/** The sealed key of fingerprints; null before the first password is received. */
export async function fingerprintKey(db: Kysely<Schema>): Promise<Sealed | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', FINGERPRINTS).executeTakeFirst();
  return row === undefined ? null : fromText(row.value);
}
