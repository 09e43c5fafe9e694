// From the answers of a proof to its verdict: when to ask once more, what two answers say together, which rights there are.
import { saidBy } from './return-codes.ts';
import type { Structure } from './technical-user.ts';
import type { Cause, Evidence, Verdict } from './verdict.ts';
import type { Answer } from './verdict-answer.ts';
import { type Meaning, meaningOf } from './verdict-table.ts';

/** What to do after an answer: ask once more with a new token, look at the rights, or stop. */
export type Judgement =
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

const NO_RIGHTS_READ: Rights = { entitled: null, structures: null };

/**
 * Judges an answer in the light of the one before it, if this is the second look. A second look is the last: what it
 * leaves open is undetermined, but for the same causeless 401 with a new token, which can only speak of the password.
 */
export function judge(answer: Answer, before: Answer | null): Judgement {
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

/** Each refusal, and each 401 that may be one, counts for the lock of the account. */
function withCost(answer: Answer, before: Answer | null): Evidence {
  const costs = [before, answer].filter((one) => one !== null && /^(refused|no-cause)$/.test(meaningOf(one)));
  return costs.length === 0 ? answer.evidence : { ...answer.evidence, failedLogins: costs.length };
}

/** The verdict on a believed password. `answer` is the one that `judge` believed. */
export function accepted(answer: Answer, before: Answer | null, rights: Rights): Verdict {
  return { kind: 'accepted', ...rights, evidence: withCost(answer, before) };
}

/**
 * The refusal where the call about the rights says that login or password are wrong, though the call before it found
 * nothing to say against them; null where it does not. That one surely looks at the account, the other one most likely.
 */
export function refusedAfterAll(rights: Answer, before: Answer | null): Verdict | null {
  return meaningOf(rights) === 'refused' ? refused(withCost(rights, before)) : null;
}

/**
 * The rights that the answer about active structures shows; `listed` is null where its list cannot be read. But for
 * `refusedAfterAll`, it says nothing against the password: that was believed by the call before.
 */
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
