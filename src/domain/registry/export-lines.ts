// Writes accounts of the registry as lines of an import file, and as corrections what no line can say.
//
// Invariant: a cell is written only where the import reads that very value from it; whatever is not written is a correction, or told.
import type { Environment, TechnicalUser } from '../account/technical-user.ts';
import { type IsAddress, readContact, readContacts } from '../parsing/address.ts';
import type { ParsedEntry } from '../parsing/characters.ts';
import { readDay } from '../parsing/date.ts';
import { readLogin, siretInLogin } from '../parsing/login.ts';
import { readName } from '../parsing/name.ts';
import { readPhones } from '../parsing/phone.ts';
import { readSiret } from '../parsing/siret.ts';
import { readValue } from '../parsing/wrapping.ts';
import type { LineCells } from './registration.ts';
import type { Correction, KnownPerson, KnownRegistry, KnownStructure } from './registry.ts';

/** A correction beside the file; `environment` null where the subject is no login. */
export interface ExportedCorrection {
  readonly subject: string;
  readonly environment: Environment | null;
  readonly correction: Correction;
}

/** An account in the words of the import; `lost` is what neither a line nor a correction says, as sentences. */
export interface ExportedAccount {
  readonly lines: readonly LineCells[];
  readonly corrections: readonly ExportedCorrection[];
  readonly lost: readonly string[];
}

export interface ExportRules {
  readonly isAddress: IsAddress;
  /** The civil day in Paris: an import refuses a change of password after it. */
  readonly today: Temporal.PlainDate;
}

type People = Pick<KnownRegistry, 'structures' | 'people'>;

/** The lines and corrections of one account, with its structures and their people. */
export function exportAccount(user: TechnicalUser, known: People, rules: ExportRules): ExportedAccount {
  const { login, environment } = user;
  const writer = new AccountWriter(known, rules);
  const sirets = [user.home, ...user.further].map(({ siret }) => siret);
  const structures = sirets.flatMap((siret) => known.structures.get(siret) ?? []);
  // Of several structures an import makes the one home whose SIRET the login has.
  const isPlaced = structures.length < 2 || siretInLogin(login) === user.home.siret;
  const ofAccount = writer.account(user);
  if (ofAccount === null) return { lines: [], corrections: [], lost: writer.lost };
  const inLines = isPlaced ? structures : structures.slice(0, 1);
  const lines = inLines.flatMap((structure) => {
    const cells = writer.structure(structure);
    return cells === null ? [] : [{ ...ofAccount, ...cells }];
  });
  for (const structure of structures.slice(inLines.length)) {
    const { siret, name } = structure;
    writer.correct(login, { addStructure: siret, name }, environment);
    writer.correctStructure(structure);
  }
  const validity = user.validity.workTowards?.toString();
  const latest = user.validity.latest?.toString();
  if (validity !== undefined || latest !== undefined) {
    const own = {
      ...(validity === undefined ? {} : { validity }),
      ...(latest === undefined ? {} : { latest }),
    };
    writer.correct(login, own, environment);
  }
  if (user.retired) writer.correct(login, { retire: true }, environment);
  return { lines, corrections: writer.corrections, lost: writer.lost };
}

/** Whether a reader takes a text for this very value. */
function readsAs<T>(
  text: string,
  read: (text: string) => ParsedEntry<T>,
  isSame: (value: T) => boolean,
): boolean {
  const entry = read(text);
  return entry.ok && isSame(entry.value);
}

class AccountWriter {
  readonly corrections: ExportedCorrection[] = [];
  readonly lost: string[] = [];
  readonly #known: People;
  readonly #rules: ExportRules;

  constructor(known: People, rules: ExportRules) {
    this.#known = known;
    this.#rules = rules;
  }

  correct(subject: string, correction: Correction, environment: Environment | null = null): void {
    this.corrections.push({ subject, environment, correction });
  }

  /** The cells of the account itself; null where an import would take its login for another. */
  account({ login, environment, facts }: TechnicalUser): LineCells | null {
    if (!readsAs(login, readLogin, (value) => value === login)) {
      this.lost.push(`${login} is left out: an import would register it under another form of its login`);
      return null;
    }
    const { today } = this.#rules;
    const day = (date: Temporal.PlainDate | null, what: string, latest?: Temporal.PlainDate): string => {
      if (date === null) return '';
      const text = date.toString();
      const isPast = latest === undefined || Temporal.PlainDate.compare(date, latest) <= 0;
      if (isPast && readsAs(text, readDay, (value) => value.equals(date))) return text;
      this.lost.push(`${login}: ${what} ${text} is a day that an import refuses`);
      return '';
    };
    return {
      login,
      environnement: environment,
      date_changement: day(facts.changedOn, 'the change of', today),
      date_expiration: day(facts.portalOn, 'the expiry'),
    };
  }

  /** The cells of a structure and its people; null where an import would refuse the line. */
  structure(structure: KnownStructure): LineCells | null {
    const { siret, name } = structure;
    const isReadable =
      readsAs(siret, readSiret, (value) => value === siret) && name !== '' && this.#isName(name);
    if (!isReadable) {
      this.lost.push(`${siret} is left out: an import refuses its name, ${JSON.stringify(name)}`);
      return null;
    }
    const principal = this.#principal(structure);
    return {
      siret,
      structure: name,
      ...(principal === null ? {} : this.#manager(principal, siret)),
      secondaires: this.#deputies(structure, principal),
      telephone_structure: this.#phone(structure.phone, siret),
    };
  }

  /** The people and the number of a structure that stands on no line of the account. */
  correctStructure(structure: KnownStructure): void {
    const { siret } = structure;
    const phone = this.#phone(structure.phone, siret);
    if (phone !== '') this.correct(siret, { phone });
    const principal = this.#principal(structure);
    if (principal !== null) {
      const { name, email, phone: number } = principal;
      const contact = {
        name: name === email ? null : name,
        email,
        ...(number === null ? {} : { phone: number }),
      };
      this.correct(siret, { manager: contact });
      if (principal.language !== 'fr') {
        if (email !== null) this.correct(email, { language: principal.language });
        else this.lost.push(`the language of the manager of ${siret}, who has no address`);
      }
    }
    for (const deputy of this.#deputiesOf(structure)) this.#correctDeputy(siret, deputy);
  }

  #principal({ principal }: KnownStructure): KnownPerson | null {
    return principal === null ? null : (this.#known.people.get(principal) ?? null);
  }

  #deputiesOf({ deputies }: KnownStructure): KnownPerson[] {
    return deputies.flatMap((id) => this.#known.people.get(id) ?? []);
  }

  #isName(name: string): boolean {
    return readsAs(name, readName, (value) => value === name);
  }

  #phone(phone: string | null, of: string): string {
    if (phone === null || readsAs(phone, readPhones, (value) => value === phone)) return phone ?? '';
    this.lost.push(`the telephone number of ${of} is none that an import reads`);
    return '';
  }

  #manager({ name, email, phone, language }: KnownPerson, siret: string): LineCells {
    const { isAddress } = this.#rules;
    const read = (text: string) => readContact(text, isAddress, { nameAlone: false });
    const courriel =
      email !== null && readsAs(email, read, (one) => one.email === email && one.name === null) ? email : '';
    if (email !== null && courriel === '')
      this.lost.push(`the address of the manager of ${siret} is none that an import reads`);
    // Somebody whose name nobody knows is called by the address.
    const called = name === email ? '' : name;
    const gestionnaire = called === '' || this.#isName(called) ? called : '';
    if (gestionnaire !== called)
      this.lost.push(`the name of the manager of ${siret} is none that an import reads`);
    return { gestionnaire, courriel, telephone: this.#phone(phone, email ?? name), langue: language };
  }

  /** The list of the deputies; what of them cannot stand in it is corrected beside it. */
  #deputies(structure: KnownStructure, principal: KnownPerson | null): string {
    const { siret } = structure;
    const deputies = this.#deputiesOf(structure);
    const written = deputies.map((deputy) => this.#deputyText(deputy));
    const cell = written.map(({ text }) => text).join(', ');
    const read = (text: string) => readContacts(text, this.#rules.isAddress);
    const isWhole = readValue(cell).ok && readsAs(cell, read, (list) => list.length === written.length);
    if (!isWhole || written.some(({ text }) => text === '')) {
      for (const deputy of deputies) this.#correctDeputy(siret, deputy);
      return '';
    }
    for (const [at, { email, language }] of deputies.entries()) {
      const left = written[at]?.left ?? {};
      if (email === null) continue;
      if (Object.keys(left).length > 0) this.correct(email, left);
      // A new deputy gets the language of the line.
      if (language !== (principal?.language ?? 'fr')) this.correct(email, { language });
    }
    return cell;
  }

  /** A deputy as a piece of the list; `left` is what had to stay out, an empty text where the address is among that. */
  #deputyText({ name, email, phone }: KnownPerson): { readonly text: string; readonly left: Correction } {
    if (email === null) return { text: '', left: {} };
    const called = name === email ? null : name;
    const { isAddress } = this.#rules;
    const reads = (text: string, who: string | null, number: string | null) =>
      readsAs(
        text,
        (piece) => readContacts(piece, isAddress),
        ([one, ...others]) =>
          others.length === 0 && one?.email === email && one.name === who && (one.phone ?? null) === number,
      );
    const shown = called === null ? (phone === null ? email : `<${email}>`) : `${called} <${email}>`;
    const numbered = phone === null ? shown : `${shown} ${phone}`;
    const ofPhone = phone === null ? {} : { phone };
    if (reads(numbered, called, phone)) return { text: numbered, left: {} };
    if (reads(shown, called, null)) return { text: shown, left: ofPhone };
    const left = { ...(called === null ? {} : { name: called }), ...ofPhone };
    return reads(email, null, null) ? { text: email, left } : { text: '', left };
  }

  #correctDeputy(siret: string, { name, email, phone, language }: KnownPerson): void {
    if (email === null) {
      this.lost.push(`a deputy of ${siret} has no address`);
      return;
    }
    this.correct(siret, { addDeputy: [{ name: null, email }] });
    const own = { ...(name === email ? {} : { name }), ...(phone === null ? {} : { phone }), language };
    this.correct(email, own);
  }
}
