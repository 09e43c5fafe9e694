// Our PISTE application in one environment: the connections to both hosts, the token, and the calls made with it.
import type { Secret } from '../../domain/shared/secret.ts';
import type { Call, CallAnswer } from '../../domain/verification/answer.ts';
import { redactorOf, redactTokens } from '../../foundation/redact.ts';
import { type Host, openHost, type Reply } from './call.ts';
import {
  type CallGovernor,
  type CallPriority,
  openCallGovernor,
  type SkippedCall,
  TOP_PRIORITY,
} from './call-governor.ts';
import { type Grant, grantOf, type NoGrant, openTokens, type Tokens, tokenForm } from './piste-token.ts';
import { type EvidenceText, evidenceText, readAnswer } from './read-answer.ts';
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

/** How long a call may take, and the longest pause of the other side that it may wait for, in ms. */
interface Limits {
  readonly timeoutMs: number;
  readonly patienceMs: number;
}

/** An answer, with its body for callers that read more of it. */
interface AnswerWithBody {
  readonly answer: CallAnswer;
  readonly body: string;
}

/** One open application. Nothing here throws for a failure of the network or the server. */
export interface Application {
  readonly tokens: Tokens;
  readonly priority: CallGovernor['priority'];
  readonly headersFor: ReturnType<typeof openAccountHeaders>;
  /** Makes one call of the API « Transverses », with an empty request object. */
  ask(
    call: Exclude<Call, 'token'>,
    account: AccountHeaders,
    limits: Limits,
  ): Promise<AnswerWithBody | SkippedCall>;
  close(): void;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/** Throws for settings that contradict themselves, and names the setting. */
function refuseContradictions(settings: ApplicationSettings): void {
  if (!Number.isInteger(settings.callsPerSecond) || settings.callsPerSecond < 1) {
    throw new Error('chorus: callsPerSecond must be a whole number of at least 1');
  }
  for (const name of ['tokenUrl', 'apiUrl'] as const) {
    const url = URL.parse(settings[name]);
    if (url === null || !/^https?:$/.test(url.protocol)) throw new Error(`chorus: ${name} is not an address`);
    if (url.username !== '' || url.password !== '') throw new Error(`chorus: ${name} must hold no password`);
    if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
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
): Application {
  refuseContradictions(settings);
  const timing = { ...realTiming(now), ...given };
  const piste = openHost(settings.caPem);
  const api = openHost(settings.caPem);
  const governor = openCallGovernor(settings.callsPerSecond, timing);
  const root = `${settings.apiUrl.replace(/\/+$/, '')}/cpro/transverses/v1`;
  return {
    tokens: openTokens(() => askToken(piste, governor, settings, now), now),
    priority: governor.priority,
    headersFor: openAccountHeaders(settings.clientSecret),
    ask: (call, { headers, toEvidence: shown, priority: errand }, { timeoutMs, patienceMs }) =>
      governor.run<AnswerWithBody>({
        call,
        priority: errand,
        patienceMs,
        async make() {
          const { signal } = errand;
          const reply = await api.post({ url: `${root}/${call}`, headers, body: '{}', timeoutMs, signal });
          return { answer: readAnswer(call, reply, shown, now()), body: reply.body };
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
    // Others may wait for the same token: the request goes before all calls, and no abort of one caller ends it.
    priority: TOP_PRIORITY,
    patienceMs: timeoutMs,
    async make() {
      const reply: Reply = await piste.post({
        url: tokenUrl,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
        body: tokenForm(clientId, clientSecret),
        timeoutMs,
        signal: undefined,
      });
      const secret = clientSecret.reveal();
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
