// Reads people as they are typed: an address, `Nom <adresse>`, or a list of them.
import { bad, good, type ParsedEntry, quoted, readName, readText } from './characters.ts';

/** A person in a list or an option; at least one of the two is known. */
export interface Contact {
  readonly name: string | null;
  readonly email: string | null;
}

/** Whether a text can be a mail address; the adapter for mail knows the rule. */
export type IsAddress = (text: string) => boolean;

export function readAddress(raw: string, isAddress: IsAddress): ParsedEntry<string> {
  const text = readText(raw);
  if (!text.ok) return text;
  const address = text.value.replace(/^mailto:/i, '');
  if (isAddress(address)) return good(address);
  return bad(`${quoted(text.value)} is not a mail address: one such as prenom.nom@commune.fr is expected`);
}

/** One person: `Nom <adresse>`, an address alone, or (when `nameAlone`) a name alone. */
export function readContact(
  raw: string,
  isAddress: IsAddress,
  { nameAlone }: { readonly nameAlone: boolean },
): ParsedEntry<Contact> {
  const text = readText(raw);
  if (!text.ok) return text;
  const both = /^"?([^"<>]*?)"? ?<([^<>]*)>$/.exec(text.value);
  if (both === null && nameAlone && !text.value.includes('@')) {
    const name = readName(text.value);
    if (name.ok && name.value === '') return bad('a person is expected: Nom <adresse>');
    return name.ok ? good({ name: name.value, email: null }) : name;
  }
  const address = readAddress(both?.[2] ?? text.value, isAddress);
  if (!address.ok) return address;
  const typed = both?.[1]?.trim() ?? '';
  if (typed === '') return good({ name: null, email: address.value });
  const name = readName(typed);
  return name.ok ? good({ name: name.value, email: address.value }) : name;
}

/** A list of people with addresses, separated by `,` `;` `|`, or by spaces if they are bare addresses; each once. */
export function readContacts(raw: string, isAddress: IsAddress): ParsedEntry<readonly Contact[]> {
  const text = readText(raw);
  if (!text.ok) return text;
  const found = new Map<string, Contact>();
  for (const piece of pieces(text.value)) {
    const contact = readContact(piece, isAddress, { nameAlone: false });
    if (!contact.ok) return contact;
    const key = contact.value.email?.toLowerCase() ?? '';
    const before = found.get(key);
    const { name } = contact.value;
    if (before && before.name !== null && name !== null && before.name !== name) {
      return bad(`the address ${key} stands twice, once for ${before.name} and once for ${name}`);
    }
    if (!before || before.name === null) found.set(key, contact.value);
  }
  return good([...found.values()]);
}

/** The list cut at its separators; a piece without brackets may be several bare addresses. */
function pieces(text: string): string[] {
  return text
    .split(/[,;|]/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .flatMap((piece) => (piece.includes('<') ? [piece] : piece.split(' ')));
}
