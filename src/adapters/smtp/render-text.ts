// The plain part of a letter: wrapped lines that stay readable in any mail client, in any typeface.
import type { Block, WordedLetter } from '../../domain/notification/letter.ts';

/** Columns of a line; only a word that is longer goes beyond. */
const WIDTH = 76;
/** Columns that a label may take before its value moves on. */
const LABEL = 32;

/** Renders the plain text part: the first line, then the blocks, a blank line between them; lines end with `\n`. */
export function renderText(letter: WordedLetter): string {
  const parts = [wrapped(letter.firstLine), ...letter.blocks.map(textOf)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return underlined(block.text);
    case 'paragraph':
      return wrapped(block.text);
    case 'notice':
      return wrapped(block.text, '  | ', '  | ');
    case 'facts':
      return labelled(block.rows);
    case 'steps':
      return block.items.map((item, at) => numbered(item, at + 1)).join('\n');
    case 'list':
      return block.items.map((item) => wrapped(item, '  - ', '    ')).join('\n');
    case 'link':
      // Alone and unwrapped on its line, so that a mail client sees where it begins and ends.
      return `${wrapped(block.label)}\n${block.url}`;
    case 'table':
      return tableOf(block.caption, block.head, block.rows);
  }
}

function underlined(text: string): string {
  const lines = wrapped(text);
  return `${lines}\n${'-'.repeat(Math.max(...lines.split('\n').map((line) => line.length)))}`;
}

function numbered(item: string, number: number): string {
  return wrapped(item, `${String(number).padStart(3)}. `, '     ');
}

/** Labels in one column, values in the next, wrapped under their own beginning. */
function labelled(rows: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.min(LABEL, Math.max(...rows.map(([label]) => label.length)));
  return rows
    .map(([label, value]) => wrapped(value, `  ${label.padEnd(width)}  `, ' '.repeat(width + 4)))
    .join('\n');
}

/** A row becomes a group of labelled lines: columns side by side would not survive a narrow screen. */
function tableOf(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const groups = rows.map((row) => labelled(row.map((cell, at) => [head[at] ?? '', cell] as const)));
  return [wrapped(caption), ...groups].join('\n\n');
}

/** Breaks at ordinary spaces only, never at a no-break one. */
function wrapped(text: string, first = '', next = ''): string {
  let out = '';
  let lead = first;
  let from = 0;
  // Each line: as far as fits, back to the last space; a word that is too long stands alone.
  while (lead.length + text.length - from > WIDTH) {
    const room = from + WIDTH - lead.length;
    let end = text.lastIndexOf(' ', room);
    if (end <= from) end = text.indexOf(' ', from + 1);
    if (end === -1) break;
    out += `${(lead + text.slice(from, end)).trimEnd()}\n`;
    from = end + 1;
    lead = next;
  }
  return out + (lead + text.slice(from)).trimEnd();
}
