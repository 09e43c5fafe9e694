// The proof: Chorus Pro is asked about the candidate, within a window and a budget of failures; its answer decides.
//
// Invariant: a call is counted before it is made. A crash in between counts as a failure, for it may have been one.

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
import { type HandoverWorld, nowOf, openCredential, underLease } from './handover-world.ts';

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
  const verdict = await underLease(world, userId, lease, () => ask(world, question));
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
  if (after.judged === 'refused') await askFormer(world, userId);
  return after;
}

/** Where the former password works still, the reset was never submitted. */
async function askFormer(world: HandoverWorld, userId: number): Promise<void> {
  const { rotations, rules } = world;
  const lease = world.newId();
  const question = await rotations.turn(userId, (book) => claimFormer(book, lease, rules, nowOf(world)));
  if (question === null) return;
  const verdict = await underLease(world, userId, lease, () => ask(world, question));
  await rotations.turn(userId, (book) => judgeFormer(book, lease, verdict, nowOf(world)));
}

async function ask(world: HandoverWorld, { credential, user }: Question): Promise<Verdict> {
  const password = await openCredential(world, credential);
  return password === null ? NOT_ASKED : world.proof.check(user.environment, user.login, password);
}

/** The vault could not open the password: nobody was asked, and nothing is known. */
const NOT_ASKED: Verdict = {
  kind: 'undetermined',
  cause: 'not-configured',
  evidence: { call: 'none', status: null, authenticate: null, returned: null, excerpt: 'the vault is shut' },
  retryAfterMs: null,
};

function tell(
  { journal }: HandoverWorld,
  userId: number,
  { rotation }: Question,
  verdict: Verdict,
  judged: Judged,
): void {
  const { evidence } = verdict;
  const cause = verdict.kind === 'accepted' ? null : verdict.cause;
  const facts = { userId, rotation: rotation.id, judged, cause, evidence };
  if (judged === 'accepted') journal.info(facts, 'password proven');
  else journal.warn(facts, `password ${judged}`);
}
