// Describes answers without repeating their contents: kinds and names, and the few values that are no secret.
import type { Answer } from './bare-http.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON of an answer; undefined where it has none. */
export function jsonOf({ body }: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The fields of an answer's JSON object; null where it has none. */
export function fieldsOf(answer: Answer): Fields | null {
  const json = jsonOf(answer);
  return isFields(json) ? json : null;
}

/** A list that may come as a single object, or not at all. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** Values about the platform, not about an account. */
const TELLING: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    codeRetour: /^\d{1,6}$/,
    error: /^[a-z_]{1,40}$/,
    token_type: /^\w{1,20}$/,
    expires_in: /^\d{1,9}$/,
    scope: /^[\w .:-]{0,60}$/,
    statusCode: /^[\w ]{1,40}$/,
    statusCodeValue: /^\d{3}$/,
    nbResultatsParPage: /^\d{1,6}$/,
    pageCourante: /^\d{1,6}$/,
  }),
);

/** The number of a message, such as `TRA_MSG_00.015`, in a text that may say more. */
export const messageId = (text: unknown): string | null =>
  /\b[A-Z]{3}_MSG_\d{1,2}[._]\d{3}\b/.exec(String(text ?? ''))?.[0] ?? null;

/** `{codeRetour: 0, libelle: TRA_MSG_00.000…, listeTauxTva: [4 × {codeTauxTva: text, …}]}` */
export function shapeOf(value: unknown, name = '', depth = 0): string {
  if (value === null) return 'null';
  if (name === 'libelle' && messageId(value) !== null) return `${messageId(value)}…`;
  if (typeof value !== 'object' && TELLING.get(name)?.test(String(value)) === true)
    return JSON.stringify(value);
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text';
  if (typeof value !== 'object') return typeof value;
  if (depth > 3) return '…';
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[${value.length} × ${shapeOf(value[0], '', depth + 1)}]`;
  }
  const pairs = Object.entries(value).slice(0, 30);
  const shown = pairs.map(
    ([key, inner]) => `${/^\w{1,60}$/.test(key) ? key : '?'}: ${shapeOf(inner, key, depth + 1)}`,
  );
  return `{${shown.join(', ')}}`;
}

/** What an answer's body is: nothing, JSON of a shape, or so many bytes of something. */
export function bodyShape(answer: Answer): string {
  if (answer.body.length === 0) return 'empty body';
  const json = jsonOf(answer);
  if (json !== undefined) return shapeOf(json);
  const type = answer.headers['content-type'] ?? 'no type';
  return `${answer.body.length} bytes, no JSON (${type})`;
}

/** `401 · Bearer realm="PISTE",… · empty body` */
export function told(answer: Answer): string {
  const challenge = answer.headers['www-authenticate'];
  const parts = [String(answer.status), ...(challenge === undefined ? [] : [challenge])];
  return [...parts, bodyShape(answer)].join(' · ');
}

/** The shape of a date: digits become 9, letters but T and Z stay out. */
export const dateShape = (value: unknown): string =>
  typeof value === 'string' && value.length <= 40
    ? value.replaceAll(/\d/g, '9').replaceAll(/[^9TZ:+. -]/g, '?')
    : typeof value;
