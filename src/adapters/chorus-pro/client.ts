// The credential verifier: asks Chorus Pro whether it accepts a login and a password, and what the account may do.
import type { Environment } from '../../domain/account/technical-user.ts';
import type { CheckOptions, CredentialVerifier } from '../../domain/ports/credential-verifier.ts';
import type { Secret } from '../../domain/shared/secret.ts';
import { ACCOUNT_CALL, type CallAnswer, RIGHTLESS_CALL } from '../../domain/verification/answer.ts';
import {
  accepted,
  classifyAnswer,
  leavesOpen,
  NO_RIGHTS_READ,
  NOT_CONFIGURED,
  rightsOf,
} from '../../domain/verification/classify-answer.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { type Application, type ApplicationSettings, type NoGrant, openApplication } from './application.ts';
import { structuresOf } from './read-answer.ts';
import type { Timing } from './timing.ts';

/** The PISTE application of each environment; null where there is none. */
export type ChorusProSettings = Readonly<Record<Environment, ApplicationSettings | null>>;

/** The verifier that asks the real Chorus Pro. */
export interface Chorus extends CredentialVerifier {
  /** Aborts the calls under way, which leaves their verdicts undetermined, and closes the connections. */
  close(): void;
}

/** One credential check by one application. */
interface CheckRequest {
  readonly application: Application;
  readonly login: string;
  readonly password: Secret;
  readonly options: CheckOptions;
  readonly timeoutMs: number;
}

/** The longest pause of the other side that a background check waits for. */
const PATIENCE_MS = 60_000;

/**
 * Opens the verifier; `now` is our clock in ms, `given` lets a test replace time and chance. Throws for settings that
 * contradict themselves, and names them.
 */
export function openChorus(
  settings: ChorusProSettings,
  now: () => number,
  given: Partial<Omit<Timing, 'now'>> = {},
): Chorus {
  const open = (environment: Environment) => {
    const one = settings[environment];
    return one && { application: openApplication(one, now, given), timeoutMs: one.timeoutMs };
  };
  const opened = { production: open('production'), qualification: open('qualification') };
  return {
    async verify(environment, login, password, options = {}) {
      const one = opened[environment];
      if (one === null) return NOT_CONFIGURED;
      try {
        return await askAboutAccount({ ...one, login, password, options });
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
 * Gets a token and makes the call about the account; where that leaves the answer open, the call that needs no right.
 * Repeats a call at most once, with a new token, where its answer says that this may help.
 */
async function askAboutAccount(request: CheckRequest): Promise<Verdict> {
  const { application, login, password, options, timeoutMs } = request;
  const { background = false } = options;
  const priority = application.priority({ background });
  const patienceMs = background ? PATIENCE_MS : timeoutMs;
  let call: typeof ACCOUNT_CALL | typeof RIGHTLESS_CALL = ACCOUNT_CALL;
  let before: CallAnswer | null = null;
  let rights = NO_RIGHTS_READ;
  for (;;) {
    const granted = await application.tokens.get();
    if (granted.kind === 'none') return verdictWithoutAnswer(granted, before);
    const account = application.headersFor(granted.token, login, password, priority);
    const reply = await application.ask(call, account, patienceMs);
    if ('cause' in reply) return verdictWithoutAnswer(reply, before);
    const { answer, body } = reply;
    if (call === ACCOUNT_CALL) rights = rightsOf(answer, structuresOf(body, account.toEvidence));
    const classified = classifyAnswer(answer, before);
    if (classified.kind === 'accepted') return accepted(answer, before, rights);
    const tokenFailed = classified.kind === 'again' || classified.verdict.cause === 'token-refused';
    if (tokenFailed || classified.verdict.cause === 'our-clock') application.tokens.drop(granted.token);
    if (classified.kind === 'again') {
      // `classifyAnswer` asks for one repetition at most.
      before = answer;
    } else if (leavesOpen(answer)) call = RIGHTLESS_CALL;
    else return classified.verdict;
  }
}

/** The verdict where there is no token, or where the call was skipped; an answer before it still counts. */
function verdictWithoutAnswer({ answer, cause: instead }: NoGrant, before: CallAnswer | null): Verdict {
  const classified = classifyAnswer(answer, before);
  if (classified.kind !== 'settled') throw new Error('an answer about a token speaks of no password');
  const { verdict } = classified;
  return instead === null || verdict.kind === 'refused' ? verdict : { ...verdict, cause: instead };
}

/** The verdict of an unexpected error; shows only its name, for its message may hold a secret. */
function verdictOfError(error: unknown): Verdict {
  const excerpt = error instanceof Error ? error.name : 'UNKNOWN';
  return {
    kind: 'undetermined',
    cause: 'unreadable',
    evidence: { call: 'none', status: null, authenticate: null, returned: null, excerpt },
    retryAfterMs: null,
  };
}
