// Strikes secrets out of what a server said, in every shape in which it may have echoed them.

const DOTS = '••••••';

/** Text of at most so many bytes of UTF-8 is shown of an answer. */
const SHOWN_BYTES = 200;

/** So much of an answer is looked at, in characters. */
const WINDOW = 8_192;

/** Shows a text of a server without secrets, on one line, at most 200 bytes long. */
export type Strike = (text: string) => string;

/** A character beyond ASCII as a server with another charset would send it back. */
function mangled(secret: string): readonly string[] {
  if (!/\P{ASCII}/u.test(secret)) return [];
  return [
    Buffer.from(secret).toString('latin1'),
    secret.replace(/\P{ASCII}/gu, '�'),
    secret.replace(/\P{ASCII}/gu, '?'),
    ...byNumber(secret, /[\u0080-\uffff]/g),
  ];
}

/** As JSON writes signs by their numbers: in lower case, and in upper case. */
function byNumber(text: string, signs: RegExp): readonly string[] {
  const written = (hex: (digits: string) => string) =>
    text.replace(signs, (sign) => `\\u${hex(sign.charCodeAt(0).toString(16).padStart(4, '0'))}`);
  return [written((digits) => digits), written((digits) => digits.toUpperCase())];
}

/** As servers write HTML: the signs that mean something in it by name, or these, or all signs, by their numbers. */
function inHtml(secret: string): readonly string[] {
  if (/^[0-9A-Za-z]*$/.test(secret)) return [];
  const named = (apostrophe: string) => {
    const signs: Record<string, string> = {
      '&': '&amp;',
      '<': '&lt;',
      '>': '&gt;',
      '"': '&quot;',
      "'": apostrophe,
    };
    return secret.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);
  };
  const numbered = (text: string, signs: RegExp) =>
    [
      (code: number) => `&#${code};`,
      (code: number) => `&#x${code.toString(16)};`,
      (code: number) => `&#x${code.toString(16).toUpperCase()};`,
    ].map((entity) => text.replace(signs, (sign) => entity(sign.codePointAt(0) ?? 0)));
  return ['&#39;', '&#x27;', '&apos;']
    .map(named)
    .flatMap((text) => [text, ...numbered(text, /\P{ASCII}/gu)])
    .concat(numbered(secret, /[&<>"']/g), numbered(secret, /[^0-9A-Za-z]/gu));
}

/** In a path or a query, and in a form, where more signs are written by their numbers. */
function inAddress(secret: string): readonly string[] {
  const escaped = encodeURIComponent(secret.toWellFormed());
  if (!/[%!'()~]/.test(escaped)) return [];
  const form = escaped
    .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
  return [escaped, form]
    .flatMap((text) => [text, text.replace(/%../g, (sign) => sign.toLowerCase())])
    .flatMap((text) => [text, encodeURIComponent(text)]);
}

/** What some writers of JSON give by its number: what means something in HTML, and what is not ASCII. */
const BY_NUMBER = [/[<>&]/g, /[<>&'=]/g, /[\u0080-\uffff]/g, /[<>&\u0080-\uffff]/g];

function inJson(secret: string): readonly string[] {
  const quoted = JSON.stringify(secret).slice(1, -1);
  const written = [quoted, ...BY_NUMBER.flatMap((signs) => byNumber(quoted, signs))];
  return written.flatMap((text) => [text, text.replaceAll('/', '\\/')]);
}

const inHex = (bytes: Buffer) => [bytes.toString('hex'), bytes.toString('hex').toUpperCase()];

/** In base64 and its kin, as a header carries it. */
function packed(bytes: Buffer): readonly string[] {
  const coded = bytes.toString('base64');
  const bare = coded.replace(/=+$/, '');
  return [
    ...[coded, bare, bare.replaceAll('+', '-').replaceAll('/', '_')],
    ...[...inHex(bytes), ...inAddress(coded)],
  ];
}

/** Letters and digits of ASCII that stand together in a secret: no way of writing changes them. */
type Marks = readonly string[];

/** A secret that may come back, in many shapes. */
export interface Hidden {
  /** Each shape holds all marks of one of these, the longest first. */
  readonly marks: readonly Marks[];
  shapes(): readonly string[];
}

function marksOf(text: string): Marks {
  const marks = text.match(/[0-9A-Za-z]+/g) ?? [];
  return marks.sort((one, other) => other.length - one.length);
}

function hideSecret(secret: string, isWhole: boolean): readonly Hidden[] {
  if (secret === '') return [];
  const bytes = Buffer.from(secret);
  const marks = [marksOf(bytes.toString('base64')), ...inHex(bytes).map((hex) => [hex])];
  if (!isWhole) return [{ marks, shapes: () => packed(bytes) }];
  const written = () => [
    secret,
    ...inJson(secret),
    ...inHtml(secret),
    ...inAddress(secret),
    ...mangled(secret),
  ];
  return [{ marks: [...marks, marksOf(secret)], shapes: () => [...written(), ...packed(bytes)] }];
}

/** Secrets to be hidden; empty ones are left out. */
export function hide(...secrets: readonly string[]): readonly Hidden[] {
  return secrets.flatMap((secret) => hideSecret(secret, true));
}

/** A login and its password, each alone and both in one, as they are sent. */
export function hideAccount(login: string, password: string): readonly Hidden[] {
  return [...hide(password, login), ...hideSecret(`${login}:${password}`, false)];
}

/** Control characters and line breaks as spaces, cut at a whole character. */
function printable(text: string): string {
  // Most answers are plain, and cost less so.
  if (/^[!-~](?: ?[!-~])*$/.test(text)) return text.slice(0, SHOWN_BYTES);
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, SHOWN_BYTES);
  const bytes = new TextEncoder().encodeInto(line, new Uint8Array(SHOWN_BYTES)).read;
  return line.slice(0, bytes);
}

/** Every shape, the longest first: `login:password` in base64 must not be torn apart by a shape within it. */
function shapesOf(hidden: readonly Hidden[]): readonly string[] {
  const shapes = new Set(hidden.flatMap((one) => one.shapes()));
  return [...shapes].sort((one, other) => other.length - one.length);
}

/** Makes a strike of secrets. */
export function strikeOut(hidden: readonly Hidden[]): Strike {
  const marks = hidden.flatMap((one) => one.marks);
  let shapes: readonly string[] | null = null;
  return (text) => {
    // Bytes of UTF-16 read as UTF-8: a secret with a NUL after each letter is legible.
    const legible = text.length > WINDOW ? null : text.replaceAll('\0', '');
    // Most answers echo nothing, and are not searched for every shape.
    const holds = (mark: string) => legible === null || legible.includes(mark);
    if (legible !== null && !marks.some((one) => one.every(holds))) return printable(legible);
    shapes ??= shapesOf(hidden);
    const longest = shapes[0]?.length ?? 0;
    const cut = text.length > WINDOW + longest;
    let struck = text.slice(0, WINDOW + longest).replaceAll('\0', '');
    for (const shape of shapes) struck = struck.replaceAll(shape, DOTS);
    // Half of a secret may stand at the end of the window.
    return printable(cut ? struck.slice(0, -longest || undefined) : struck);
  };
}

/** Hides whatever an OAuth answer calls a token: one that we cannot use is a secret all the same. */
export function hideTokens(body: string): string {
  return body.replace(/(_token["']?\s*[:=]\s*["']?)[^"'\s,&}]+/gi, `$1${DOTS}`);
}
