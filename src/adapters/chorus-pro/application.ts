// Our PISTE application in one environment: the connections to both hosts, the token, and the calls made with it.
import type { Secret } from '../../domain/shared/secret.ts';
import type { Answer, Call } from '../../domain/verification/answer.ts';
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
  /** For one call, in ms; the wait for its turn is not counted. */
  readonly timeoutMs: number;
  /** In any second at most so many calls leave, token requests among them. */
  readonly callsPerSecond: number;
}

/** An account that is asked about, with the token of the moment. */
interface AccountHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** What came back, as it may be shown. */
  readonly toEvidence: EvidenceText;
  readonly priority: CallPriority;
}

/** Makes a caller of a token, a login and a password. */
export type HeadersByAccount = (
  token: Secret,
  login: string,
  password: Secret,
  errand: CallPriority,
) => AccountHeaders;

/** How long a call may take in ms, and how long a pause of the other side's is worth waiting for. */
interface Limits {
  readonly timeoutMs: number;
  readonly patienceMs: number;
}

/** An answer, and its body where the caller must read more of it. */
interface AnswerWithBody {
  readonly answer: Answer;
  readonly body: string;
}

/** One application, opened. Nothing here throws for what the outer world can do. */
export interface Application {
  readonly tokens: Tokens;
  readonly priority: CallGovernor['priority'];
  readonly headersFor: HeadersByAccount;
  /** One call of the API « Transverses », with an empty question. */
  ask(
    call: Exclude<Call, 'token'>,
    account: AccountHeaders,
    limits: Limits,
  ): Promise<AnswerWithBody | SkippedCall>;
  close(): void;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;

/** Contradictions die here, and name the setting. */
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
 * Opens an application; `now` is our clock in ms, `given` what a test knows better of time and chance. Throws for
 * settings that contradict themselves.
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
    // Others may wait for the same token: it goes before all, and nobody's going away ends the request.
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

/** The callers of one application; `clientSecret` and the token are hidden as well. */
export function openAccountHeaders(clientSecret: Secret): HeadersByAccount {
  return (token, login, password, errand) => {
    const account = `${login}:${password.reveal()}`;
    const headers = {
      Authorization: `Bearer ${token.reveal()}`,
      // Base64 of the UTF-8 bytes, on one line.
      'cpro-account': Buffer.from(account, 'utf8').toString('base64'),
      'Content-Type': JSON_TYPE,
      Accept: JSON_TYPE,
    };
    const secrets = [password.reveal(), login, account, clientSecret.reveal(), token.reveal()];
    return { headers, toEvidence: evidenceText(redactorOf(secrets)), priority: errand };
  };
}
