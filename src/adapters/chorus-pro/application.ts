// Our PISTE application in one environment: the connections to both hosts, the token, and the calls made with it.
import type { Secret } from '../../domain/shared/secret.ts';
import type { Answer, Call } from '../../domain/verification/answer.ts';
import { redactorOf, redactTokens } from '../../foundation/redact.ts';
import { type AccountHeaders, type HeadersByAccount, openAccountHeaders } from './account-headers.ts';
import { type Host, openHost, type Reply } from './call.ts';
import { type CallGovernor, FOR_ALL, openCallGovernor } from './call-governor.ts';
import { evidenceText } from './evidence-text.ts';
import { type Grant, grantOf, type NoGrant, openTokens, type Tokens, tokenForm } from './piste-token.ts';
import { readAnswer } from './read-answer.ts';
import type { SkippedCall } from './skipped-call.ts';
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

/** How long a call may take in ms, and how long a pause of the other side's is worth waiting for. */
interface Limits {
  readonly timeoutMs: number;
  readonly patienceMs: number;
}

/** An answer, and its body where the caller must read more of it. */
interface Told {
  readonly answer: Answer;
  readonly body: string;
}

/** One application, opened. Nothing here throws for what the outer world can do. */
export interface Application {
  readonly tokens: Tokens;
  readonly errand: CallGovernor['errand'];
  readonly caller: HeadersByAccount;
  /** One call of the API « Transverses », with an empty question. */
  ask(call: Exclude<Call, 'token'>, caller: AccountHeaders, limits: Limits): Promise<Told | SkippedCall>;
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
  const gate = openCallGovernor(settings.callsPerSecond, timing);
  const root = `${settings.apiUrl.replace(/\/+$/, '')}/cpro/transverses/v1`;
  return {
    tokens: openTokens(() => askToken(piste, gate, settings, now), now),
    errand: gate.errand,
    caller: openAccountHeaders(settings.clientSecret),
    ask: (call, { headers, shown, errand }, { timeoutMs, patienceMs }) =>
      gate.pass<Told>({
        call,
        errand,
        patienceMs,
        async make() {
          const { signal } = errand;
          const reply = await api.post({ url: `${root}/${call}`, headers, body: '{}', timeoutMs, signal });
          return { answer: readAnswer(call, reply, shown, now()), body: reply.body };
        },
        answerOf: ({ answer }) => answer,
      }),
    close() {
      gate.close();
      piste.close();
      api.close();
    },
  };
}

function askToken(
  piste: Host,
  gate: CallGovernor,
  { tokenUrl, clientId, clientSecret, timeoutMs }: ApplicationSettings,
  now: () => number,
): Promise<Grant | NoGrant> {
  return gate.pass<Grant | NoGrant>({
    call: 'token',
    // Others may wait for the same token: it goes before all, and nobody's going away ends the request.
    errand: FOR_ALL,
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
      return grantOf(reply) ?? { answer: readAnswer('token', reply, shown, now()), instead: null };
    },
    answerOf: (made) => ('token' in made ? null : made.answer),
  });
}
