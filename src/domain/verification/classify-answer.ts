// From the answers of a proof to its verdict: when to ask once more, which call to ask, which rights there are.

import type { Structure } from '../account/technical-user.ts';
import { ACCOUNT_CALL, type Answer } from './answer.ts';
import { type Meaning, meaningOf, rowOf } from './answer-table.ts';
import { saidBy } from './return-codes.ts';
import type { Cause, Evidence, Verdict } from './verdict.ts';

/** What to do after an answer: ask once more with a new token, or stop. */
export type Classification =
  | { readonly kind: 'again' }
  | { readonly kind: 'believed' }
  | { readonly kind: 'settled'; readonly verdict: Exclude<Verdict, { kind: 'accepted' }> };

/** What an account may do; null for what could not be read. */
export interface Rights {
  readonly entitled: boolean | null;
  readonly structures: readonly Structure[] | null;
}

/** The structures of an answer: how many there are, and those of them that have a SIRET. */
export interface Listed {
  readonly count: number;
  readonly structures: readonly Structure[];
}

/** From here on a difference of clocks explains why no token holds. */
const CLOCK_FAULT_MS = 10 * 60_000;

/** Of an account whose rights nothing shows. */
export const NO_RIGHTS_READ: Rights = { entitled: null, structures: null };

/**
 * Judges an answer in the light of the one before it, if this is the second look. A second look is the last: what it
 * leaves open is undetermined, but for the same causeless 401 with a new token, which can only speak of the password.
 */
export function classifyAnswer(answer: Answer, before: Answer | null): Classification {
  const meaning = meaningOf(answer);
  const evidence = withCost(answer, before);
  if (meaning === 'believed') return { kind: 'believed' };
  if (meaning === 'refused') return { kind: 'settled', verdict: refused(evidence) };
  if ((meaning === 'stale-token' || meaning === 'no-cause') && before === null) return { kind: 'again' };
  if (meaning === 'no-cause' && before !== null && isSame(answer, before))
    return { kind: 'settled', verdict: refused(evidence) };
  const { retryAfterMs } = answer;
  return {
    kind: 'settled',
    verdict: { kind: 'undetermined', cause: causeOf(meaning, answer), evidence, retryAfterMs },
  };
}

function refused(evidence: Evidence): Extract<Verdict, { kind: 'refused' }> {
  return { kind: 'refused', cause: 'password-refused', evidence };
}

function causeOf(
  meaning: Exclude<Meaning, 'believed' | 'refused'>,
  answer: Answer,
): Exclude<Cause, 'password-refused'> {
  if (meaning === 'down') return answer.call === 'token' ? 'piste-down' : 'chorus-pro-down';
  if (meaning === 'no-cause') return 'unreadable';
  if (meaning !== 'stale-token') return meaning;
  // A token made a moment ago is not taken: either the two of us disagree about the time, or PISTE about us.
  return Math.abs(answer.skewMs ?? 0) > CLOCK_FAULT_MS ? 'our-clock' : 'token-refused';
}

/** Whether two answers say the same; bodies may carry an hour or a number of their own. */
function isSame(one: Answer, other: Answer): boolean {
  const said = ({ call, status, body, code, challenges }: Answer) =>
    JSON.stringify([call, status, body, code, challenges.map((c) => [c.realm, c.error, c.description])]);
  return said(one) === said(other);
}

/**
 * Each refusal, and each 401 that may be one, counts for the lock of the account. So does a second look that got no answer:
 * what became of the password is not known.
 */
function withCost(answer: Answer, before: Answer | null): Evidence {
  const mayHaveFailed = (one: Answer) => /^(refused|no-cause)$/.test(meaningOf(one));
  const first = before !== null && mayHaveFailed(before) ? 1 : 0;
  const second = mayHaveFailed(answer) || (first > 0 && isLost(answer)) ? 1 : 0;
  return first + second === 0 ? answer.evidence : { ...answer.evidence, failedLogins: first + second };
}

/** The password was sent, and nothing came back. */
function isLost(answer: Answer): boolean {
  const { call, unsent } = answer.evidence;
  return meaningOf(answer) === 'network' && call !== 'token' && call !== 'none' && unsent !== true;
}

/** The verdict on a believed password. `answer` is the one that `classifyAnswer` believed. */
export function accepted(answer: Answer, before: Answer | null, rights: Rights): Verdict {
  return { kind: 'accepted', ...rights, evidence: withCost(answer, before) };
}

/**
 * Whether the call about the account left it open whether the password is believed: a 403 speaks of our application or of
 * the structure, and without a code of the trade nobody has said anything. Then the call that needs no right decides.
 */
export function leavesOpen(answer: Answer): boolean {
  if (answer.call !== ACCOUNT_CALL) return false;
  if (answer.status === 403) return true;
  if (answer.status !== 200 || meaningOf(answer) === 'network') return false;
  return answer.code === null || rowOf(answer) === undefined;
}

/** The rights that the answer about active structures shows; `listed` is null where its list cannot be read. */
export function rightsOf(answer: Answer, listed: Listed | null): Rights {
  const { status, code } = answer;
  if ((status !== 200 && status !== 400) || meaningOf(answer) === 'down') return NO_RIGHTS_READ;
  const said = saidBy(answer);
  if (said === 'nothing-found') return { entitled: false, structures: [] };
  if (said === 'no-right') return { entitled: false, structures: null };
  if (status !== 200 || code !== 0 || listed === null) return NO_RIGHTS_READ;
  if (listed.count > 0 && listed.structures.length === 0) return { entitled: true, structures: null };
  return { entitled: listed.count > 0, structures: listed.structures };
}

/** Why a verdict is less than it should be; null where all is well, or where the rights could not be read. */
export function causeIn(verdict: Verdict): Cause | null {
  if (verdict.kind !== 'accepted') return verdict.cause;
  return verdict.entitled === false ? 'not-entitled' : null;
}

/** Where nobody was asked. */
function unasked(cause: 'not-configured' | 'vault-shut'): Verdict {
  const evidence = { call: 'none', status: null, authenticate: null, returned: null, excerpt: null };
  return { kind: 'undetermined', cause, evidence, retryAfterMs: null };
}

/** The verdict where no PISTE application is set up for the environment. */
export const NOT_CONFIGURED = unasked('not-configured');
/** The verdict where the vault could not open the password. */
export const VAULT_SHUT = unasked('vault-shut');
