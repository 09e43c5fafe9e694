// Values and whole letters made fit to print: structures in a few words, subjects, lines that stay one line.

import type { Language, Structure } from '../../domain/account/technical-user.ts';
import type { Block, SenderProfile, WordedLetter } from '../../domain/notification/letter.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import { frenchSpacing, momentInWords, unbroken } from '../../foundation/typography.ts';

/** An instant (ms) in words, on the clock of Europe/Paris. */
export function instantInWords(at: number, language: Language): string {
  const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);
  return momentInWords(here.toPlainDateTime(), language);
}

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
export const heading = (text: string): Block => ({ kind: 'heading', text });
export const notice = (text: string): Block => ({ kind: 'notice', text });

/** The sender as letters name it: its phone number is never torn apart. */
export function withUnbrokenPhone(sender: SenderProfile): SenderProfile {
  const { phone } = sender.itService;
  return { ...sender, itService: { ...sender.itService, phone: phone === null ? null : unbroken(phone) } };
}

/** Characters that could break a line or a header, or turn the reading around unseen. */
const UNPRINTABLE =
  /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]+/gu;

/** A text on one line: control characters and invisible ones become a space, runs of spaces one. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, ' ').replace(/ {2,}/g, ' ').trim();
}

/** At most `length` characters, the last one an ellipsis when something was cut off. */
export function shortened(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length
    ? text
    : `${letters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

/** Room for names in a subject: what, and by when, come first and are never cut. */
const SUBJECT_NAMES = 60;

/** `1 échéance dépassée`, `2 échéances dépassées`; nothing for zero. */
export function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}

/** The structures of a letter in a few words, each once: `A`, `A et B`, `A et 2 autres structures`. */
export function structuresInWords(structures: readonly Structure[], language: Language): string {
  const [first = '', second, ...others] = new Map(
    structures.map(({ siret, name }) => [siret, oneLine(name)]),
  ).values();
  const and = language === 'fr' ? 'et' : 'and';
  if (second === undefined) return first;
  if (others.length === 0) return `${first} ${and} ${second}`;
  const more = language === 'fr' ? 'autres structures' : 'other structures';
  return `${first} ${and} ${others.length + 1} ${more}`;
}

/** Names shortened to stay readable in a list of mails. */
export function subjectNames(names: string): string {
  return shortened(oneLine(names), SUBJECT_NAMES);
}

/** A subject: what is asked, by when, then the names. */
export function subjectLine(what: string, names: string): string {
  return names === '' ? what : `${what} – ${subjectNames(names)}`;
}

/** A web address that can stand on a line as it is: nothing in it needs setting, and nothing ends it early. */
const WEB_ADDRESS = /^https?:\/\/[\x21-\x7E]+$/;

/** Links are secrets of their reader: they are neither changed, nor remembered, nor shown in an error. */
function checkedLink(url: string): string {
  if (!WEB_ADDRESS.test(url)) throw new Error('the link of a letter is not a web address');
  return url;
}

function mapBlock(block: Block, set: (text: string) => string): Block {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
    case 'notice':
      return { kind: block.kind, text: set(block.text) };
    case 'steps':
    case 'list':
      return { kind: block.kind, items: block.items.map(set) };
    case 'facts':
      return { kind: 'facts', rows: block.rows.map(([label, value]) => [set(label), set(value)] as const) };
    case 'link':
      return { kind: 'link', label: set(block.label), url: checkedLink(block.url) };
    case 'table':
      return {
        kind: 'table',
        caption: set(block.caption),
        head: block.head.map(set),
        rows: block.rows.map((row) => row.map(set)),
      };
  }
}

/** So many texts are remembered: most of a letter's sentences are the same in all of them. */
const REMEMBERED = 2_000;

/** The same answer for the same text, without reckoning it again. */
function remembering(set: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const made = set(text);
    known.set(text, made);
    return made;
  };
}

const SET: Readonly<Record<Language, (text: string) => string>> = {
  fr: remembering((text) => frenchSpacing(oneLine(text))),
  en: remembering(oneLine),
};

/**
 * The last hand on every letter: each text is made one line (names come from files and may hold anything), and French
 * gets its spaces. Every letter passes here, so no value need be cleaned elsewhere for safety's sake.
 */
export function typeset(letter: WordedLetter): WordedLetter {
  const set = SET[letter.language];
  return {
    language: letter.language,
    subject: set(letter.subject),
    firstLine: set(letter.firstLine),
    blocks: letter.blocks.map((block) => mapBlock(block, set)),
    calendar: letter.calendar.map((entry) => ({
      uid: oneLine(entry.uid),
      on: entry.on,
      summary: set(entry.summary),
      description: set(entry.description),
    })),
  };
}
