// What a paste is when it is not a bare password: another thing altogether, such as a date, or a password in disguise.
import {
  hasPortalShape,
  looksGenerated,
  withoutBlanks,
  withoutInvisible,
  withoutOuterBlanks,
} from '../parsing/characters.ts';
import { readExpiry } from '../parsing/expiry-date.ts';
import type { FindingCode } from './submission.ts';

/** Things that people have in the clipboard instead of the password. */
export type OtherThing = Extract<FindingCode, 'is-date' | 'is-address' | 'is-link' | 'is-number' | 'is-mask'>;

/** A date with words around it is no longer. */
const LONGEST_DATE = 60;

/** Endings that a password of the portal has once in a million: a whole one is no address or link without them. */
const COMMON_ENDING = /\.(?:fr|com|eu|net|org)$/i;

const ADDRESS = /^(?:[^<>@]*<)?(?:mailto:)?[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}>?$/i;
const LINK = /^<?(?:https?:\/\/|www\.)\S+$/i;
const HOST = /^(?:[a-z\d-]+\.)+(?:fr|com|eu|net|org)(?:[/:?#]\S*)?$/i;
/** A SIREN or a SIRET, as people group them; also as a VAT number. */
const COMPANY = /^(?:FR\d{2})?\d{9}(?:\d{5})?$/i;
/** One sign, over and over, or dots of every kind: a password that the page hides. */
const MASK = /^(?:([^\p{L}\p{N}])\1{2,}|[•●∙·∗*⁎⬤⚫◦○▪■…]{3,})$/u;

/** What a text is that is no password; null when it may be one. `today` tells a date from digits. */
export function otherThingIn(text: string, today: Temporal.PlainDate): OtherThing | null {
  const seen = withoutOuterBlanks(withoutInvisible(text));
  const joined = withoutBlanks(seen);
  if (MASK.test(joined)) return 'is-mask';
  if (COMPANY.test(joined.replaceAll(/[.-]/g, ''))) return 'is-number';
  if (seen.length <= LONGEST_DATE && isDate(seen, today)) return 'is-date';
  // Joined, the login behind a password would look like an address.
  const isRare = hasPortalShape(seen) && !COMMON_ENDING.test(seen);
  if (LINK.test(seen) || (HOST.test(seen) && !isRare)) return 'is-link';
  return ADDRESS.test(seen) && !isRare ? 'is-address' : null;
}

function isDate(text: string, today: Temporal.PlainDate): boolean {
  if (/^\d{1,4}([/.-])\d{1,2}\1\d{1,4}$/.test(withoutBlanks(text))) return true;
  const { on, code } = readExpiry(text, today);
  return on !== null || code === 'expiry-past' || code === 'expiry-too-far';
}

/** The shortest Base64 of a login and a password; no password of the portal is as long. */
const BASE64 = /^(?:cpro-account:|basic)?([a-z\d+/_-]{16,}={0,2})$/i;
/** No such block is longer, in characters. */
const LONGEST_BLOCK = 600;

/** `login:password`, as the header `cpro-account` carries it in Base64: guides tell people to note it. */
export interface LoginBlock {
  readonly login: string;
  readonly password: string;
}

/** The login and the password in a Base64 text; null when it is none. */
export function openedBlock(text: string): LoginBlock | null {
  if (text.length > LONGEST_BLOCK) return null;
  const [, encoded] = BASE64.exec(withoutBlanks(withoutInvisible(text))) ?? [];
  const decoded = encoded === undefined ? null : decodedText(encoded);
  const [, login, password] = /^([^\s:@]+(?:@[^\s:@]+)?):(.+)$/s.exec(decoded ?? '') ?? [];
  return login === undefined || password === undefined ? null : { login, password };
}

function decodedText(base64: string): string | null {
  try {
    const binary = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(binary, (one) => one.charCodeAt(0)),
    );
  } catch {
    return null;
  }
}

/** The lengths of the portal's passwords. */
const PORTAL_LENGTHS = [12, 13, 14];

/** A password that was pasted twice or more, once; null when it was not. */
export function undoubled(text: string): string | null {
  const size = PORTAL_LENGTHS.find(
    (one) =>
      text.length > one &&
      text.length % one === 0 &&
      text === text.slice(0, one).repeat(text.length / one) &&
      looksGenerated(text.slice(0, one)),
  );
  return size === undefined ? null : text.slice(0, size);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What a web page, a chat or a forge makes of a password: each step takes one kind of signs away. */
const UNDRESSINGS: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll(/&(?:(amp|lt|gt|quot|apos)|#(\d{2,3})|#x([\da-f]{2}));/gi, unescaped),
  (text) => text.replace(/^(\*\*|__|~~|[*_~]|`{1,3})(.+)\1$/s, '$2'),
  (text) => text.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1'),
];

function unescaped(whole: string, name?: string, decimal?: string, hexadecimal?: string): string {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code > 32 && code < 127 ? String.fromCharCode(code) : whole;
}

/** A password without the signs of bold, code, escapes or HTML around and in it; null when that leaves none of the portal. */
export function undressed(text: string): string | null {
  const all = (from: string) => UNDRESSINGS.reduce((rest, step) => step(rest), from);
  return [...UNDRESSINGS, all].map((step) => step(text)).find(looksGenerated) ?? null;
}

/** A day in digits. */
const DAY = '(?:\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{4}|\\d{4}-\\d{2}-\\d{2})';
const DAY_BESIDE = new RegExp(`^${DAY}[;,|\\t]|[;,|\\t]${DAY}$`, 'g');

/** The password in a row of a list: beside a day, or in one of its fields; null when nothing shows which it is. */
export function passwordInRow(text: string): string | null {
  const beside = text.replaceAll(DAY_BESIDE, '');
  if (beside !== text && hasPortalShape(beside)) return beside;
  const fields = text.split(/[;|\t]/).map((field) => field.replace(/^(["'])(.+)\1$/s, '$2'));
  const [found, ...more] = fields.length > 1 ? fields.filter(looksGenerated) : [];
  return found === undefined || more.length > 0 ? null : found;
}
