// Classifies the answers of a check into a verdict: when to repeat the call, which call to make, which rights there are.
import type { Structure } from '../account/technical-user.ts';
import { ACCOUNT_CALL, type CallAnswer } from './answer.ts';
import { type Meaning, meaningOf, rowOf, saidBy } from './answer-table.ts';
import type { Cause, Evidence, Verdict } from './verdict.ts';

/** `again`: repeat the call with a new token. */
export type Classification =
  | { readonly kind: 'again' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'settled'; readonly verdict: Exclude<Verdict, { kind: 'accepted' }> };

/** Null for what could not be read. */
export interface Rights {
  readonly entitled: boolean | null;
  readonly structures: readonly Structure[] | null;
}

/** The structures of an answer: their number, and those that have a SIRET. */
export interface StructureList {
  readonly count: number;
  readonly structures: readonly Structure[];
}

/** From this difference on, in ms, the clocks explain why no token is accepted. */
const CLOCK_FAULT_MS = 10 * 60_000;

export const NO_RIGHTS_READ: Rights = { entitled: null, structures: null };

/**
 * Classifies an answer; `before` is the first answer, if this is the second one. The second is the last: what it leaves
 * open is undetermined, except the same causeless 401 with a new token, which can only be about the password.
 */
export function classifyAnswer(answer: CallAnswer, before: CallAnswer | null): Classification {
  const meaning = meaningOf(answer);
  const evidence = withCost(answer, before);
  if (meaning === 'accepted') return { kind: 'accepted' };
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
  meaning: Exclude<Meaning, 'accepted' | 'refused'>,
  answer: CallAnswer,
): Exclude<Cause, 'password-refused'> {
  if (meaning === 'down') return answer.call === 'token' ? 'piste-down' : 'chorus-pro-down';
  if (meaning === 'no-cause') return 'unreadable';
  if (meaning !== 'stale-token') return meaning;
  // A brand-new token is not accepted: either the clocks differ, or PISTE refuses our application.
  return Math.abs(answer.skewMs ?? 0) > CLOCK_FAULT_MS ? 'our-clock' : 'token-refused';
}

/** Whether two answers say the same; bodies may contain a time or a number of their own. */
function isSame(one: CallAnswer, other: CallAnswer): boolean {
  const said = ({ call, status, body, code, challenges }: CallAnswer) =>
    JSON.stringify([call, status, body, code, challenges.map((c) => [c.realm, c.error, c.description])]);
  return said(one) === said(other);
}

/**
 * Each refusal, and each 401 that may be one, counts for the lock of the account. So does a second call without an answer:
 * it may have failed.
 */
function withCost(answer: CallAnswer, before: CallAnswer | null): Evidence {
  const mayHaveFailed = (one: CallAnswer) => /^(refused|no-cause)$/.test(meaningOf(one));
  const first = before !== null && mayHaveFailed(before) ? 1 : 0;
  const second = mayHaveFailed(answer) || (first > 0 && isLost(answer)) ? 1 : 0;
  return first + second === 0 ? answer.evidence : { ...answer.evidence, failedLogins: first + second };
}

/** The password was sent, and no answer came. */
function isLost(answer: CallAnswer): boolean {
  const { call, unsent } = answer.evidence;
  return meaningOf(answer) === 'network' && call !== 'token' && call !== 'none' && unsent !== true;
}

/** The verdict on an accepted password. `answer` is the one that `classifyAnswer` accepted. */
export function accepted(answer: CallAnswer, before: CallAnswer | null, rights: Rights): Verdict {
  return { kind: 'accepted', ...rights, evidence: withCost(answer, before) };
}

/**
 * Whether the call about the account leaves the password undecided: a 403 is about our application or the structure, and an
 * answer without a business code says nothing. Then the call that needs no right decides.
 */
export function leavesOpen(answer: CallAnswer): boolean {
  if (answer.call !== ACCOUNT_CALL) return false;
  if (answer.status === 403) return true;
  if (answer.status !== 200 || meaningOf(answer) === 'network') return false;
  return answer.code === null || rowOf(answer) === undefined;
}

/** The rights in the answer about active structures; `listed` is null when its list cannot be read. */
export function rightsOf(answer: CallAnswer, listed: StructureList | null): Rights {
  const { status, code } = answer;
  if ((status !== 200 && status !== 400) || meaningOf(answer) === 'down') return NO_RIGHTS_READ;
  const said = saidBy(answer);
  if (said === 'nothing-found') return { entitled: false, structures: [] };
  if (said === 'no-right') return { entitled: false, structures: null };
  if (status !== 200 || code !== 0 || listed === null) return NO_RIGHTS_READ;
  if (listed.count > 0 && listed.structures.length === 0) return { entitled: true, structures: null };
  return { entitled: listed.count > 0, structures: listed.structures };
}

/** Why a verdict is not a full success; null when it is, or when the rights could not be read. */
export function causeIn(verdict: Verdict): Cause | null {
  if (verdict.kind !== 'accepted') return verdict.cause;
  return verdict.entitled === false ? 'not-entitled' : null;
}

/** The verdict when no call was made. */
function unasked(cause: 'not-configured' | 'vault-shut'): Verdict {
  const evidence = { call: 'none', status: null, authenticate: null, returned: null, excerpt: null };
  return { kind: 'undetermined', cause, evidence, retryAfterMs: null };
}

export const NOT_CONFIGURED = unasked('not-configured');
export const VAULT_SHUT = unasked('vault-shut');
