// What a file says: a template filled in, each value escaped so that the format's readers get it back unchanged.
import type { Publishable } from '../../domain/rotation/sink-content.ts';
import { fill } from './placeholders.ts';
import { type Format, SinkFault } from './settings.ts';

/** The templates used where none is given. Dates are left out: they may be unknown. `text` has none of its own. */
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

const ESCAPES: Readonly<Record<Format, (value: string) => string | null>> = {
  // Inside quotes that the template has.
  json: (value) => JSON.stringify(value).slice(1, -1),
  dotenv,
  // `git config`, npm's ini and their like: in quotes, \ and " escaped. Line breaks have no common spelling.
  ini: (value) => (hasControls(value) ? null : `"${value.replaceAll(/["\\]/g, '\\$&')}"`),
  // Python's configparser without interpolation: as it is; it would strip blanks at the ends.
  'ini-plain': (value) => (hasControls(value) || value !== trimmed(value) ? null : value),
  // Everything outside of letters, digits and a few signs as \uXXXX: read alike in Latin-1 and in UTF-8.
  properties: (value) =>
    value.replaceAll(/[^A-Za-z\d_.@-]/g, (unit) =>
      /[!-~]/.test(unit) ? `\\${unit}` : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  xml,
  text: (value) => value,
};

/** The bytes of the file. Throws SinkFault when a value is missing, or cannot be said in the format. */
export function renderFile(format: Format, template: string | null, content: Publishable): Buffer {
  const text = templateOf(format, template);
  const filled = fill(text, content, (value, name) => {
    // Half of a character pair would be written as another character.
    const escaped = value.isWellFormed() ? ESCAPES[format](value) : null;
    if (escaped !== null) return escaped;
    throw new SinkFault(
      `the ${name} of ${content.login} has characters that ${format} cannot say: choose the format json for this sink`,
    );
  });
  return Buffer.from(filled, 'utf8');
}

function templateOf(format: Format, template: string | null): string {
  const text = template ?? (format === 'text' ? null : TEMPLATES[format]);
  if (text === null) throw new SinkFault('the format text needs a template');
  return text;
}

const VERSION = '{{version}}';

/**
 * The version that a file says, where its template names one: the number that stands on a line of its text as it does in the
 * template, quotes aside. Null where there is none, or where several lines could be meant.
 */
export function versionIn(format: Format, template: string | null, text: string): number | null {
  const line = templateOf(format, template)
    .split('\n')
    .find((one) => one.includes(VERSION));
  if (line === undefined) return null;
  const place = line.indexOf(VERSION);
  const [before, after] = [line.slice(0, place), line.slice(place + VERSION.length)];
  // Between two values only what stands between them can be told; at the ends of a line it is the whole of it.
  const last = before.lastIndexOf('}}');
  const head =
    last < 0 ? `^[ \\t]*${RegExp.escape(before.trimStart())}` : RegExp.escape(before.slice(last + 2));
  const next = after.indexOf('{{');
  const tail =
    next < 0 ? `${RegExp.escape(after.trimEnd())}[ \\t\\r]*$` : RegExp.escape(after.slice(0, next));
  const said = [...text.matchAll(new RegExp(`${head}["']?(\\d{1,15})["']?${tail}`, 'gm'))];
  const versions = new Set(said.map(([, digits]) => Number(digits)));
  const [only] = versions;
  return versions.size === 1 && only !== undefined ? only : null;
}

const hasControls = (value: string) => /[\p{Cc}\u2028\u2029]/u.test(value);

/** What both JavaScript and Python would make of a text whose blanks they strip. */
const trimmed = (value: string) => value.replaceAll(/^[\s\p{Z}\ufeff]+|[\s\p{Z}\ufeff]+$/gu, '');

/**
 * dotenv knows no escape but \n and \r within double quotes, so the quotes are chosen: the first kind that the value does
 * not contain. A backslash at the end would hide the closing quote; such a value stands bare where it can.
 */
function dotenv(value: string): string | null {
  if (hasControls(value)) return null;
  for (const quote of ["'", '"', '`']) {
    const expanded = quote === '"' && /\\[nr]|\$/.test(value);
    if (!value.includes(quote) && !value.endsWith('\\') && !expanded) return quote + value + quote;
  }
  const bare = !/^['"`]|#/.test(value) && value === trimmed(value);
  return bare ? value : null;
}

/** For text and for attributes: blanks by number too, where an attribute's reader would make spaces of them. */
function xml(value: string): string | null {
  // XML 1.0 has no way at all to say the other control characters.
  if (/[\u{fffe}\u{ffff}]|(?![\t\n\r\x7f-\x9f])\p{Cc}/u.test(value)) return null;
  return value.replaceAll(/[&<>"'\p{Cc}\u2028]/gu, (sign) => `&#${sign.codePointAt(0)};`);
}
