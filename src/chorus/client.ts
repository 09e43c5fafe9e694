// Chorus Pro, asked whether it believes a login and a password, and what the account may do.
import type { Environment } from '../domain/expiry.ts';
import type { Secret } from '../domain/secret.ts';
import type { Proof, Verdict } from '../domain/verdict.ts';
import type { Answer } from '../domain/verdict-answer.ts';
import { accepted, judge, NOT_CONFIGURED, type Rights, rightsOf } from '../domain/verdict-of.ts';
import { type Application, type ApplicationSettings, type Caller, openApplication } from './application.ts';
import type { Granted } from './piste-token.ts';
import { structuresOf } from './read-answer.ts';

/** The PISTE application of each environment; null where there is none. */
export type ChorusSettings = Readonly<Record<Environment, ApplicationSettings | null>>;

/** The real Chorus Pro. */
export interface Chorus extends Proof {
  /** Ends the calls under way, which leaves their verdicts undetermined, and hangs up. */
  close(): void;
}

/** The password is proven by then, and somebody waits for it: the rights are looked at, but not for long. */
const RIGHTS_DEADLINE_MS = 3_000;

/** Opens Chorus Pro; `now` is our clock in ms. Throws for settings that contradict themselves, and names them. */
export function openChorus(settings: ChorusSettings, now: () => number): Chorus {
  const open = (environment: Environment) => {
    const found = settings[environment];
    return found === null ? null : { application: openApplication(found, now), timeoutMs: found.timeoutMs };
  };
  const opened = { production: open('production'), qualification: open('qualification') };
  return {
    async check(environment, login, password, signal) {
      const one = opened[environment];
      if (one === null) return NOT_CONFIGURED;
      try {
        return await prove(one.application, one.timeoutMs, login, password, signal);
      } catch (error) {
        return unforeseen(error);
      }
    },
    close() {
      for (const one of Object.values(opened)) one?.application.close();
    },
  };
}

/** Token, light call, rights; at most one second look, with a new token, where the first says that it may help. */
async function prove(
  application: Application,
  timeoutMs: number,
  login: string,
  password: Secret,
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  let before: Answer | null = null;
  for (;;) {
    const granted: Granted = await untilAborted(application.tokens.get(), signal);
    if (granted.kind === 'none') return settled(granted.answer, before);
    const caller = { token: granted.token, login, password, signal };
    const { answer } = await application.ask('recuperer/tauxtva', caller);
    const judged = judge(answer, before);
    if (judged.kind === 'believed') {
      return accepted(answer, before, await rightsSeen(application, caller, timeoutMs));
    }
    const tokenFailed = judged.kind === 'again' || judged.verdict.cause === 'token-refused';
    if (tokenFailed || judged.verdict.cause === 'our-clock') application.tokens.drop(granted.token);
    if (judged.kind === 'settled') return judged.verdict;
    // `judge` never asks for a third look.
    before = answer;
  }
}

/** The verdict where there is no token to ask with. */
function settled(answer: Answer, before: Answer | null): Verdict {
  const judged = judge(answer, before);
  if (judged.kind === 'settled') return judged.verdict;
  throw new Error('an answer about a token speaks of no password');
}

async function rightsSeen(application: Application, caller: Caller, timeoutMs: number): Promise<Rights> {
  const { answer, body, strike } = await application.ask(
    'recuperer/structures/actives/destinataire',
    caller,
    Math.min(timeoutMs, RIGHTS_DEADLINE_MS),
  );
  return rightsOf(answer, structuresOf(body, strike));
}

/** Thrown inside when the one who asked went away. */
class GoneAway extends Error {
  readonly code = 'ERR_CANCELED';
}

/** The outcome, or a throw as soon as the signal tells; the work itself goes on for others. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const gone = Promise.withResolvers<never>();
  const tell = () => gone.reject(new GoneAway());
  if (signal.aborted) tell();
  signal.addEventListener('abort', tell);
  try {
    return await Promise.race([work, gone.promise]);
  } finally {
    signal.removeEventListener('abort', tell);
  }
}

/** What no room foresaw; of the error only its name: its message may hold what must not be seen. */
function unforeseen(error: unknown): Verdict {
  const gone = error instanceof GoneAway;
  const excerpt = gone ? error.code : error instanceof Error ? error.name : 'UNKNOWN';
  return {
    kind: 'undetermined',
    cause: gone ? 'network' : 'unreadable',
    evidence: { call: 'none', status: null, authenticate: null, returned: null, excerpt },
    retryAfterMs: null,
  };
}
