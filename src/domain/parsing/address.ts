// Reads people as they are typed: an address, `Nom <adresse>`, either with a telephone number after it, or a list of them.
import { bad, good, type ParsedEntry, quoted, readText, withoutInvisible } from './characters.ts';
import { betterSpelling, readName, sameName } from './name.ts';
import { readPhones } from './phone.ts';
import { joined, linked, readAs, readValue } from './wrapping.ts';

/** A person in a list or an option; a name or an address is known. */
export interface Contact {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone?: string;
}

/** Whether a text can be a mail address; the adapter for mail knows the rule. */
export type IsAddress = (text: string) => boolean;

/** An address without what programs put around it; a domain with accents in the form in which mail servers know it. */
export function readAddress(raw: string, isAddress: IsAddress): ParsedEntry<string> {
  const text = readValue(raw);
  if (!text.ok) return text;
  const address = inAscii(linked(text.value).replace(/ ?@ ?/, '@'));
  if (isAddress(address)) return good(address, address === raw.trim() ? null : readAs(raw, address));
  const accent = /[^!-~]/u.exec(/^[^\s<>,;@]+(?=@)/.exec(address)?.[0] ?? '')?.[0];
  return bad(
    accent === undefined
      ? `${quoted(text.value)} is not a mail address: one such as prenom.nom@commune.fr is expected`
      : `${quoted(text.value)} is not an address that mail servers take: “${accent}” stands before its @`,
  );
}

/** An address whose domain has other letters than a to z, with that domain in ASCII (`xn--…`). */
function inAscii(address: string): string {
  const [, local, domain] = /^([^@]*@)([\p{L}\p{M}\p{N}.-]{1,255})$/u.exec(address) ?? [];
  const host = `http://${domain}`;
  if (domain === undefined || /^[!-~]*$/.test(domain) || !URL.canParse(host)) return address;
  return `${local}${new URL(host).hostname}`;
}

/** One person: `Nom <adresse> 03 53 01 00 90`, without the number, an address alone, or (when `nameAlone`) a name alone. */
export function readContact(
  raw: string,
  isAddress: IsAddress,
  { nameAlone }: { readonly nameAlone: boolean },
): ParsedEntry<Contact> {
  const text = readText(withoutInvisible(raw));
  if (!text.ok) return text;
  const both = /^"?([^"<>]*?)"? ?<([^<>]*)>([^<>]*)$/.exec(text.value);
  if (both === null && nameAlone && !text.value.includes('@')) return readNamed(text.value);
  const address = readAddress(both?.[2] ?? text.value, isAddress);
  if (!address.ok) return address;
  const name = readName(nameBeside(both?.[1] ?? '', address.value));
  if (!name.ok) return name;
  const other = addressIn(name.value, isAddress);
  if (other !== undefined && other.toLowerCase() !== address.value.toLowerCase()) {
    return bad(`${other} and ${address.value} stand together; one address is expected`);
  }
  const phone = readPhones(both?.[3]?.replace(/^,/, '') ?? '');
  if (!phone.ok) return phone;
  const isAlone = name.value === '' && phone.value === '' && raw.trim() !== address.value;
  const read = isAlone ? readAs(raw, address.value) : address.warning;
  const warning = joined(read, name.warning, phone.warning);
  return contactOf(name.value, address.value, { value: phone.value, warning });
}

/** The first address in a name; undefined when there is none. */
function addressIn(name: string, isAddress: IsAddress): string | undefined {
  if (!name.includes('@')) return undefined;
  return name.split(/[\s()[\],;:"'’]+/).find((word) => word.includes('@') && isAddress(word));
}

/** The name before an address; mail clients put quotes around it, and the address again where they know none. */
function nameBeside(text: string, address: string): string {
  const name = text.trim().replace(/^'(.*)'$/s, '$1');
  return linked(name).toLowerCase() === address.toLowerCase() ? '' : name;
}

/** A name alone, or with a telephone number after it. */
function readNamed(text: string): ParsedEntry<Contact> {
  const start = text.search(/[+(\d]/);
  const phone = readPhones(start > 0 ? text.slice(start) : '');
  const isNumber = phone.ok && phone.value !== '';
  const name = readName(isNumber ? text.slice(0, start).replace(/[,:]? ?$/, '') : text);
  if (!name.ok) return name;
  if (name.value === '') return bad('a person is expected: Nom <adresse>');
  const [value, warning] = isNumber ? [phone.value, phone.warning] : ['', null];
  return contactOf(name.value, null, { value, warning: joined(name.warning, warning) });
}

function contactOf(
  name: string,
  email: string | null,
  phone: { readonly value: string; readonly warning: string | null },
): ParsedEntry<Contact> {
  const contact = { name: name === '' ? null : name, email };
  return good(phone.value === '' ? contact : { ...contact, phone: phone.value }, phone.warning);
}

/** A list of people with addresses, separated by `,` `;` `|`, or by spaces if they are bare addresses; each once, with one number. */
export function readContacts(raw: string, isAddress: IsAddress): ParsedEntry<readonly Contact[]> {
  const text = readText(withoutInvisible(raw));
  if (!text.ok) return text;
  const found = new Map<string, Contact>();
  const warnings: string[] = [];
  for (const piece of pieces(text.value)) {
    const contact = readContact(piece, isAddress, { nameAlone: false });
    if (!contact.ok) return contact;
    const key = contact.value.email?.toLowerCase() ?? '';
    const before = found.get(key);
    const { name, phone } = contact.value;
    if (before && before.name !== null && name !== null && !sameName(before.name, name)) {
      return bad(`the address ${key} stands twice, once for ${before.name} and once for ${name}`);
    }
    if (before?.phone !== undefined && phone !== undefined && before.phone !== phone) {
      return bad(`the address ${key} stands twice, once with ${before.phone} and once with ${phone}`);
    }
    const spelling =
      name === null || !before?.name ? (name ?? before?.name ?? null) : betterSpelling(before.name, name);
    found.set(key, { ...before, ...contact.value, name: spelling });
    if (contact.warning !== null) warnings.push(contact.warning);
  }
  return good([...found.values()], joined(text.warning, ...warnings));
}

/** The list cut at its separators; a piece without brackets may be several bare addresses. */
function pieces(text: string): string[] {
  return text
    .split(/[,;|]/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .flatMap((piece) => (piece.includes('<') ? [piece] : piece.replaceAll(/ ?@ ?/g, '@').split(' ')));
}
