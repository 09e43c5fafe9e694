// The proof: Chorus Pro is asked about the candidate, within a window and a budget of failures; its answer decides.
//
// Invariant: a call is counted before it is made. A crash in between counts as a failure, for it may have been one.

import { causeLine } from '../domain/cause-line.ts';
import type { Book, Turn } from '../domain/rotation.ts';
import { applied, both, stay } from '../domain/rotation-draft.ts';
import {
  claimFormer,
  claimProof,
  type Judged,
  judge,
  judgeFormer,
  type Question,
} from '../domain/rotation-proof.ts';
import { type ClaimedSink, claimEverySink } from '../domain/rotation-publish.ts';
import type { Verdict } from '../domain/verdict.ts';
import { causeIn } from '../domain/verdict-of.ts';
import { type HandoverWorld, nowOf, putQuestion, underLease } from './handover-world.ts';
import { note } from './platforms.ts';
import { anotherWorks } from './probe.ts';

/** A question that was claimed with its lease. */
export interface Asked {
  readonly lease: string;
  readonly question: Question;
}

/** What a proof came to, the book as it is then, and the sinks that were claimed with it. */
export interface Proved {
  readonly judged: Judged;
  readonly book: Book;
  readonly claimed: readonly ClaimedSink[];
}

/**
 * Asks about the candidate whose turn it is, or goes on with a question claimed already. Returns what it came to and the
 * book as it is then; null when nothing was to be asked.
 */
export async function verify(
  world: HandoverWorld,
  userId: number,
  asked: Asked | null = null,
): Promise<Proved | null> {
  const { rotations, rules } = world;
  // What a crash or the budget of failures left unasked comes first: it may tell that nothing was submitted.
  if (asked === null) await askFormer(world, userId);
  const lease = asked?.lease ?? world.newId();
  const question =
    asked?.question ?? (await rotations.turn(userId, (book) => claimProof(book, lease, rules, nowOf(world))));
  if (question === null) return null;
  const verdict = await underLease(world, userId, lease, () => putQuestion(world, question, false));
  const after = await rotations.turn(userId, (book) => {
    const proved = both(
      book,
      judge(book, lease, verdict, rules, nowOf(world)),
      (next, judged): Turn<{ judged: Judged; claimed: readonly ClaimedSink[] }> => {
        if (judged !== 'accepted') return stay({ judged, claimed: [] });
        const { changes, answer: claimed } = claimEverySink(next, world.newId, rules, nowOf(world));
        return { changes, answer: { judged, claimed } };
      },
    );
    return { ...proved, answer: { ...proved.answer, book: applied(book, proved.changes) } };
  });
  tell(world, userId, question, verdict, after.judged);
  await heed(world, question, verdict);
  if (after.judged === 'refused') await askFormer(world, userId);
  return after;
}

/** Where the former password works still, the reset was never submitted. */
async function askFormer(world: HandoverWorld, userId: number): Promise<void> {
  const { rotations, rules } = world;
  const lease = world.newId();
  const question = await rotations.turn(userId, (book) => claimFormer(book, lease, rules, nowOf(world)));
  if (question === null) return;
  const verdict = await underLease(world, userId, lease, () => putQuestion(world, question, false));
  await rotations.turn(userId, (book) => judgeFormer(book, lease, verdict, nowOf(world)));
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
