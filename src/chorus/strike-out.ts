// Strikes secrets out of what a server said, in every shape in which it may have echoed them.

const DOTS = '••••••';

/** Text of at most so many bytes of UTF-8 is shown of an answer. */
const SHOWN_BYTES = 200;

/** So much of an answer is looked at, in characters. */
const WINDOW = 8_192;

/** Shows a text of a server without secrets, on one line, at most 200 bytes long. */
export type Strike = (text: string) => string;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A character beyond ASCII as a server with another charset would send it back. */
function mangled(secret: string): readonly string[] {
  if (!/\P{ASCII}/u.test(secret)) return [];
  return [
    Buffer.from(secret).toString('latin1'),
    secret.replace(/\P{ASCII}/gu, '�'),
    secret.replace(/\P{ASCII}/gu, '?'),
    secret.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ];
}

function inHtml(secret: string, apostrophe: string): string {
  const signs: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": apostrophe,
  };
  return secret.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}

/** As some servers write HTML: every sign by its number. */
function inNumbers(secret: string, entity: (code: number) => string): string {
  return secret.replace(/[&<>"']/g, (sign) => entity(sign.charCodeAt(0)));
}

function inAddress(secret: string): readonly string[] {
  const escaped = encodeURIComponent(secret.toWellFormed());
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  return [escaped, form].flatMap((text) => [text, text.replace(/%../g, (sign) => sign.toLowerCase())]);
}

function shapesOf(secret: string): readonly string[] {
  const coded = base64(secret);
  return [
    secret,
    coded,
    coded.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
    inHtml(secret, '&#39;'),
    inHtml(secret, '&#x27;'),
    inHtml(secret, '&apos;'),
    inNumbers(secret, (code) => `&#${code};`),
    inNumbers(secret, (code) => `&#x${code.toString(16)};`),
    ...inAddress(secret),
    ...inAddress(coded),
    ...mangled(secret),
  ];
}

/** Control characters and line breaks as spaces, cut at a whole character. */
function printable(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, SHOWN_BYTES);
  const bytes = new TextEncoder().encodeInto(line, new Uint8Array(SHOWN_BYTES)).read;
  return line.slice(0, bytes);
}

/** Makes a strike of these secrets; the empty ones are left out. */
export function strikeOut(secrets: readonly string[]): Strike {
  // The longest first: `login:password` in base64 must not be torn apart by a shape within it.
  const shapes = [...new Set(secrets.filter((secret) => secret !== '').flatMap(shapesOf))].sort(
    (one, other) => other.length - one.length,
  );
  const longest = shapes[0]?.length ?? 0;
  return (text) => {
    const cut = text.length > WINDOW + longest;
    // Bytes of UTF-16 read as UTF-8: a secret with a NUL after each letter is legible.
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
