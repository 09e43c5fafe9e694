// The proof: Chorus Pro is asked about the candidate, within a window and a budget of failures; its answer decides.
//
// Invariant: a call is counted before it is made. A crash in between counts as a failure, for it may have been one.

import { type Judged, judge, judgeFormer } from '../../domain/rotation/apply-verdict.ts';
import { applied, both, stay } from '../../domain/rotation/change-set.ts';
import { claimQuestion, type Question } from '../../domain/rotation/claim-check.ts';
import type { Asker } from '../../domain/rotation/may-ask.ts';
import { type ClaimedSink, claimEverySink } from '../../domain/rotation/publication.ts';
import type { Book, RotationRules, Turn } from '../../domain/rotation/rotation.ts';
import { causeLine } from '../../domain/verification/cause-line.ts';
import { causeIn } from '../../domain/verification/classify-answer.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { note } from '../monitoring/platforms.ts';
import { anotherWorks } from '../monitoring/probe.ts';
import { type HandoverWorld, nowOf, putQuestion, underLease } from './rotation-ports.ts';

/** A question that was claimed with its lease, and as whom its successor is asked. */
export interface Asked {
  readonly lease: string;
  readonly question: Question;
  readonly by: Asker;
}

/** What a proof came to, the book as it is then, and the sinks that were claimed with it. */
export interface Proved {
  /** Null where only the former password was asked about. */
  readonly judged: Judged | null;
  readonly book: Book;
  readonly claimed: readonly ClaimedSink[];
}

/**
 * Asks what is to be asked about the account now, or goes on with a question claimed already: after a refused candidate the
 * former password, after a refused former one the candidate where somebody waits for it. Returns what it came to and the
 * book as it is then; null when nothing was to be asked.
 */
export async function verify(
  world: HandoverWorld,
  userId: number,
  asked: Asked | null = null,
): Promise<Proved | null> {
  const { rotations, rules } = world;
  let next = asked;
  if (next === null) {
    const lease = world.newId();
    next = await rotations.turn(userId, (book) =>
      claimNext(book, lease, { by: 'daemon', rules }, nowOf(world)),
    );
  }
  let proved: Proved | null = null;
  let judged: Judged | null = null;
  while (next !== null) {
    const step: Step = await askOne(world, userId, next);
    judged = step.judged ?? judged;
    proved = { ...step, judged };
    next = step.next;
  }
  return proved;
}

/** What one answer decides, and the question that was claimed with it. */
interface Outcome extends Omit<Proved, 'book'> {
  readonly next: Asked | null;
}

type Step = Outcome & Pick<Proved, 'book'>;

/** Asks one question; its answer and the claim of the next one are one transaction. */
async function askOne(world: HandoverWorld, userId: number, { lease, question, by }: Asked): Promise<Step> {
  const { rotations, rules } = world;
  const verdict = await underLease(world, userId, lease, () => putQuestion(world, question, false));
  const nextLease = world.newId();
  const step = await rotations.turn(userId, (book) => {
    const now = nowOf(world);
    const decided = both(
      book,
      apply(book, lease, question, verdict, rules, now),
      (after, outcome): Turn<Outcome> => {
        if (outcome.judged === 'accepted') {
          const { changes, answer: claimed } = claimEverySink(after, world.newId, rules, now);
          return { changes, answer: { ...outcome, claimed, next: null } };
        }
        if (!outcome.goesOn) return stay({ ...outcome, claimed: [], next: null });
        const { changes, answer: next } = claimNext(after, nextLease, { by, rules }, now);
        return { changes, answer: { ...outcome, claimed: [], next } };
      },
    );
    return { changes: decided.changes, answer: { ...decided.answer, book: applied(book, decided.changes) } };
  });
  if (step.judged !== null) tell(world, userId, question, verdict, step.judged);
  await heed(world, question, verdict);
  return step;
}

/** What an answer decides; `goesOn`: it was a refusal, after which another question may be due at once. */
function apply(
  book: Book,
  lease: string,
  { about }: Question,
  verdict: Verdict,
  rules: RotationRules,
  now: number,
): Turn<{ judged: Judged | null; goesOn: boolean }> {
  if (about === 'former') {
    const { changes, answer } = judgeFormer(book, lease, verdict, rules, now);
    return { changes, answer: { judged: null, goesOn: answer === false } };
  }
  const { changes, answer: judged } = judge(book, lease, verdict, rules, now);
  return { changes, answer: { judged, goesOn: judged === 'refused' } };
}

function claimNext(
  book: Book,
  lease: string,
  how: { readonly by: Asker; readonly rules: RotationRules },
  now: number,
): Turn<Asked | null> {
  const { changes, answer: question } = claimQuestion(book, lease, how, now);
  return { changes, answer: question === null ? null : { lease, question, by: how.by } };
}

/**
 * Tells the platform's book of an answer. Where one password has no answer for the second time, another account is asked:
 * it may be this one's matter alone.
 */
async function heed(world: HandoverWorld, { user, rotation }: Question, verdict: Verdict): Promise<void> {
  const { environment, id } = user;
  if (verdict.kind === 'undetermined' && rotation.asked > 0) await anotherWorks(world, environment, id);
  await note(world, environment, id, verdict);
}

/** What the log says of an answer; why follows in words. */
const LOGGED: Readonly<Record<Judged, string>> = {
  accepted: 'password proven',
  refused: 'password refused',
  'refused-for-good': 'password refused to the end',
  undetermined: 'no answer about the password',
  'not-ours': 'an answer about a password that is no longer in hand',
};

function tell(
  { journal }: HandoverWorld,
  userId: number,
  { rotation }: Question,
  verdict: Verdict,
  judged: Judged,
): void {
  const { evidence } = verdict;
  const cause = causeIn(verdict);
  const facts = { userId, rotation: rotation.id, judged, cause, evidence };
  const said = cause === null ? LOGGED[judged] : `${LOGGED[judged]}: ${causeLine(cause)}`;
  if (judged === 'accepted' && cause === null) journal.info(facts, said);
  else journal.warn(facts, said);
}
