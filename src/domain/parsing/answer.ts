// Reads what a manager answers under the link of a letter, without a secret: a kind, with a day or a line of text.
import type { AnswerKind } from '../account/technical-user.ts';
import { composed, holdsGenerated, withoutInvisible } from './characters.ts';
import { readDay } from './date.ts';

/** An answer as it was typed. */
export type TypedAnswer =
  | { readonly kind: 'will-do' | 'away'; readonly day: string }
  | { readonly kind: 'successor' | 'call-back'; readonly text: string }
  | { readonly kind: 'done-already' };

/** `text-secret`: it holds what looks like a password, and a password is never kept or mailed as text. */
export type AnswerFindingCode =
  | 'day-malformed'
  | 'day-past'
  | 'day-too-far'
  | 'text-missing'
  | 'text-too-long'
  | 'text-secret';

/** An answer that can be kept: its day (ISO), and its text in one line. */
export interface ReadAnswer {
  readonly kind: AnswerKind;
  readonly day: string | null;
  readonly text: string | null;
}

/** The longest text, in characters. */
const LONGEST = 200;
/** Nobody plans further ahead; a later day is a typing error. */
const FURTHEST = { years: 1 };

/** Reads an answer; `today` is the day on which it was typed. */
export function readAnswer(typed: TypedAnswer, today: Temporal.PlainDate): ReadAnswer | AnswerFindingCode {
  const { kind } = typed;
  switch (kind) {
    case 'will-do':
    case 'away': {
      const read = readDay(typed.day);
      if (!read.ok) return 'day-malformed';
      const day = read.value;
      if (Temporal.PlainDate.compare(day, today) < 0) return 'day-past';
      if (Temporal.PlainDate.compare(day, today.add(FURTHEST)) > 0) return 'day-too-far';
      return { kind, day: day.toString(), text: null };
    }
    case 'successor':
    case 'call-back': {
      const text = inOneLine(typed.text);
      if (text === '') return kind === 'successor' ? 'text-missing' : { kind, day: null, text: null };
      if ([...text].length > LONGEST) return 'text-too-long';
      if (holdsGenerated(text)) return 'text-secret';
      return { kind, day: null, text };
    }
    case 'done-already':
      return { kind, day: null, text: null };
  }
}

/** One line of characters that can be seen: nothing in it steers a terminal, or the direction of writing. */
function inOneLine(typed: string): string {
  const seen = withoutInvisible(typed.toWellFormed()).replaceAll(/[\p{Cf}\p{Co}]/gu, '');
  return composed(seen.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim());
}
