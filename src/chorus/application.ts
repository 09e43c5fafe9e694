// Our PISTE application in one environment: the connections to both hosts, the token, and the calls made with it.
import type { Secret } from '../domain/secret.ts';
import type { Answer, Call } from '../domain/verdict-answer.ts';
import { type Host, openHost, type Reply } from './call.ts';
import { type Grant, grantOf, openTokens, type Tokens, tokenForm } from './piste-token.ts';
import { readAnswer } from './read-answer.ts';
import { hideTokens, type Strike, strikeOut } from './strike-out.ts';

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
  /** For one call, in ms. */
  readonly timeoutMs: number;
}

/** Whose call it is, and with which token. */
export interface Caller {
  readonly token: Secret;
  readonly login: string;
  readonly password: Secret;
  readonly signal: AbortSignal | undefined;
}

/** An answer, its body where the caller must read more of it, and the strike that it was shown with. */
interface Told {
  readonly answer: Answer;
  readonly body: string;
  readonly strike: Strike;
}

/** One application, opened. Nothing here throws for what the outer world can do. */
export interface Application {
  readonly tokens: Tokens;
  /** One call of the API « Transverses », with an empty question; `timeoutMs` where it may take less time than others. */
  ask(call: Exclude<Call, 'token'>, caller: Caller, timeoutMs?: number): Promise<Told>;
  close(): void;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;
const JSON_TYPE = 'application/json;charset=utf-8';

/** Contradictions die here, and name the setting. */
function refuseContradictions(settings: ApplicationSettings): void {
  for (const name of ['tokenUrl', 'apiUrl'] as const) {
    const url = URL.parse(settings[name]);
    if (url === null || !/^https?:$/.test(url.protocol)) throw new Error(`chorus: ${name} is not an address`);
    if (url.username !== '' || url.password !== '') throw new Error(`chorus: ${name} must hold no password`);
    if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
      throw new Error(`chorus: ${name}: a password is never sent without TLS to another machine`);
    }
  }
}

/** The value of `cpro-account`: base64 of the UTF-8 bytes of `login:password`, on one line. */
function accountOf(login: string, password: Secret): string {
  return Buffer.from(`${login}:${password.reveal()}`, 'utf8').toString('base64');
}

/** Opens an application; `now` is our clock in ms. Throws for settings that contradict themselves. */
export function openApplication(settings: ApplicationSettings, now: () => number): Application {
  refuseContradictions(settings);
  const piste = openHost(settings.caPem);
  const api = openHost(settings.caPem);
  const root = `${settings.apiUrl.replace(/\/+$/, '')}/cpro/transverses/v1`;
  return {
    tokens: openTokens(() => askToken(piste, settings, now), now),
    async ask(call, { token, login, password, signal }, timeoutMs = settings.timeoutMs) {
      const account = accountOf(login, password);
      const strike = strikeOut([
        ...[`${login}:${password.reveal()}`, password.reveal(), login],
        ...[token.reveal(), settings.clientSecret.reveal()],
      ]);
      const reply = await api.post({
        url: `${root}/${call}`,
        headers: {
          Authorization: `Bearer ${token.reveal()}`,
          'cpro-account': account,
          'Content-Type': JSON_TYPE,
          Accept: JSON_TYPE,
        },
        body: '{}',
        timeoutMs,
        signal,
      });
      return { answer: readAnswer(call, reply, strike, now()), body: reply.body, strike };
    },
    close() {
      piste.close();
      api.close();
    },
  };
}

async function askToken(
  piste: Host,
  { tokenUrl, clientId, clientSecret, timeoutMs }: ApplicationSettings,
  now: () => number,
): Promise<Grant | Answer> {
  const reply: Reply = await piste.post({
    url: tokenUrl,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
    body: tokenForm(clientId, clientSecret),
    timeoutMs,
    // Others may wait for the same token: nobody's going away ends the request.
    signal: undefined,
  });
  const strike = strikeOut([clientSecret.reveal(), `${clientId}:${clientSecret.reveal()}`]);
  return grantOf(reply) ?? readAnswer('token', reply, (text) => strike(hideTokens(text)), now());
}
