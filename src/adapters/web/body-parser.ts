// Reads what is posted: a bounded number of bytes, and a password becomes a Secret before anything else can see it.
import type { Readable } from 'node:stream';
import { Secret } from '../../domain/shared/secret.ts';
import { HttpError } from './http-errors.ts';

/** The largest body that is read, in bytes. */
const BODY_LIMIT = 16 * 1024;
/**
 * How much of a larger body is thrown away before the answer. A browser that is cut off while it still sends shows its
 * own error page instead of ours; beyond this it may.
 */
const DISCARD_LIMIT = 8 * 1024 * 1024;

/** The body as text. Throws HttpError('too-large'); what is too large is thrown away as it comes, never gathered. */
export async function readBody(stream: Readable): Promise<string> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length <= BODY_LIMIT) kept.push(chunk);
    else if (length > DISCARD_LIMIT) break;
    else kept.length = 0;
  }
  if (length > BODY_LIMIT) throw new HttpError('too-large');
  return Buffer.concat(kept).toString('utf8');
}

/** Throws a body away, and says why. */
export async function discardBody(stream: Readable, reason: 'wrong-type'): Promise<never> {
  await readBody(stream);
  throw new HttpError(reason);
}

/** What a form of the page holds; empty texts where a field is missing. The CSRF token is the field `seal`. */
export interface FormBody {
  readonly csrfToken: string;
  readonly password: Secret;
  readonly login: string;
  readonly expiry: string;
  /** Whether the box of the announcement is ticked. */
  readonly ready: boolean;
  readonly choice: string;
}

/** Reads a form (`application/x-www-form-urlencoded`). A field that comes twice means nothing: 'malformed'. */
export function formBody(text: string): FormBody {
  const fields = new URLSearchParams(text);
  const one = (name: string) => {
    const [value = '', ...others] = fields.getAll(name);
    if (others.length > 0) throw new HttpError('malformed');
    return value;
  };
  return {
    csrfToken: one('seal'),
    password: new Secret(one('password')),
    login: one('login'),
    expiry: one('expiry'),
    ready: one('ready') === 'yes',
    choice: one('choice'),
  };
}

/** Reads JSON. The parser's own error quotes what it read, so it goes no further than here. */
export function jsonBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError('malformed');
  }
}
