// Values and whole letters made fit to print: structures in a few words, subjects, lines that stay one line.
import type { Environment, Language, Structure } from '../../domain/account/technical-user.ts';
import type { Block, SenderProfile, WordedLetter } from '../../domain/notification/letter.ts';
import { ZONE } from '../../domain/shared/calendar.ts';
import { frenchSigns, momentInWords, unbroken } from '../../foundation/typography.ts';

/** An instant (ms) in words, in the time zone Europe/Paris. */
export function instantInWords(at: number, language: Language): string {
  const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE);
  return momentInWords(here.toPlainDateTime(), language);
}

const PLATFORMS: Readonly<Record<Language, Readonly<Record<Environment, string>>>> = {
  fr: { production: 'Chorus Pro', qualification: 'Chorus Pro, plateforme de test (qualification)' },
  en: { production: 'Chorus Pro', qualification: 'Chorus Pro, test platform (qualification)' },
};

/** The portal of an account, in words. */
export function platformInWords(environment: Environment, language: Language): string {
  return PLATFORMS[language][environment];
}

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
export const heading = (text: string): Block => ({ kind: 'heading', text });
export const notice = (text: string): Block => ({ kind: 'notice', text });

/** The sender as letters name it: no line end divides its phone number. */
export function withUnbrokenPhone(sender: SenderProfile): SenderProfile {
  const { phone } = sender.itService;
  return { ...sender, itService: { ...sender.itService, phone: phone === null ? null : unbroken(phone) } };
}

/** Characters that could break a line or a header, or reverse the direction of reading invisibly. */
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

/** Characters for names in a subject: what is asked, and by when, come first and are never cut. */
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

/** A web address that needs no typesetting, and that no mail program ends early. */
const WEB_ADDRESS = /^https?:\/\/[\x21-\x7E]+$/;

/** Links are secrets of their recipient: they are neither changed, nor cached, nor shown in an error. */
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
    case 'line':
      return block;
    case 'command':
      return { kind: 'command', text: oneLine(block.text) };
    case 'link':
      return { kind: 'link', label: set(block.label), url: checkedLink(block.url) };
    case 'links':
      return { kind: 'links', items: block.items.map(([label, url]) => [set(label), checkedLink(url)]) };
    case 'table':
      return {
        kind: 'table',
        caption: set(block.caption),
        head: block.head.map(set),
        rows: block.rows.map((row) => row.map(set)),
      };
  }
}

/** The number of cached texts: most sentences are the same in all letters. */
const CACHED = 2_000;

/** Computes each text once, as long as the cache has room. */
function cached(set: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= CACHED) known.clear();
    const made = set(text);
    known.set(text, made);
    return made;
  };
}

const SET: Readonly<Record<Language, (text: string) => string>> = {
  fr: cached((text) => frenchSigns(oneLine(text))),
  en: cached(oneLine),
};

/**
 * The last step of every letter: each text is made one line (names come from files and may hold anything), and French
 * gets its spaces and its curly apostrophes. Every letter passes here, so no value needs to be cleaned elsewhere for safety.
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

/** A sentence about some structures; a full sentence where it concerns none in particular. */
export const openedWith = (colon: string) => (names: string, text: string) =>
  names === '' ? text.charAt(0).toUpperCase() + text.slice(1) : `${names}${colon} ${text}`;
