// Chorus Pro, asked whether it believes a login and a password, and what the account may do.
import type { Environment } from '../../domain/account/expiry.ts';
import type { CheckOptions, CredentialVerifier } from '../../domain/ports/credential-verifier.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { ACCOUNT_CALL, type Answer, RIGHTLESS_CALL } from '../../domain/verification/answer.ts';
import {
  accepted,
  classifyAnswer,
  leavesOpen,
  NO_RIGHTS_READ,
  NOT_CONFIGURED,
  rightsOf,
} from '../../domain/verification/classify-answer.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { type Application, type ApplicationSettings, openApplication } from './application.ts';
import { goneAway } from './call-governor.ts';
import type { NoGrant, TokenResult } from './piste-token.ts';
import { structuresOf } from './read-answer.ts';
import type { Timing } from './timing.ts';

/** The PISTE application of each environment; null where there is none. */
export type ChorusProSettings = Readonly<Record<Environment, ApplicationSettings | null>>;

/** The real Chorus Pro. */
export interface Chorus extends CredentialVerifier {
  /** Ends the calls under way, which leaves their verdicts undetermined, and hangs up. */
  close(): void;
}

/** A question to one application. */
interface CheckRequest {
  readonly application: Application;
  readonly login: string;
  readonly password: Secret;
  readonly options: CheckOptions;
  readonly timeoutMs: number;
}

/** Where nobody waits for the answer, so long a pause of the other side's is waited for. */
const PATIENCE_MS = 60_000;

/**
 * Opens Chorus Pro; `now` is our clock in ms, `given` what a test knows better of time and chance. Throws for settings
 * that contradict themselves, and names them.
 */
export function openChorus(
  settings: ChorusProSettings,
  now: () => number,
  given: Partial<Omit<Timing, 'now'>> = {},
): Chorus {
  const open = (environment: Environment) => {
    const found = settings[environment];
    return found && { application: openApplication(found, now, given), timeoutMs: found.timeoutMs };
  };
  const opened = { production: open('production'), qualification: open('qualification') };
  return {
    async verify(environment, login, password, options = {}) {
      const one = opened[environment];
      if (one === null) return NOT_CONFIGURED;
      try {
        return await runCheck({ ...one, login, password, options });
      } catch (error) {
        return verdictOfError(error);
      }
    },
    close() {
      for (const one of Object.values(opened)) one?.application.close();
    },
  };
}

/**
 * Token, and the call about the account; where that one leaves it open, the call that needs no right. At most one second
 * look, with a new token, where the first says that it may help.
 */
async function runCheck(request: CheckRequest): Promise<Verdict> {
  const { application, login, password, options, timeoutMs } = request;
  const { background = false, signal } = options;
  const priority = application.priority({ background, signal });
  const limits = { timeoutMs, patienceMs: background ? PATIENCE_MS : timeoutMs };
  let call: typeof ACCOUNT_CALL | typeof RIGHTLESS_CALL = ACCOUNT_CALL;
  let before: Answer | null = null;
  let rights = NO_RIGHTS_READ;
  for (;;) {
    const granted: TokenResult = await tokenFor(application, signal);
    if (granted.kind === 'none') return verdictWithoutAnswer(granted, before);
    const account = application.headersFor(granted.token, login, password, priority);
    const reply = await application.ask(call, account, limits);
    if ('cause' in reply) return verdictWithoutAnswer(reply, before);
    const { answer, body } = reply;
    if (call === ACCOUNT_CALL) rights = rightsOf(answer, structuresOf(body, account.toEvidence));
    const judged = classifyAnswer(answer, before);
    if (judged.kind === 'believed') return accepted(answer, before, rights);
    const tokenFailed = judged.kind === 'again' || judged.verdict.cause === 'token-refused';
    if (tokenFailed || judged.verdict.cause === 'our-clock') application.tokens.drop(granted.token);
    if (judged.kind === 'again') {
      // `classifyAnswer` never asks for a third look.
      before = answer;
    } else if (leavesOpen(answer)) call = RIGHTLESS_CALL;
    else return judged.verdict;
  }
}

/** The verdict where there is no token to ask with, or where nobody was asked: what an answer before it cost still counts. */
function verdictWithoutAnswer({ answer, cause: instead }: NoGrant, before: Answer | null): Verdict {
  const judged = classifyAnswer(answer, before);
  if (judged.kind !== 'settled') throw new Error('an answer about a token speaks of no password');
  const { verdict } = judged;
  return instead === null || verdict.kind === 'refused' ? verdict : { ...verdict, cause: instead };
}

/** The token; none as soon as the signal tells, while others go on waiting for it. */
async function tokenFor({ tokens }: Application, signal: AbortSignal | undefined): Promise<TokenResult> {
  if (signal === undefined) return tokens.get();
  const gone = Promise.withResolvers<TokenResult>();
  const tell = () => gone.resolve({ kind: 'none', ...goneAway('token') });
  if (signal.aborted) tell();
  signal.addEventListener('abort', tell);
  try {
    return await Promise.race([gone.promise, tokens.get()]);
  } finally {
    signal.removeEventListener('abort', tell);
  }
}

/** What no room foresaw; of the error only its name: its message may hold what must not be seen. */
function verdictOfError(error: unknown): Verdict {
  const excerpt = error instanceof Error ? error.name : 'UNKNOWN';
  return {
    kind: 'undetermined',
    cause: 'unreadable',
    evidence: { call: 'none', status: null, authenticate: null, returned: null, excerpt },
    retryAfterMs: null,
  };
}
