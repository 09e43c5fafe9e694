// A worded letter as a person reads it: ordinary spaces, one text, its links apart.
import type { Block, WordedLetter } from '../../../src/domain/notification/letter.ts';

/** Words with ordinary spaces and typed apostrophes. */
export const plain = (text: string) => text.replace(/[\u00A0\u202F]/g, ' ').replaceAll('’', "'");

function textsOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'steps':
    case 'list':
      return block.items;
    case 'facts':
      return block.rows.flat();
    case 'table':
      return [block.caption, ...block.head, ...block.rows.flat()];
    case 'line':
      return [];
    case 'links':
      return block.items.flat();
    case 'link':
      return [block.label, block.url];
    default:
      return [block.text];
  }
}

/** All words of a letter's blocks. */
export const body = (letter: WordedLetter) => plain(letter.blocks.flatMap(textsOf).join('\n'));

/** A personal link anywhere in a letter; the pages that anybody may open are none. */
export const PERSONAL = /https:\/\/[\w.-]+\/[mr]\/./;

/** The links to pages that anybody may open, at the end of a letter: labels with addresses. */
export const pagesOf = (letter: WordedLetter) =>
  letter.blocks.flatMap((block) => (block.kind === 'links' ? block.items : []));

/** The personal links of a letter, in order. */
export const linksOf = (letter: WordedLetter) => letter.blocks.filter((block) => block.kind === 'link');

/** The numbered lists of a letter, in order. */
export const stepsOf = (letter: WordedLetter) =>
  letter.blocks.flatMap((block) => (block.kind === 'steps' ? [block.items.map(plain)] : []));
