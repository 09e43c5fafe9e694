// What a file of a sink can be: its formats, and the names that its template may use.

/** Each has the escaping that its readers undo. */
export const FORMATS = ['json', 'dotenv', 'ini', 'ini-plain', 'properties', 'xml', 'text'] as const;

export type Format = (typeof FORMATS)[number];

/** The names that a template may use. */
export const NAMES = [
  'login',
  'password',
  'version',
  'environment',
  'siret',
  'structure',
  'changedOn',
  'expiresOn',
] as const;

/** A name between double braces. */
export const PLACE = /\{\{([^{}]*)\}\}/g;
