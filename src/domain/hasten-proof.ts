// An agent asks for an answer now: what waits only because nobody answered the last time need not wait any longer.
import { type Book, openRotation, type Turn } from './rotation.ts';
import { Draft, stay } from './rotation-draft.ts';

/**
 * Makes the candidate due at once where its last try brought no answer. One that was refused keeps its window, and the
 * budget of failures is asked as ever. Answers whether it waits less than before.
 */
export function hasten(book: Book, now: number): Turn<boolean> {
  const open = openRotation(book);
  if (open === null || open.stage !== 'candidate' || open.cause === 'password-refused') return stay(false);
  if (open.nextTryAt === null || open.nextTryAt <= now) return stay(false);
  const draft = new Draft(book, now);
  draft.put(open, { nextTryAt: now });
  return draft.turn(true);
}
