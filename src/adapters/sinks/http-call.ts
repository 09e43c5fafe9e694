// Makes one bounded HTTP call for a sink: secrets and certificates are read at each call, and every failure is a SinkFault.
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { codeOfCall, isSafeAddress, PROXY_ALLOWED, proxyEnvOf } from '../../foundation/proxy.ts';
import { type Redactor, redactorOf } from '../../foundation/redact.ts';
import { readSecretText } from '../../foundation/text.ts';
import { errorIn, failureWords, statusWords, titleOf } from './http-fault.ts';
import { type HttpConnection, type SecretSource, SinkFault, type Variables } from './settings.ts';

/** A call to make. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** The statuses that are an answer; any other is a fault. */
  readonly expect: readonly number[];
  /** Redacted in every fault: the password, and what `readSecret` gave. */
  readonly secrets: readonly string[];
}

/** An answer with one of the expected statuses. */
interface HttpAnswer {
  readonly status: number;
  /** As it came, perhaps with secrets. */
  readonly text: string;
  /** The body as JSON. Throws SinkFault for a login page, and whatever else is no JSON. */
  json(): unknown;
  /** Throws SinkFault where the answer is a web page: no API gives one. */
  refusePage(): void;
  /** `; it said: …`, what it says of an error without secrets, for the end of a fault; empty where it says nothing. */
  said(): string;
}

/** Calls once; follows no redirect. Throws SinkFault. */
export type HttpCaller = (request: HttpRequest) => Promise<HttpAnswer>;

/** The longest body that is read, in bytes after decompression. */
const LONGEST = 1024 * 1024;
/** How much of a body a fault shows, in characters. */
const SHOWN = 300;
/** A product that asks for a longer rest, in ms, is called again after this one. */
const LONGEST_REST_MS = 3_600_000;

/** Opens the way to the API of one connector; nothing is called yet. While the API asked to be left alone, its faults come without a call. */
export function openHttpCaller(connection: HttpConnection): HttpCaller {
  let rest = { until: 0, fault: '' };
  return async (request) => {
    // A clock that was put back must not make a rest longer.
    if (performance.now() < rest.until) throw new SinkFault(rest.fault);
    const redactor = redactorOf(request.secrets);
    const reply = await send(connection, request, redactor);
    const answer = answerOf(request, reply, redactor);
    const { status, headers } = reply;
    if (request.expect.includes(status)) return answer;
    const restMs = status === 429 || status === 503 ? restOf(headers['retry-after']) : null;
    const until = Temporal.Now.instant().add({ milliseconds: restMs ?? 0 });
    const later = restMs === null ? '' : `; not called again before ${until.round('second')}`;
    const words = redactor.redact(statusWords(status, request.expect, String(headers.location ?? '')));
    const fault = `${placeOf(request, redactor)} answered ${words}${later}${answer.said()}`;
    if (restMs !== null) rest = { until: performance.now() + restMs, fault };
    throw new SinkFault(fault);
  };
}

/** A secret of a sink, read now. Throws SinkFault. */
export function readSecret(source: SecretSource, { CREDENTIALS_DIRECTORY: folder = '' }: Variables): string {
  if ('file' in source) return readPrivate(source.file, { closed: true, hasLines: false });
  if (folder === '') {
    throw new SinkFault(
      `the credential ${source.credential} is not there: LoadCredential=${source.credential}:/path in the unit, or name a file`,
    );
  }
  // systemd guards that folder itself; its files may look open to the group.
  return readPrivate(join(folder, source.credential), { closed: false, hasLines: false });
}

function readPrivate(file: string, rules: { readonly closed: boolean; readonly hasLines: boolean }): string {
  const reading = readSecretText(file, rules);
  if ('text' in reading) return reading.text;
  throw new SinkFault(`${file} is not used (${reading.found}): ${reading.remedy}`);
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly isCut: boolean;
}

async function send(connection: HttpConnection, request: HttpRequest, redactor: Redactor): Promise<Reply> {
  const { method, url, headers, body } = request;
  if (!isSafeAddress(url)) throw new SinkFault('its address is not https, and not on this machine');
  const [{ default: axios }, http, https] = await Promise.all([
    import('axios'),
    import('node:http'),
    import('node:https'),
  ]);
  const deadline = AbortSignal.timeout(connection.timeoutMs);
  // Agents of this call alone: a renewed certificate counts, and no connection is left open.
  const httpAgent = new http.Agent();
  const httpsAgent = new https.Agent({ minVersion: 'TLSv1.2', proxyEnv: proxyOf(url), ...tlsOf(connection) });
  try {
    const response = await axios.request<Readable>({
      ...{ method, url, httpAgent, httpsAgent, signal: deadline },
      headers: { 'User-Agent': 'releve', ...headers },
      ...(body === null ? {} : { data: body }),
      ...{ maxRedirects: 0, validateStatus: null, responseType: 'stream' },
      ...{ transformRequest: [], transformResponse: [] },
      // `false` would turn off the tunnels of the agent, too; what is sent without TLS stays on this machine.
      ...(url.startsWith('http:') ? { proxy: false } : {}),
    });
    return { status: response.status, headers: response.headers, ...(await read(response.data)) };
  } catch (error) {
    const code = deadline.aborted ? 'ETIMEDOUT' : codeOfCall(error);
    throw new SinkFault(`${placeOf(request, redactor)}: ${failureWords(code, connection.timeoutMs)}`);
  } finally {
    httpAgent.destroy();
    httpsAgent.destroy();
  }
}

function proxyOf(url: string): Record<string, string> {
  try {
    return proxyEnvOf(url);
  } catch {
    throw new SinkFault(
      `the proxy of this machine is not ${PROXY_ALLOWED}: correct HTTPS_PROXY, or unset it`,
    );
  }
}

function tlsOf({ caFile, certFile, keyFile }: HttpConnection) {
  const read = (file: string, closed: boolean) => readPrivate(file, { closed, hasLines: true });
  return {
    ...(caFile === null ? {} : { ca: read(caFile, false) }),
    ...(certFile === null ? {} : { cert: read(certFile, false) }),
    ...(keyFile === null ? {} : { key: read(keyFile, true) }),
  };
}

/** Reads up to the limit; what follows is left, and the connection closed. */
async function read(stream: Readable): Promise<Pick<Reply, 'body' | 'isCut'>> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    pieces.push(piece);
    length += piece.length;
    if (length > LONGEST) break;
  }
  const bytes = Buffer.concat(pieces).subarray(0, LONGEST);
  return { body: new TextDecoder().decode(bytes), isCut: length > LONGEST };
}

function answerOf(request: HttpRequest, { status, headers, body, isCut }: Reply, redactor: Redactor) {
  const isPage =
    /html/i.test(String(headers['content-type'] ?? '')) || /^\s*<(!doctype\s+html|html)\b/i.test(body);
  const said = () => {
    // Where it succeeds it may show what is stored, which is no secret of this call.
    const words = isPage ? titleOf(body) : status < 300 ? errorIn(body) : body;
    const shown = redactor
      .redactBeginning(words, SHOWN)
      .slice(0, SHOWN)
      .replaceAll(/[\p{C}\s]+/gu, ' ')
      .trim();
    if (shown === '') return '';
    return isPage ? `; a page titled: ${shown}` : `; it said: ${shown}`;
  };
  const place = `${placeOf(request, redactor)} answered ${status}`;
  const refusePage = () => {
    const words = 'a web page: a login page? Name the address of its API, and look at the token';
    if (isPage) throw new SinkFault(`${place} with ${words}${said()}`);
  };
  const json = (): unknown => {
    if (isCut) throw new SinkFault(`${place} with more than 1 MiB: is it the right address?`);
    refusePage();
    try {
      return JSON.parse(body);
    } catch {
      throw new SinkFault(`${place} with what is not JSON: is it the address of its API?`);
    }
  };
  return { status, text: body, json, refusePage, said };
}

/** Without its query: a part of an address that others log, and that faults would show. */
function placeOf({ method, url }: HttpRequest, redactor: Redactor): string {
  const { origin, pathname } = new URL(url);
  return redactor.redact(`${method} ${origin}${pathname}`);
}

/** Retry-After as ms from now: seconds, or a date. */
function restOf(header: unknown): number | null {
  const text = typeof header === 'string' ? header.trim() : '';
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return ms > 0 ? Math.min(ms, LONGEST_REST_MS) : null;
}
