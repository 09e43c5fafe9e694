// Corrupted answers of every kind: status, headers, body, compression, charset, length.
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Reply } from './scripted-chorus.ts';
import * as say from './settings.ts';

/** An answer, byte by byte. */
export interface Mutant {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What a reader makes of the complete body; null where it cannot be read. */
  readonly content: Buffer | null;
  /** The connection breaks after so many bytes of the body; null: it does not. */
  readonly cutAt: number | null;
}

const LDAP = "Impossible d'authentifier l'utilisateur dans le LDAP.";

/** One time in five. */
const seldom = <T>(some: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: some });

const statuses = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(200, 401) },
  { weight: 1, arbitrary: fc.constantFrom(201, 202, 204, 302, 400, 403, 404, 407, 413, 429, 500, 503) },
);
const challenges = fc.oneof(
  fc.constantFrom('', say.BLAMED, say.STALE, 'Basic realm="proxy"', 'Bearer realm="PISTE"'),
  fc.constantFrom(say.BLAMED, say.STALE).map((text) => text.replace(/[a-z]/g, (c) => (c === 'o' ? '' : c))),
  fc.string({ maxLength: 60 }),
);
const codes = fc.oneof(
  fc.constantFrom(0, 0, 401, 20000, 20001, 500, -1, 0.5, '0', null, true, [], 1e300),
  fc.integer(),
);
const labels = fc.oneof(
  fc.constantFrom('TRA_MSG_00.000', 'GDP_MSG_11.005', LDAP, say.PASSWORD, say.ACCOUNT, null),
  fc.string(),
);
const objects = fc.oneof(
  fc.record({ codeRetour: codes, libelle: labels }, { requiredKeys: [] }),
  fc.record({ ErrorCode: fc.constantFrom('401', 401, '403'), Description: labels }),
  fc.record({ error: fc.constantFrom('invalid_token', 'invalid_client', 'x'), codeRetour: codes }),
  fc.constantFrom(
    say.TVA,
    say.TVA,
    say.RIGHTS,
    say.RIGHTS,
    { ...say.RIGHTS, ...say.TVA },
    { codeRetour: 20001, libelle: null },
  ),
  fc.record({ codeRetour: codes, listeStructures: fc.jsonValue() }),
  fc.jsonValue({ maxDepth: 2 }),
);
const contents = fc.oneof(
  { weight: 6, arbitrary: objects.map((value) => Buffer.from(JSON.stringify(value))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '<html>', `<p>${say.PASSWORD}`).map((t) => Buffer.from(t)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(objects, fc.constantFrom<BufferEncoding>('utf16le', 'latin1'))
      .map(([value, charset]) => Buffer.from(JSON.stringify(value), charset)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
);

const asItIs = (body: Buffer) => body;
/** What a header says of the packing, what was done, and whether the two go together. */
const packings = fc.constantFrom<readonly [string, (body: Buffer) => Buffer, boolean]>(
  ...Array.from({ length: 6 }, () => ['', asItIs, true] as const),
  ['gzip', gzipSync, true],
  ['br', brotliCompressSync, true],
  ['nonsense', asItIs, true],
  ['gzip', asItIs, false],
  ['deflate', asItIs, false],
);

export const mutants: fc.Arbitrary<Mutant> = fc
  .record({
    status: statuses,
    challenge: challenges,
    content: contents,
    flip: seldom(fc.nat()),
    cutAt: seldom(fc.nat(80)),
    packing: packings,
    type: fc.constantFrom('application/json', 'text/html', 'application/json;charset=iso-8859-1', '?'),
    other: seldom(
      fc.constantFrom<Record<string, string>>(
        { 'Retry-After': '5' },
        { 'Retry-After': 'Thu, 01 Jan 1970 00:00:00 GMT' },
        { Date: 'yesterday' },
        { 'Set-Cookie': `x=${say.PASSWORD}` },
        { 'X-Echo': `${say.ACCOUNT} ${say.PASSWORD} ${say.TOKEN}` },
        { 'X-Long': 'x'.repeat(9_000) },
        { 'X-Longer': 'x'.repeat(20_000) },
      ),
    ),
  })
  .map(({ status, challenge, content, flip, cutAt, packing: [encoding, pack, fits], type, other }) => {
    const bytes = Buffer.from(content);
    // A secret with another letter in it is not the secret.
    const tells = ['utf8', 'utf16le'].some((shape) => bytes.includes('canary', 0, shape as BufferEncoding));
    if (flip !== null && bytes.length > 0 && !tells) bytes[flip % bytes.length] = flip % 256;
    const printable = challenge.replace(/[^\x20-\x7e]/g, '?');
    const headers = {
      'Content-Type': type,
      ...(printable === '' ? {} : { 'WWW-Authenticate': printable }),
      ...(encoding === '' ? {} : { 'Content-Encoding': encoding }),
      ...Object.fromEntries(
        Object.entries(other ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
      ),
    };
    return { status, headers, body: pack(bytes), content: fits ? bytes : null, cutAt };
  });

export const play =
  ({ status, headers, body, cutAt }: Mutant): Reply =>
  (response) => {
    if (cutAt === null || cutAt >= body.length) {
      response.writeHead(status, headers).end(body);
    } else {
      response.writeHead(status, { ...headers, 'Content-Length': body.length });
      response.write(body.subarray(0, cutAt), () => response.destroy());
    }
  };

/** The body as an object, read in another way than the client does; null where it is none or did not come whole. */
export function objectIn({ body, content, cutAt }: Mutant): Record<string, unknown> | null {
  if (content === null || (cutAt !== null && cutAt < body.length)) return null;
  try {
    return Object(JSON.parse(content.toString('utf8').replace(/^\ufeff/, '')));
  } catch {
    return null;
  }
}
