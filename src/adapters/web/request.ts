// What a request says: from which client it comes, from where it was posted, what its body holds; and how its outcome is counted.
//
// A body is read up to a bounded number of bytes, and a password becomes a Secret before anything else can see it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SubmissionResult } from '../../domain/ports/manager-api.ts';
import { Secret } from '../../domain/shared/secret.ts';
import { HttpError } from './http-errors.ts';

/** The client that a request is counted for. `unread`: the address of a proxy whose entry could not be read. */
export interface Client {
  readonly ip: string;
  readonly unread: string | null;
}

/** The longest chain of proxies. */
const MOST_PROXIES = 32;

/** The longest address, with its zone, its port, brackets and quotes, in characters. */
const LONGEST = 100;

/**
 * How to find the client of a request, by the peer's address and the header's text. Each proxy adds its own client at the
 * end, so the list is read from there, as long as the proxy that wrote an entry is trusted; the client itself may have
 * written what comes before. Throws when one of the proxies is neither an address nor a network.
 */
export function clientFinder(trustedProxies: readonly string[]): (peer: string, header: string) => Client {
  const trusted = blockListOf(trustedProxies);
  const isTrusted = (ip: string) => isIP(ip) !== 0 && trusted.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
  return (peer, header) => {
    let ip = plainAddress(peer);
    let end = header.length;
    for (let hop = 0; hop < MOST_PROXIES && isTrusted(ip) && end > 0; ) {
      const comma = header.lastIndexOf(',', end - 1);
      const length = end - comma - 1;
      const element = length > LONGEST ? null : header.slice(comma + 1, end).trim();
      end = comma;
      // An empty entry, from a comma too many, names no client.
      if (element === '') continue;
      const next = element === null ? null : forwardedAddress(element);
      if (next === null) return { ip, unread: ip };
      ip = next;
      hop += 1;
    }
    return { ip, unread: null };
  };
}

/**
 * One element of the list as an address: IPv4 or IPv6, in brackets or not, with a port or not, quoted or not. Null for
 * `unknown`, names such as `_hidden`, and all else.
 */
export function forwardedAddress(element: string): string | null {
  const bare = /^"(.*)"$/.exec(element)?.[1] ?? element;
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(bare)?.[1];
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? plainAddress(bracketed) : null;
  if (isIP(bare) !== 0) return plainAddress(bare);
  // IPv6 with a port and no brackets differs from one without only by its ninth group.
  const withoutPort = bare.replace(/:\d{1,5}$/, '');
  return isIP(withoutPort) === 0 ? null : plainAddress(withoutPort);
}

/** Without its zone; an IPv4 address that is written as an IPv6 one, as IPv4. */
function plainAddress(ip: string): string {
  const [bare = ''] = ip.split('%');
  if (isIP(bare) !== 6) return bare;
  const groups = groupsOf(bare);
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return bare;
  return groups
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff])
    .join('.');
}

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 one, all of which one household or attacker owns. */
export function addressKey(ip: string): string {
  const address = plainAddress(ip);
  if (isIP(address) === 4) return address;
  if (isIP(address) !== 6) return 'unknown';
  return `${groupsOf(address).slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, in lower case and without leading zeros. */
function groupsOf(address: string): string[] {
  // The WHATWG form is canonical: IPv4 tails are written as groups.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after];
}

function blockListOf(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits, ...more] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits ?? '0'))
      throw new Error(`"${proxy}" is no address or network`);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** The largest body that is read, in bytes. */
const BODY_LIMIT = 16 * 1024;

/**
 * How much of a larger body is thrown away before the answer. A browser that is cut off while it still sends shows its
 * own error page instead of ours; beyond this it may.
 */
const DISCARD_LIMIT = 8 * 1024 * 1024;

/** The body as text. Throws HttpError('too-large'); what is too large is thrown away as it comes, never gathered. */
async function readBody(stream: Readable): Promise<string> {
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

/** Whether an error only says that the client went away, or was too slow, before the whole body had come. */
export function isCutOff(error: unknown, request: IncomingMessage): boolean {
  return request.readableAborted && (error as { code?: unknown } | null)?.code === 'ECONNRESET';
}

/** Lets a scope read bodies of one type; any other is thrown away, and refused as 'wrong-type'. */
export function readBodiesOf(scope: FastifyInstance, type: string, read: (text: string) => unknown): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(type, async (_request: FastifyRequest, body: IncomingMessage) =>
    read(await readBody(body)),
  );
  scope.addContentTypeParser('*', async (_request: FastifyRequest, body: IncomingMessage) => {
    await readBody(body);
    throw new HttpError('wrong-type');
  });
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
  /** An answer without a secret: its kind, and the day or the text that belongs to this kind. */
  readonly answer: string;
  readonly detail: string;
}

/** Reads a form (`application/x-www-form-urlencoded`). A field that comes twice means nothing: 'malformed'. */
export function formBody(text: string): FormBody {
  const fields = new URLSearchParams(text);
  const one = (name: string) => {
    const [value = '', ...others] = fields.getAll(name);
    if (others.length > 0) throw new HttpError('malformed');
    return value;
  };
  const answer = one('answer');
  return {
    csrfToken: one('seal'),
    password: new Secret(one('password')),
    login: one('login'),
    expiry: one('expiry'),
    ready: one('ready') === 'yes',
    choice: one('choice'),
    answer,
    detail: one(`detail-${answer}`),
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

/** The hidden field of a link's forms: it can only be known by reading the page of that link. */
export function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('form').digest('base64url');
}

/** Whether a form has the CSRF token of its link; takes as long for a wrong one as for a right one. */
export function hasValidCsrfToken(token: string, csrfToken: string): boolean {
  const expected = Buffer.from(csrfTokenOf(token));
  const given = Buffer.from(csrfToken);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Whether a browser posted this from our own page. A browser that sends Sec-Fetch-Site must say `same-origin` (or `none`:
 * the person acted directly, as in a restored tab). An Origin that is given must be ours, or `null`: our own pages are
 * `no-referrer`, and browsers then write `null` for them. Programs and old browsers send neither; for all of these the
 * CSRF token decides.
 */
export function isFromOurPage(headers: IncomingHttpHeaders, publicUrl: URL): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  return origin === undefined || origin === 'null' || origin === publicUrl.origin;
}

/** What became of a password, in one word for a counter. */
export function outcomeOf(result: SubmissionResult): string {
  return result.kind === 'received' ? result.progress.phase : result.kind;
}
