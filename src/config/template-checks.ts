// Checks templates: of a file sink, where values may stand, and what names its reader takes; of the webhook's body.
import {
  ACCOUNT_VALUE,
  EVENT_NAMES,
  type Format,
  isLineFormat,
  NAMES,
  PLACE,
  READERS,
  type SinkReader,
} from '../foundation/sink-template.ts';

/**
 * Checks the template of a file sink before any password arrives: every name is known, every value stands where it can be
 * escaped. Returns words that say what is allowed; null when nothing is wrong.
 */
export function templateFault(format: Format, template: string | null): string | null {
  if (template === null) return format === 'text' ? 'a template, which the format text needs' : null;
  if (!hasOnly(template, NAMES, ACCOUNT_VALUE))
    return `only ${inBraces(NAMES)} and {{account.NAME}} between double braces`;
  if (!SECRETS.some((secret) => template.includes(secret))) return `a template with ${SECRETS.join(' or ')}`;
  return CHECKS[format](template);
}

/** A key of a sink that edits in place, as its settings give it. */
interface EditedKey {
  readonly section: string | null;
  readonly name: string;
  readonly value: string;
}

/** Keys as lines of a template, which are checked like one. */
export const linesOf = (keys: readonly EditedKey[]): string =>
  keys.map(({ name, value }) => `${name}={{${value}}}`).join('\n');

/** What is wrong with keys beside what is wrong with their lines; null when nothing is. */
export function keysFault(
  format: Format,
  template: string | null,
  keys: readonly EditedKey[],
): string | null {
  if (template !== null) return 'no template beside keys: the file is there already';
  if (!isLineFormat(format)) return `a format of lines: ${Object.keys(READERS).join(', ')}`;
  const nested = format === 'dotenv' && keys.some(({ section }) => section !== null);
  return nested ? 'names without sections: dotenv has none' : null;
}

/** The names that hold the password. */
const SECRETS = ['{{password}}', '{{cproAccount}}'];

/** The body of the webhook: JSON, with facts of the event between its quotes. */
export const isEventBody = (template: string): boolean =>
  hasOnly(template, EVENT_NAMES) && json(template) === null;

export const EVENT_BODY = `JSON, with ${inBraces(EVENT_NAMES)} between double quotes`;

function inBraces(names: readonly string[]): string {
  return names.map((name) => `{{${name}}}`).join(' ');
}

/** Whether between double braces there are these names alone, and those of this form. */
function hasOnly(template: string, allowed: readonly string[], form = /^(?!)/): boolean {
  const names = [...template.matchAll(PLACE)].map(([, name]) => name ?? '');
  return (
    names.every((name) => allowed.includes(name) || form.test(name)) &&
    !template.replaceAll(PLACE, '').includes('{{')
  );
}

/** What may be named as the reader of a format; null when this one may. */
export function readerFault(format: Format, reader: SinkReader): string | null {
  const known: readonly SinkReader[] = isLineFormat(format) ? READERS[format] : [];
  if (known.includes(reader)) return null;
  return known.length > 0 ? `one of ${known.join(', ')}` : 'no reader: all programs read this format alike';
}

/** How a line of dotenv must begin for readers that take fewer names than others, and the words for it. */
const NAMES_READ: Partial<Record<SinkReader, readonly [RegExp, string]>> = {
  ruby: [/^\s*(?:export\s+)?[\w.]+\s*=/, 'names without a hyphen, for ruby'],
  php: [/^\s*(?:export\s+)?[\w.]+\s*=/, 'names without a hyphen, for php'],
  systemd: [/^\s*[A-Za-z_]\w*\s*=/, 'names of letters, digits and _, without export, for systemd'],
  shell: [
    /^\s*(?:export\s+)?[A-Za-z_]\w*=\{/,
    'names of letters, digits and _, no blanks beside =, for shell',
  ],
};

/** What the names of a dotenv template must be like for some readers; null when they are. */
export function nameFault(
  format: Format,
  template: string | null,
  readers: readonly SinkReader[],
): string | null {
  if (format !== 'dotenv' || template === null) return null;
  // To a shell it is a part of the value.
  if (readers.includes('shell') && template.includes('\r'))
    return 'lines that end in \\n, not in \\r\\n, for shell';
  const lines = template.split('\n').filter((line) => line.includes('{{'));
  const faults = readers.flatMap((reader) => {
    const [right, words] = NAMES_READ[reader] ?? [/^/, ''];
    return lines.every((line) => right.test(line)) ? [] : [words];
  });
  return faults[0] ?? null;
}

const CHECKS: Readonly<Record<Format, (template: string) => string | null>> = {
  json,
  dotenv: lineByLine,
  ini: lineByLine,
  'ini-plain': lineByLine,
  properties: outsideComments,
  xml,
  text: () => null,
};

/** With harmless values filled in it must be JSON, so every text stands between quotes. */
function json(template: string): string | null {
  const filled = template.replaceAll(PLACE, (_, name: string) => (name === 'version' ? '1' : 'x'));
  try {
    JSON.parse(filled);
    return null;
  } catch {
    return 'JSON, each placeholder between double quotes ({{version}} may stand without)';
  }
}

/** The format sets the quotes itself, so a value must be the whole rest of its line. */
function lineByLine(template: string): string | null {
  const fits = template
    .split('\n')
    .filter((line) => line.includes('{{'))
    // Beside a value other blanks, such as a no-break space, are a part of it to some readers.
    .every((line) => /^[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=[ \t]*\{\{[\w.-]+\}\}[ \t]*\r?$/.test(line));
  return fits
    ? null
    : 'each placeholder as the whole value of its line, without quotes, and blanks or tabs alone beside it: NAME={{password}}';
}

function outsideComments(template: string): string | null {
  const fits = template.split('\n').every((line) => !/^\s*[#!]/.test(line) || !line.includes('{{'));
  return fits ? null : 'no placeholder in a comment';
}

/** A value in a comment or in CDATA cannot be escaped. */
function xml(template: string): string | null {
  const raw = template.match(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[?!][^>]*>/g) ?? [];
  if (raw.some((part) => part.includes('{{')))
    return 'no placeholder in a comment, in CDATA or in a declaration';
  const tags = template.match(/<[^>]*>/g) ?? [];
  const quoted = tags.every((tag) => !tag.replaceAll(/"[^"]*"|'[^']*'/g, '').includes('{{'));
  return quoted ? null : 'placeholders as text, or within the quotes of an attribute';
}
