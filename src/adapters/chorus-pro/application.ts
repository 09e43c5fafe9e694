// Our PISTE application in one environment: the connections to both hosts, the token, and the calls made with it.
// The access token is shared by all that wait for it, and renewed before it expires.
import { z } from 'zod';
import { Secret } from '../../domain/shared/secret.ts';
import type { Call, CallAnswer } from '../../domain/verification/answer.ts';
import { singleFlight } from '../../foundation/loop.ts';
import { isLoopback } from '../../foundation/proxy.ts';
import { redactorOf, redactTokens } from '../../foundation/redact.ts';
import { type Host, openHost, type Reply } from './call.ts';
import { type CallGovernor, type CallPriority, openCallGovernor, TOP_PRIORITY } from './call-governor.ts';
import type { UndeterminedCause } from './circuit-breaker.ts';
import { type EvidenceText, evidenceText, jsonObject, readAnswer } from './read-answer.ts';
import { realTiming, type Timing } from './timing.ts';

/** A PISTE application as it is set up for one environment. */
export interface ApplicationSettings {
  /** Where tokens are asked for, with its path. */
  readonly tokenUrl: string;
  /** The root of the API, before `/cpro`. */
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Authorities to trust instead of the system's, PEM. */
  readonly caPem: string | null;
  /** For one call, in ms; the wait for its slot is not counted. */
  readonly timeoutMs: number;
  /** The most calls in any second, token requests included. */
  readonly callsPerSecond: number;
}

/** The request headers for one account with the current token, and what hides its secrets in an answer. */
interface AccountHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** Makes evidence without secrets of a text of the answer. */
  readonly toEvidence: EvidenceText;
  readonly priority: CallPriority;
}

/** One open application. Nothing here throws for a failure of the network or the server. */
export type Application = ReturnType<typeof openApplication>;

/** Throws for settings that contradict themselves, and names the setting. */
function refuseContradictions(settings: ApplicationSettings): void {
  if (!Number.isInteger(settings.callsPerSecond) || settings.callsPerSecond < 1) {
    throw new Error('chorus: callsPerSecond must be a whole number of at least 1');
  }
  for (const name of ['tokenUrl', 'apiUrl'] as const) {
    const url = URL.parse(settings[name]);
    if (url === null || !/^https?:$/.test(url.protocol)) throw new Error(`chorus: ${name} is not an address`);
    if (url.username !== '' || url.password !== '') throw new Error(`chorus: ${name} must hold no password`);
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
      throw new Error(`chorus: ${name}: a password is never sent without TLS to another machine`);
    }
  }
}

/**
 * Opens an application; `now` is our clock in ms, `given` lets a test replace time and chance. Throws for settings that
 * contradict themselves.
 */
export function openApplication(
  settings: ApplicationSettings,
  now: () => number,
  given: Partial<Omit<Timing, 'now'>> = {},
) {
  refuseContradictions(settings);
  const timing = { ...realTiming(now), ...given };
  const piste = openHost(settings.tokenUrl, settings.caPem);
  const api = openHost(settings.apiUrl, settings.caPem);
  const governor = openCallGovernor(settings.callsPerSecond, timing);
  const root = `${settings.apiUrl.replace(/\/+$/, '')}/cpro/transverses/v1`;
  return {
    tokens: openTokens(() => askToken(piste, governor, settings, now), now),
    priority: governor.priority,
    headersFor: openAccountHeaders(settings.clientSecret),
    /**
     * Makes one call of the API « Transverses », with an empty request object. The call waits for a pause of the other side
     * for as long as `patienceMs`.
     */
    ask: (
      call: Exclude<Call, 'token'>,
      { headers, toEvidence, priority }: AccountHeaders,
      patienceMs: number,
    ) =>
      governor.run({
        call,
        priority,
        patienceMs,
        async make() {
          const { timeoutMs } = settings;
          const reply = await api.post({ url: `${root}/${call}`, headers, body: '{}', timeoutMs });
          return { answer: readAnswer(call, reply, toEvidence, now()), body: reply.body };
        },
        answerOf: ({ answer }) => answer,
      }),
    close() {
      governor.close();
      piste.close();
      api.close();
    },
  };
}

function askToken(
  piste: Host,
  governor: CallGovernor,
  { tokenUrl, clientId, clientSecret, timeoutMs }: ApplicationSettings,
  now: () => number,
): Promise<Grant | NoGrant> {
  return governor.run<Grant | NoGrant>({
    call: 'token',
    // All callers may wait for the same token: the request goes before all calls.
    priority: TOP_PRIORITY,
    patienceMs: timeoutMs,
    async make() {
      const secret = clientSecret.reveal();
      const reply = await piste.post({
        url: tokenUrl,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: clientId,
          client_secret: secret,
          scope: 'openid',
        }).toString(),
        timeoutMs,
      });
      const known = evidenceText(redactorOf([secret, `${clientId}:${secret}`]));
      const shown = (text: string) => known(redactTokens(text));
      return grantOf(reply) ?? { answer: readAnswer('token', reply, shown, now()), cause: null };
    },
    answerOf: (made) => ('token' in made ? null : made.answer),
  });
}

const JSON_TYPE = 'application/json;charset=utf-8';

/** Makes the headers of accounts for one application; evidence hides `clientSecret` and the token as well. */
export function openAccountHeaders(clientSecret: Secret) {
  return (token: Secret, login: string, password: Secret, priority: CallPriority): AccountHeaders => {
    const account = `${login}:${password.reveal()}`;
    const headers = {
      Authorization: `Bearer ${token.reveal()}`,
      // Base64 of the UTF-8 bytes, on one line.
      'cpro-account': Buffer.from(account, 'utf8').toString('base64'),
      'Content-Type': JSON_TYPE,
      Accept: JSON_TYPE,
    };
    const secrets = [password.reveal(), login, account, clientSecret.reveal(), token.reveal()];
    return { headers, toEvidence: evidenceText(redactorOf(secrets)), priority };
  };
}

/** A token and its lifetime, in ms from the request. */
export interface Grant {
  readonly token: Secret;
  readonly lifeMs: number;
}

/** An answer that holds no token; `cause` says why where PISTE was not even asked. */
export interface NoGrant {
  readonly answer: CallAnswer;
  readonly cause: UndeterminedCause | null;
}

/** A token, or why there is none. */
export type TokenResult =
  | { readonly kind: 'token'; readonly token: Secret }
  | ({ readonly kind: 'none' } & NoGrant);

/** A token is renewed so long before its end, or after three quarters of its life where that is later. */
const MARGIN_MS = 240_000;

const GRANT = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  token_type: z.string().regex(/^bearer$/i),
  // RFC 6749 only recommends it.
  expires_in: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .pipe(z.number().positive())
    .nullish(),
});

/** The life of a token that names none, in seconds: long enough for a round of checks, and a dead one costs one call. */
const UNTOLD_LIFE_S = 60;

/** The grant in an answer of PISTE; null where it holds no usable token, which happens even with status 200. */
export function grantOf(reply: Reply): Grant | null {
  if (reply.status !== 200 || reply.failure !== null) return null;
  const read = GRANT.safeParse(jsonObject(reply.body));
  if (!read.success) return null;
  return {
    token: new Secret(read.data.access_token),
    lifeMs: (read.data.expires_in ?? UNTOLD_LIFE_S) * 1_000,
  };
}

/** Caches the token of one application; `ask` asks PISTE once and never throws. */
export function openTokens(ask: () => Promise<Grant | NoGrant>, now: () => number) {
  let cached: { readonly token: Secret; readonly from: number; readonly until: number } | null = null;

  const asking = singleFlight(async (): Promise<TokenResult> => {
    const from = now();
    const got = await ask();
    if (!('token' in got)) return { kind: 'none', ...got };
    cached = { token: got.token, from, until: from + got.lifeMs - Math.min(MARGIN_MS, got.lifeMs / 4) };
    return { kind: 'token', token: got.token };
  });

  return {
    /** The token in use, or a new one; concurrent callers share one request and its outcome. */
    async get(): Promise<TokenResult> {
      const at = now();
      // A time before `from` means that our clock was set back: the age of the token is unknown.
      if (cached !== null && at >= cached.from && at < cached.until)
        return { kind: 'token', token: cached.token };
      return asking.run();
    },
    /** Drops this token, unless another has replaced it already. */
    drop(token: Secret) {
      if (cached?.token === token) cached = null;
    },
  };
}
