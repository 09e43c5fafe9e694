// Renders a worded letter as the two parts of a mail, plain text and HTML: the same blocks, the same words, the same order.

import { html } from 'ghtml';
import type { Block, WordedLetter } from '../../domain/notification/letter.ts';

/** Both parts of a letter: the same words in the same order, the first line first. */
export function renderLetter(letter: WordedLetter): { readonly text: string; readonly html: string } {
  return { text: renderText(letter), html: renderHtml(letter) };
}

/** The width of a line, in columns; only a longer word exceeds it. */
const WIDTH = 76;

/** The widest label, in columns, next to which values are aligned. */
const LABEL = 32;

/** Renders the plain text part: the first line, then the blocks, a blank line between them; lines end with `\n`. */
function renderText(letter: WordedLetter): string {
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
    case 'command':
      return block.text;
    case 'line':
      return '='.repeat(WIDTH);
    case 'link':
      // Unwrapped on a line of its own, so that a mail client finds its beginning and end.
      return `${wrapped(block.label)}\n${block.url}`;
    case 'links':
      return block.items.map(([label, url]) => `${label} – ${url}`).join('\n');
    case 'table':
      return textTable(block.caption, block.head, block.rows);
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

/** Each row becomes a group of labelled lines: columns side by side would break on a narrow screen. */
function textTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const groups = rows.map((row) => labelled(row.map((cell, at) => [head[at] ?? '', cell] as const)));
  return [wrapped(caption), ...groups].join('\n\n');
}

/** Breaks at ordinary spaces only, never at a no-break one. */
function wrapped(text: string, first = '', next = ''): string {
  let out = '';
  let lead = first;
  let from = 0;
  // Each line ends at the last space that fits; a word that is too long gets a line of its own.
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

/** Readable from 320 px up and in dark mode; clients that drop it still show plain headings, lists and tables. */
const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 16px; background: #ffffff; color: #1b1b1f; overflow-wrap: anywhere;
  font: 16px/1.5 "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 44em; margin: 0 auto; }
h1 { margin: 0 0 20px; font-size: 20px; line-height: 1.35; }
h2 { margin: 32px 0 8px; font-size: 17px; line-height: 1.35; color: #1d3f72; }
p { margin: 0 0 12px; }
hr { margin: 32px 0 0; border: 0; border-top: 1px solid #c4c7d0; }
ol, ul { margin: 0 0 16px; padding-left: 28px; }
li { margin: 0 0 8px; padding-left: 4px; }
.notice { margin: 0 0 16px; padding: 10px 14px; border-left: 4px solid #8a5a00; background: #fdf3dc; font-weight: 600; }
.link { margin: 0 0 16px; padding: 10px 14px; border: 2px solid #1d3f72; }
.link a, .about a { color: #0b57d0; }
.about { font-size: 14px; }
.about a + a { margin-left: 1em; }
table { width: 100%; margin: 0 0 16px; border-collapse: collapse; }
caption { padding: 0 0 6px; text-align: left; font-weight: 600; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid #c4c7d0; text-align: left; vertical-align: top; }
th { font-weight: 600; color: #44474f; }
.rows th, .rows td { overflow-wrap: break-word; }
.rows .long { overflow-wrap: anywhere; }
.facts { border-top: 2px solid #1d3f72; }
.facts th { width: 32%; }
@media (max-width: 700px) {
  h1 { font-size: 18px; }
  .facts tr, .facts th, .facts td, .rows tr, .rows td { display: block; width: auto; }
  .facts th, .facts td { padding: 0; border: 0; }
  .facts tr { padding: 6px 0; border-bottom: 1px solid #c4c7d0; }
  .rows thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .rows caption { display: block; }
  .rows tr { padding: 8px 0; border-bottom: 1px solid #c4c7d0; }
  .rows td { padding: 0 0 2px; border: 0; }
  .rows td::before { content: attr(data-label); display: block; font-size: 14px; font-weight: 600; color: #44474f; }
}
@media (prefers-color-scheme: dark) {
  body { background: #1b1b1f; color: #eceef4; }
  h2, .link a, .about a { color: #a9c7ff; }
  th, .rows td::before { color: #c4c7d0; }
  th, td, .facts tr, .rows tr { border-color: #5c5f68; }
  .facts, .link { border-color: #a9c7ff; }
  .notice { background: #3a2f14; border-color: #e0b252; }
}`;

/** Renders the HTML part: a whole document in the letter's language, the first line as its title and opening. */
function renderHtml(letter: WordedLetter): string {
  const { language, subject, firstLine, blocks } = letter;
  return [
    '<!doctype html>',
    html`<html lang="${language}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    // Letters contain telephone numbers and SIRETs: a client must not turn them into links.
    '<meta name="format-detection" content="telephone=no, date=no, address=no">',
    html`<title>${subject}</title>`,
    `<style>${STYLE}\n</style>`,
    '</head>',
    '<body>',
    '<main>',
    html`<h1>${firstLine}</h1>`,
    ...blocks.map(htmlOf),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return html`<h2>${block.text}</h2>`;
    case 'paragraph':
      return html`<p>${block.text}</p>`;
    case 'command':
      return html`<p><code>${block.text}</code></p>`;
    case 'notice':
      return html`<p class="notice">${block.text}</p>`;
    case 'steps':
      return element('ol', block.items.map(listItem));
    case 'list':
      return element('ul', block.items.map(listItem));
    case 'facts':
      return element('table class="facts"', [element('tbody', block.rows.map(factRow))]);
    case 'line':
      return '<hr>';
    case 'link':
      return linkOf(block.label, block.url);
    case 'links':
      return element('p class="about"', [block.items.map(aboutOf).join(' ')]);
    case 'table':
      return htmlTable(block.caption, block.head, block.rows);
  }
}

/** A word that would push a column beyond the page may be broken anywhere; logins and names are not broken. */
const LONG_WORD = /[^ ]{41}/;

const listItem = (text: string) => html`<li>${text}</li>`;

/** The text of the link is the URL itself, so that a recipient who was advised to check it sees where it leads. */
const linkOf = (label: string, url: string) =>
  html`<p class="link"><strong>${label}</strong><br><a href="${url}">${url}</a></p>`;

/** Named by its label alone: who wants to see where it leads finds that in the text part. */
const aboutOf = ([label, url]: readonly [label: string, url: string]) => html`<a href="${url}">${label}</a>`;

const factRow = ([label, value]: readonly [label: string, value: string]) =>
  html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`;

/** On a narrow screen each cell is shown under the name of its column, from `data-label`. */
function htmlTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = head.map((name) => html`<th scope="col">${name}</th>`);
  const cell = (text: string, at: number) =>
    html`<td class="${LONG_WORD.test(text) ? 'long' : 'short'}" data-label="${head[at] ?? ''}">${text}</td>`;
  return element('table class="rows"', [
    html`<caption>${caption}</caption>`,
    element('thead', [element('tr', names)]),
    element(
      'tbody',
      rows.map((row) => element('tr', row.map(cell))),
    ),
  ]);
}

/** Wraps markup that is escaped already; `tag` may contain attributes, and neither ever comes from a letter. */
function element(tag: string, inner: readonly string[]): string {
  return [`<${tag}>`, ...inner, `</${tag.split(' ')[0]}>`].join('\n');
}
