// A worded letter as the two parts of a mail: plain text and HTML, made of the same blocks and saying the same.
import type { WordedLetter } from '../../domain/notification/letter.ts';
import { renderHtml } from './render-html.ts';
import { renderText } from './render-text.ts';

/** Both parts of a letter; the same words stand in both, in the same order, the first line first. */
export function renderLetter(letter: WordedLetter): { readonly text: string; readonly html: string } {
  return { text: renderText(letter), html: renderHtml(letter) };
}
