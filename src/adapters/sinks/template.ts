// Fills templates: those of names and paths, and those of files, where each value is escaped so that readers of the format
// get it back unchanged.
import type { PasswordFacts, Publishable, SinkAccount } from '../../domain/rotation/sink-content.ts';
import {
  ACCOUNT_VALUE,
  type Format,
  insideQuotes,
  isLineFormat,
  type LineFormat,
  NAMES,
  PLACE,
  READERS,
  type SinkReader,
} from '../../foundation/sink-template.ts';
import { accountValues, type FileSettings, SinkFault } from './settings.ts';
import { isReadAs, spell } from './spellings.ts';

type Name = (typeof NAMES)[number];

/** The settings of a sink that its templates may name. */
type AccountsOf = Partial<Pick<FileSettings, 'accounts'>>;

/** The value of one name; throws SinkFault when there is none: a file must not have a blank in the place of a fact. */
export function namedValue(
  name: string,
  settings: AccountsOf,
  content: PasswordFacts | Publishable,
): string | number | boolean {
  const value = factOf(name, settings, content);
  if (value === null || value === '') {
    const remedy = ACCOUNT_VALUE.test(name) ? 'put it under accounts in the file of sinks' : 'record it';
    throw new SinkFault(
      `{{${name}}} has no value for ${content.login}: ${remedy}, or take it out of the template`,
    );
  }
  return value;
}

const textOf = (...of: Parameters<typeof namedValue>) => String(namedValue(...of));

function factOf(name: string, settings: AccountsOf, content: PasswordFacts | Publishable) {
  const [, own] = ACCOUNT_VALUE.exec(name) ?? [];
  if (own !== undefined) {
    const values = accountValues(settings, content.login);
    return Object.hasOwn(values, own) ? (values[own] ?? null) : null;
  }
  if (!(NAMES as readonly string[]).includes(name)) {
    throw new SinkFault(`the template names {{${name}}}, which is not one of ${NAMES.join(', ')}`);
  }
  const known = name as Name;
  if (known !== 'password' && known !== 'cproAccount') return content[known];
  // What makes a connector hold has no password.
  if (!('password' in content)) return null;
  return known === 'password' ? content.password.reveal() : cproAccountOf(content);
}

/** The header `cpro-account` of Chorus Pro's API: what some libraries are given in place of login and password. */
function cproAccountOf({ login, password }: Publishable): string {
  return Buffer.from(`${login}:${password.reveal()}`, 'utf8').toString('base64');
}

/** Fills {{login}} and {{siret}}; anything else is a fault. */
export function fillName(pattern: string, account: SinkAccount): string {
  return pattern.replaceAll(PLACE, (_, name: string) => {
    if (name !== 'login' && name !== 'siret') {
      throw new SinkFault(`${pattern} names {{${name}}}: only {{login}} and {{siret}} may stand there`);
    }
    return account[name];
  });
}

/** The same for a path: a value that could lead out of its folder is a fault; it is never sanitised by guessing. */
export function fillPath(pattern: string, account: SinkAccount): string {
  for (const value of [account.login, account.siret]) {
    if (value === '' || /[/\\\p{Cc}\p{Cs}]|\.\.|^\./u.test(value)) {
      throw new SinkFault(
        `${JSON.stringify(value)} cannot be part of a file name: give this account a sink with a path that does not name it`,
      );
    }
  }
  return fillName(pattern, account);
}

/** The default templates. Dates are left out: they may be unknown. `text` has no default. */
const TEMPLATES: Readonly<Record<Exclude<Format, 'text'>, string>> = {
  json: `{
  "login": "{{login}}",
  "password": "{{password}}",
  "version": {{version}},
  "environment": "{{environment}}",
  "siret": "{{siret}}"
}
`,
  dotenv: `CHORUS_PRO_LOGIN={{login}}
CHORUS_PRO_PASSWORD={{password}}
CHORUS_PRO_PASSWORD_VERSION={{version}}
`,
  ini: `[chorus-pro]
login = {{login}}
password = {{password}}
version = {{version}}
`,
  'ini-plain': `[chorus-pro]
login = {{login}}
password = {{password}}
version = {{version}}
`,
  properties: `chorus-pro.login={{login}}
chorus-pro.password={{password}}
chorus-pro.version={{version}}
`,
  xml: `<?xml version="1.0" encoding="UTF-8"?>
<chorus-pro version="{{version}}">
  <login>{{login}}</login>
  <password>{{password}}</password>
</chorus-pro>
`,
};

type FileContent = Pick<FileSettings, 'format' | 'template' | 'reader'> & AccountsOf;

const ESCAPES: Readonly<Record<Exclude<Format, LineFormat>, (value: string) => string | null>> = {
  json: insideQuotes,
  // Everything outside of letters, digits and a few signs as \uXXXX: read alike in Latin-1 and in UTF-8.
  properties: (value) =>
    value.replaceAll(/[^A-Za-z\d_.@-]/g, (unit) =>
      /[!-~]/.test(unit) ? `\\${unit}` : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  xml,
  text: (value) => value,
};

/** The value of a name and its spelling on a line. Throws SinkFault when it is missing, or cannot be written for the readers. */
export function spelledValue(
  settings: Pick<FileContent, 'format' | 'reader'> & AccountsOf,
  content: Publishable,
  name: string,
): { readonly value: string; readonly raw: string } {
  const value = textOf(name, settings, content);
  return { value, raw: spelled(settings, content.login, { name, value }) };
}

/** A value as its format writes it. Throws SinkFault when it cannot be written for the readers. */
export function spelled(
  { format, reader }: Pick<FileContent, 'format' | 'reader'>,
  login: string,
  { name, value }: { readonly name: string; readonly value: string },
): string {
  const spelling = isLineFormat(format) ? (it: string) => spell(format, reader, it) : ESCAPES[format];
  // A lone surrogate would be written as another character.
  const raw = value.isWellFormed() ? spelling(value) : null;
  if (raw !== null) return raw;
  throw new SinkFault(`the ${name} of ${login} has characters that ${unspelled(format, reader, value)}`);
}

/** The bytes of the file. Throws SinkFault when a value is missing, or cannot be written in the format for its readers. */
export function renderFile(settings: FileContent, content: Publishable): Buffer {
  const text = templateOf(settings.format, settings.template);
  const filled = text.replaceAll(PLACE, (_, name: string) => spelledValue(settings, content, name).raw);
  return Buffer.from(filled, 'utf8');
}

/** Why a value is not written, and the remedy, without any of it. */
function unspelled(format: Format, reader: SinkReader | null, value: string): string {
  const remedy = 'choose the format json for this sink';
  if (reader !== null) return `${format} cannot say to ${reader}: ${remedy}`;
  const able = isLineFormat(format) && READERS[format].some((one) => spell(format, one, value) !== null);
  if (!able) return `${format} cannot say: ${remedy}`;
  const named = `name the program that reads this sink (reader: ${READERS[format].join(', ')})`;
  return `not all readers of ${format} read alike: ${named}, or ${remedy}`;
}

/**
 * Whether the readers of a file that is there read the same values from it, however they are spelled: an earlier release, or a
 * person, spelled them otherwise. Only for formats of lines.
 */
export function readsSame(settings: FileContent, content: Publishable, text: string): boolean {
  const { format, template, reader } = settings;
  if (!isLineFormat(format)) return false;
  const wanted = templateOf(format, template).split('\n');
  const lines = text.split('\n');
  return (
    lines.length === wanted.length &&
    wanted.every((line, index) => {
      const found = lines[index] ?? '';
      const [, before, name, after] = /^([^{]*)\{\{([\w.-]+)\}\}(.*)$/.exec(line) ?? [];
      if (before === undefined || name === undefined || after === undefined) return found === line;
      if (!found.startsWith(before) || !found.endsWith(after)) return false;
      const raw = found.slice(before.length, found.length - after.length);
      return isReadAs(format, reader, raw, textOf(name, settings, content));
    })
  );
}

function templateOf(format: Format, template: string | null): string {
  const text = template ?? (format === 'text' ? null : TEMPLATES[format]);
  if (text === null) throw new SinkFault('the format text needs a template');
  return text;
}

const VERSION = '{{version}}';

/**
 * The version in a file, where its template names one: the number that is placed on a line of the text as in the template,
 * with or without quotes. Null where there is none, or where lines give different versions.
 */
export function versionIn(
  { format, template }: Pick<FileContent, 'format' | 'template'>,
  text: string,
): number | null {
  const line = templateOf(format, template)
    .split('\n')
    .find((one) => one.includes(VERSION));
  if (line === undefined) return null;
  const place = line.indexOf(VERSION);
  const [before, after] = [line.slice(0, place), line.slice(place + VERSION.length)];
  // Next to another value only the text between the two is known; at the ends of a line it is all of the text.
  const last = before.lastIndexOf('}}');
  const head =
    last < 0 ? `^[ \\t]*${RegExp.escape(before.trimStart())}` : RegExp.escape(before.slice(last + 2));
  const next = after.indexOf('{{');
  const tail =
    next < 0 ? `${RegExp.escape(after.trimEnd())}[ \\t\\r]*$` : RegExp.escape(after.slice(0, next));
  const matches = [...text.matchAll(new RegExp(`${head}["']?(\\d{1,15})["']?${tail}`, 'gm'))];
  const versions = new Set(matches.map(([, digits]) => Number(digits)));
  const [only] = versions;
  return versions.size === 1 && only !== undefined ? only : null;
}

/** For text and for attributes: control characters by number too, since a parser turns them into spaces in attributes. */
function xml(value: string): string | null {
  // XML 1.0 cannot express the other control characters.
  if (/[\u{fffe}\u{ffff}]|(?![\t\n\r\x7f-\x9f])\p{Cc}/u.test(value)) return null;
  return value.replaceAll(/[&<>"'\p{Cc}\u2028]/gu, (sign) => `&#${sign.codePointAt(0)};`);
}
