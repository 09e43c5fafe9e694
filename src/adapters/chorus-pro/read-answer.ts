// Turns an HTTP reply of PISTE or Chorus Pro into the facts that the answer table looks at, and into evidence without secrets.
import { z } from 'zod';
import type { Structure } from '../../domain/account/technical-user.ts';
import type { BodyShape, Call, CallAnswer, Challenge } from '../../domain/verification/answer.ts';
import type { StructureList } from '../../domain/verification/classify-answer.ts';
import type { Evidence } from '../../domain/verification/verdict.ts';
import type { Redactor } from '../../foundation/redact.ts';
import type { Reply } from './call.ts';

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * The members of a JSON answer that we use; each is null where it is missing or of another kind. Read by hand: this runs
 * for every answer, and a schema would be its most expensive part.
 */
function membersOf({ codeRetour, libelle, error, ErrorCode }: Record<string, unknown>) {
  return {
    codeRetour: Number.isSafeInteger(codeRetour) ? Number(codeRetour) : null,
    libelle: text(libelle),
    error: text(error),
    ErrorCode: typeof ErrorCode === 'number' ? String(ErrorCode) : text(ErrorCode),
  };
}

/** A longer Retry-After counts as a day. */
const LONGEST_WAIT_MS = 86_400_000;

/** The JSON object of a body; null where it is none. */
export function jsonObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function shapeOf(reply: Reply, json: object | null): BodyShape {
  if (reply.status === null) return 'none';
  if (reply.failure !== null) return 'broken';
  if (reply.body.trim() === '') return 'empty';
  if (json !== null) return 'json';
  return /^\s*</.test(reply.body) || /html/i.test(reply.headers['content-type'] ?? '') ? 'html' : 'other';
}

const instantOf = (date: string | undefined): number | null => {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : at;
};

/** How long Retry-After asks us to wait: seconds, or a date, which is measured by their own clock where they show it. */
function retryAfterOf(reply: Reply, now: number): number | null {
  const asked = reply.headers['retry-after']?.trim();
  if (asked === undefined || asked === '') return null;
  if (/^\d+$/.test(asked)) return Math.min(Number(asked) * 1_000, LONGEST_WAIT_MS);
  const at = instantOf(asked);
  if (at === null) return null;
  return Math.min(Math.max(0, at - (instantOf(reply.headers.date) ?? now)), LONGEST_WAIT_MS);
}

/** Turns a text of a server into evidence: without secrets, on one line, at most 200 bytes long. */
export type EvidenceText = (text: string) => string;

/** Reads an answer; `now` is our clock at its arrival, in ms. */
export function readAnswer(call: Call, reply: Reply, shown: EvidenceText, now: number): CallAnswer {
  const json = reply.failure === null ? jsonObject(reply.body) : null;
  const members = membersOf(json ?? {});
  const theirs = instantOf(reply.headers.date);
  return {
    call,
    status: reply.status,
    failure: reply.failure,
    challenges: challengesOf(reply.headers['www-authenticate'] ?? null),
    body: shapeOf(reply, json),
    code: members.codeRetour,
    label: members.libelle,
    oauthError: members.error,
    errorCode: members.ErrorCode,
    skewMs: theirs === null ? null : theirs - now,
    retryAfterMs: retryAfterOf(reply, now),
    evidence: evidenceOf(call, reply, members, shown),
  };
}

/** Longest header that is read, in characters. */
const LONGEST = 2_000;

/**
 * One parameter, with the scheme before it where a new challenge begins. A name must start at a word boundary: otherwise
 * the search for a long one would restart at each of its letters.
 */
const PARAMETER =
  /(?<![\w-])(?:([a-z][\w-]*) +(?=[a-z_][\w-]* *=))?([a-z_][\w-]*) *= *(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/** The challenges of a WWW-Authenticate header, in order; several headers arrive joined by commas. Empty where none can be read. */
export function challengesOf(header: string | null): readonly Challenge[] {
  if (header === null) return [];
  const found: Map<string, string>[] = [];
  for (const [, scheme, name = '', quoted, bare] of header.slice(0, LONGEST).matchAll(PARAMETER)) {
    if (scheme !== undefined || found.length === 0) found.push(new Map());
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
    const challenge = found.at(-1);
    if (!challenge?.has(name.toLowerCase())) challenge?.set(name.toLowerCase(), value);
  }
  return found.map((parameters) => ({
    realm: parameters.get('realm') ?? null,
    error: parameters.get('error') ?? null,
    description: parameters.get('error_description') ?? null,
  }));
}

/** No name, no route, no listener, no tunnel, an untrusted certificate: nothing of the request was sent. */
const UNSENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|E(HOST|NET)UNREACH|(ERR_)?PROXY_\w+|CERT_\w+|\w+_SELF_SIGNED_CERT|SELF_SIGNED_CERT_\w+|UNABLE_TO_\w+|ERR_TLS_CERT_\w+)$/;

/** The most headers kept as evidence. */
const MOST_HEADERS = 20;

/** The headers without the challenge, which has a field of its own. */
function shownHeaders(headers: Reply['headers'], shown: EvidenceText): Record<string, string> {
  const others = Object.entries(headers).filter(([name]) => name !== 'www-authenticate');
  return Object.fromEntries(others.slice(0, MOST_HEADERS).map(([name, value]) => [name, shown(value)]));
}

function evidenceOf(
  call: Call,
  { status, failure, headers, body }: Reply,
  { codeRetour, libelle }: { codeRetour: number | null; libelle: string | null },
  shown: EvidenceText,
): Evidence {
  const authenticate = headers['www-authenticate'];
  return {
    call,
    status,
    authenticate: authenticate === undefined ? null : shown(authenticate),
    ...(status === null || (status === 200 && codeRetour === 0)
      ? {}
      : { headers: shownHeaders(headers, shown) }),
    returned:
      codeRetour === null ? null : { code: codeRetour, label: libelle === null ? null : shown(libelle) },
    excerpt: failure ?? shown(body),
    ...(status === null && failure !== null && UNSENT.test(failure) ? { unsent: true as const } : {}),
  };
}

/** The most bytes of UTF-8 that are shown of a text. */
const SHOWN_BYTES = 200;

/** How much of a text is searched for secrets, in characters. */
const WINDOW = 8_192;

/** Makes evidence of texts that may hold the secrets of a redactor. */
export function evidenceText(redactor: Redactor): EvidenceText {
  // Bytes of UTF-16 read as UTF-8 have a NUL beside each letter.
  return (text) => printable(redactor.redactBeginning(text, WINDOW).replaceAll('\0', ''));
}

/** Control characters and line breaks as spaces, cut at a whole character. */
function printable(text: string): string {
  // Most texts are plain: this branch is faster.
  if (/^[!-~](?: ?[!-~])*$/.test(text)) return text.slice(0, SHOWN_BYTES);
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, SHOWN_BYTES);
  const bytes = new TextEncoder().encodeInto(line, new Uint8Array(SHOWN_BYTES)).read;
  return line.slice(0, bytes);
}

/** A structure; as a number its SIRET may have lost leading zeros, and it may be an identifier of another kind. */
const ITEM = z
  .looseObject({
    idStructureCPP: z.union([z.number(), z.string()]).nullish(),
    identifiant: z
      .union([z.string(), z.int().transform((siret) => String(siret).padStart(14, '0'))])
      .nullish(),
    designationStructure: z.string().nullish(),
  })
  .refine((item) => (item.idStructureCPP ?? item.identifiant ?? null) !== null);

/** A single structure comes without a list around it; an empty list may be missing. */
const LIST = z.object({
  listeStructures: z
    .union([z.array(ITEM), ITEM.transform((item) => [item])])
    .nullish()
    .transform((items) => items ?? []),
});

/** The structures in a body; null where their list has another form. */
export function structuresOf(body: string, shown: EvidenceText): StructureList | null {
  const read = LIST.safeParse(jsonObject(body));
  if (!read.success) return null;
  const structures = new Map<string, Structure>();
  for (const { identifiant, designationStructure } of read.data.listeStructures) {
    const siret = identifiant?.trim() ?? '';
    if (/^\d{14}$/.test(siret)) structures.set(siret, { siret, name: shown(designationStructure ?? '') });
  }
  return { count: read.data.listeStructures.length, structures: [...structures.values()] };
}
