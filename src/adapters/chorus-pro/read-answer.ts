// Turns an HTTP reply of PISTE or Chorus Pro into the facts that the answer table looks at, and into evidence without secrets.
import { z } from 'zod';
import type { Structure } from '../../domain/account/technical-user.ts';
import type { Answer, BodyShape, Call, Challenge } from '../../domain/verification/answer.ts';
import type { Listed } from '../../domain/verification/classify-answer.ts';
import type { Evidence } from '../../domain/verification/verdict.ts';
import type { Redactor } from '../../foundation/redact.ts';
import type { Reply } from './call.ts';

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * The members of JSON answers that mean something to us; each is null where it is missing or of another kind. Read by
 * hand: this is done for every answer, and a schema would be the dearest thing in it.
 */
function membersOf({ codeRetour, libelle, error, ErrorCode }: Record<string, unknown>) {
  return {
    codeRetour: Number.isSafeInteger(codeRetour) ? Number(codeRetour) : null,
    libelle: text(libelle),
    error: text(error),
    ErrorCode: typeof ErrorCode === 'number' ? String(ErrorCode) : text(ErrorCode),
  };
}

/** Nobody is asked to wait for longer than a day. */
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

/** How long Retry-After asks us to wait: seconds, or a date, which is reckoned from their own clock where they show it. */
function retryAfterOf(reply: Reply, now: number): number | null {
  const asked = reply.headers['retry-after']?.trim();
  if (asked === undefined || asked === '') return null;
  if (/^\d+$/.test(asked)) return Math.min(Number(asked) * 1_000, LONGEST_WAIT_MS);
  const at = instantOf(asked);
  if (at === null) return null;
  return Math.min(Math.max(0, at - (instantOf(reply.headers.date) ?? now)), LONGEST_WAIT_MS);
}

/** Shows a text of a server without secrets, on one line, at most 200 bytes long. */
export type EvidenceText = (text: string) => string;

/** Reads an answer; `now` is our clock when it came, in ms. */
export function readAnswer(call: Call, reply: Reply, shown: EvidenceText, now: number): Answer {
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
 * One parameter, with the scheme before it where a new challenge begins. A name begins where no word goes on: looked for
 * from each of its letters, a long one would be read as often as it is long.
 */
const PARAMETER =
  /(?<![\w-])(?:([a-z][\w-]*) +(?=[a-z_][\w-]* *=))?([a-z_][\w-]*) *= *(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/** The challenges of a header, in order; several headers come joined by commas. Empty where nothing can be read. */
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

/** No name, no route, nobody there, no tunnel, a certificate that is not trusted: nothing has left by then. */
const UNSENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|E(HOST|NET)UNREACH|(ERR_)?PROXY_\w+|CERT_\w+|\w+_SELF_SIGNED_CERT|SELF_SIGNED_CERT_\w+|UNABLE_TO_\w+|ERR_TLS_CERT_\w+)$/;

/** More headers than these tell nobody more. */
const MOST_HEADERS = 20;

/** The headers without the challenge, which stands by itself. */
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

/** Text of at most so many bytes of UTF-8 is shown of an answer. */
const SHOWN_BYTES = 200;

/** So much of an answer is looked at, in characters. */
const WINDOW = 8_192;

/** Shows texts that may hold what a redactor knows. */
export function evidenceText(redactor: Redactor): EvidenceText {
  // Bytes of UTF-16 read as UTF-8 have a NUL beside each letter.
  return (text) => printable(redactor.redactBeginning(text, WINDOW).replaceAll('\0', ''));
}

/** Control characters and line breaks as spaces, cut at a whole character. */
function printable(text: string): string {
  // Most answers are plain, and cost less so.
  if (/^[!-~](?: ?[!-~])*$/.test(text)) return text.slice(0, SHOWN_BYTES);
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, SHOWN_BYTES);
  const bytes = new TextEncoder().encodeInto(line, new Uint8Array(SHOWN_BYTES)).read;
  return line.slice(0, bytes);
}

/** A structure; its SIRET may have lost its leading zeros as a number, or be an identifier of another kind. */
const ITEM = z
  .looseObject({
    idStructureCPP: z.union([z.number(), z.string()]).nullish(),
    identifiant: z
      .union([z.string(), z.int().transform((siret) => String(siret).padStart(14, '0'))])
      .nullish(),
    designationStructure: z.string().nullish(),
  })
  .refine((item) => (item.idStructureCPP ?? item.identifiant ?? null) !== null);

/** One structure comes alone, without a list around it; none at all may be left out. */
const LIST = z.object({
  listeStructures: z
    .union([z.array(ITEM), ITEM.transform((item) => [item])])
    .nullish()
    .transform((items) => items ?? []),
});

/** The structures in a body; null where their list is not what it should be. */
export function structuresOf(body: string, shown: EvidenceText): Listed | null {
  const read = LIST.safeParse(jsonObject(body));
  if (!read.success) return null;
  const structures = new Map<string, Structure>();
  for (const { identifiant, designationStructure } of read.data.listeStructures) {
    const siret = identifiant?.trim() ?? '';
    if (/^\d{14}$/.test(siret)) structures.set(siret, { siret, name: shown(designationStructure ?? '') });
  }
  return { count: read.data.listeStructures.length, structures: [...structures.values()] };
}
