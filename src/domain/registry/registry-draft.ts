// A draft of a part of the registry: it is changed freely, then compared with what was known.
import { type Language, pauseText } from '../account/technical-user.ts';
import type { Contact } from '../parsing/address.ts';
import { sameName } from '../parsing/name.ts';
import { type FieldChange, userKey } from './registration.ts';
import type {
  Edits,
  KnownPerson,
  KnownRegistry,
  KnownStructure,
  KnownUser,
  MandateEdit,
  SubjectChange,
  SubjectFieldChange,
} from './registry.ts';

/** A person as shown to people: `Nom <adresse>`, or the part that is known. */
export function contactText(person: Pick<KnownPerson, 'name' | 'email'>): string {
  if (person.email === null || person.email === person.name) return person.name;
  return `${person.name} <${person.email}>`;
}

/** New rows get ids below 0. */
export class RegistryDraft implements KnownRegistry {
  readonly structures: Map<string, KnownStructure>;
  readonly people: Map<number, KnownPerson>;
  readonly users: Map<string, KnownUser>;
  readonly #byAddress = new Map<string, number>();
  #lastId = 0;

  constructor(known: KnownRegistry) {
    this.structures = new Map(known.structures);
    this.people = new Map(known.people);
    this.users = new Map(known.users);
    for (const person of known.people.values()) this.#index(person);
  }

  /**
   * The structure, created or changed. `name` null keeps the known one (a new one is then named by its SIRET), and so does an
   * omitted `phone`.
   */
  structure(siret: string, name: string | null, phone?: string | null): KnownStructure {
    const before = this.structures.get(siret);
    const nobody = { principal: null, deputies: [] };
    const start = before ?? { id: this.#newId(before), siret, name: siret, phone: null, ...nobody };
    const after = { ...start, name: name ?? start.name, phone: phone === undefined ? start.phone : phone };
    this.structures.set(siret, after);
    return after;
  }

  /** The person with this address, or null. */
  at(address: string): KnownPerson | null {
    const id = this.#byAddress.get(address.toLowerCase());
    return id === undefined ? null : (this.people.get(id) ?? null);
  }

  /** Stores a person, and its address in the index. */
  put(person: KnownPerson): KnownPerson {
    const before = this.people.get(person.id);
    if (before?.email) this.#byAddress.delete(before.email.toLowerCase());
    this.people.set(person.id, person);
    this.#index(person);
    return person;
  }

  /** The person that a contact means: by the address; else `expected`, when the names agree and the address is new to both. */
  meant({ name, email }: Contact, expected: KnownPerson | null): KnownPerson | null {
    const same = expected !== null && (name === null || sameName(name, expected.name));
    const matching = same && (email === null || expected.email === null) ? expected : null;
    return (email === null ? null : this.at(email)) ?? matching;
  }

  /** The person that a contact means, else a new one. Given values replace known ones. */
  person(contact: Contact, language: Language | null, expected: KnownPerson | null): KnownPerson {
    const { name, email, phone = null } = contact;
    const found = this.meant(contact, expected);
    if (found === null) {
      const id = this.#newId(undefined);
      const called = name ?? email ?? '';
      return this.put({ id, name: called, email, language: language ?? 'fr', phone, dead: false });
    }
    return this.put({
      ...found,
      name: name ?? found.name,
      email: found.email ?? email,
      language: language ?? found.language,
      phone: phone ?? found.phone,
    });
  }

  /** Makes a person the principal manager, who cannot be a deputy too. */
  appoint(siret: string, personId: number): void {
    const structure = this.structure(siret, null);
    const deputies = structure.deputies.filter((id) => id !== personId);
    this.structures.set(siret, { ...structure, principal: personId, deputies });
  }

  setDeputies(siret: string, personIds: readonly number[]): void {
    const structure = this.structure(siret, null);
    const deputies = [...new Set(personIds)].filter((id) => id !== structure.principal);
    this.structures.set(siret, { ...structure, deputies });
  }

  putUser(user: Omit<KnownUser, 'id'>): void {
    const key = userKey(user.login, user.environment);
    const before = this.users.get(key);
    this.users.set(key, { ...user, id: this.#newId(before) });
  }

  #index(person: KnownPerson): void {
    if (person.email !== null) this.#byAddress.set(person.email.toLowerCase(), person.id);
  }

  #newId(before: { readonly id: number } | undefined): number {
    return before?.id ?? --this.#lastId;
  }
}

type Fields = Readonly<Record<string, string | null>>;

function fieldsOfUser(user: KnownUser): Fields {
  return {
    login: user.login,
    siret: user.home,
    further: [...user.further].sort().join(', ') || null,
    date_changement: user.changedOn,
    date_expiration: user.portalOn,
    version: String(user.version),
    validity: user.validity,
    latest: user.latest,
    retired: user.retired ? 'yes' : null,
    paused_until: pauseText(user.paused),
  };
}

function fieldsOfStructure(structure: KnownStructure, known: KnownRegistry): Fields {
  const names = (ids: readonly number[]) =>
    ids
      .map((id) => known.people.get(id))
      .filter((person) => person !== undefined)
      .map(contactText)
      .sort()
      .join(', ') || null;
  return {
    structure: structure.name,
    telephone_structure: structure.phone,
    gestionnaire: structure.principal === null ? null : names([structure.principal]),
    secondaires: names(structure.deputies),
  };
}

function fieldsOfPerson(person: KnownPerson): Fields {
  return {
    name: person.name,
    courriel: person.email,
    telephone: person.phone,
    langue: person.language,
    refused: person.dead ? 'yes' : null,
  };
}

/** The fields of a subject as the history stores them; undefined when the draft does not know it. */
export function valuesOf(
  edited: RegistryDraft,
  subject: SubjectChange['subject'],
  id: number,
): Fields | undefined {
  const person = subject === 'person' ? edited.people.get(id) : undefined;
  if (person !== undefined) return fieldsOfPerson(person);
  const user = subject === 'technical-user' ? edited.users.values().find((one) => one.id === id) : undefined;
  if (user !== undefined) return fieldsOfUser(user);
  const structure =
    subject === 'structure' ? edited.structures.values().find((one) => one.id === id) : undefined;
  return structure && fieldsOfStructure(structure, edited);
}

function compare(before: Fields | null, after: Fields): FieldChange[] {
  return Object.entries(after)
    .map(([field, now]) => ({ field, old: before?.[field] ?? null, new: now }))
    .filter((change) => change.old !== change.new);
}

/** The fields of a new subject that the history stores: its name or its structure shows the rest. */
const FIRST: Readonly<Record<SubjectChange['subject'], readonly string[]>> = {
  'technical-user': ['login', 'further', 'date_changement', 'date_expiration'],
  structure: ['structure', 'telephone_structure', 'gestionnaire', 'secondaires'],
  person: ['name', 'telephone'],
};

function firstKnown(subject: SubjectChange['subject'], after: Fields): FieldChange[] {
  return compare(null, after).filter(({ field }) => FIRST[subject].includes(field));
}

function mandatesOf(structure: KnownStructure): MandateEdit[] {
  const { siret, principal, deputies } = structure;
  const first = principal === null ? [] : [{ siret, personId: principal, role: 'principal' as const }];
  return [...first, ...deputies.map((personId) => ({ siret, personId, role: 'secondary' as const }))];
}

/** The edits that turn `known` into the draft; every list is empty when nothing differs. */
export function differences(known: KnownRegistry, edited: RegistryDraft): Edits {
  const changes: SubjectChange[] = [];
  const differs = (subject: SubjectChange['subject'], id: number, before: Fields | null, after: Fields) => {
    const fields = before === null ? firstKnown(subject, after) : compare(before, after);
    if (fields.length > 0) changes.push({ subject, id, isNew: before === null, fields });
    return fields.length > 0;
  };
  const people = [...edited.people.values()].filter((person) => {
    const before = known.people.get(person.id);
    return differs('person', person.id, before ? fieldsOfPerson(before) : null, fieldsOfPerson(person));
  });
  const ended: MandateEdit[] = [];
  const begun: MandateEdit[] = [];
  const structures = [...edited.structures.values()].filter((structure) => {
    const before = known.structures.get(structure.siret);
    const place = ({ role, personId }: MandateEdit) => `${role} ${personId}`;
    const held = before ? mandatesOf(before) : [];
    const wanted = mandatesOf(structure);
    const [was, is] = [new Set(held.map(place)), new Set(wanted.map(place))];
    ended.push(...held.filter((mandate) => !is.has(place(mandate))));
    begun.push(...wanted.filter((mandate) => !was.has(place(mandate))));
    // A renamed person is one change of that person: both sides are shown with the new name.
    const old = before ? fieldsOfStructure(before, edited) : null;
    return differs('structure', structure.id, old, fieldsOfStructure(structure, edited));
  });
  const users = [...edited.users.values()].filter((user) => {
    const before = known.users.get(userKey(user.login, user.environment));
    return differs('technical-user', user.id, before ? fieldsOfUser(before) : null, fieldsOfUser(user));
  });
  return { structures, people, users, ended, begun, changes, cells: [] };
}

/** What edits change, in words of their subjects. */
export function changesOf(edits: Edits, changes: RegistryDraft): SubjectFieldChange[] {
  const names = new Map<string, string>();
  for (const user of changes.users.values()) names.set(`technical-user ${user.id}`, user.login);
  for (const { id, siret, name } of changes.structures.values())
    names.set(`structure ${id}`, `${siret} ${name}`);
  for (const person of changes.people.values()) names.set(`person ${person.id}`, person.name);
  return edits.changes.flatMap(({ subject, id, fields, isNew }) =>
    // A new person appears in the change of the structure.
    isNew && subject === 'person'
      ? []
      : fields.map((field) => ({ subject, of: names.get(`${subject} ${id}`) ?? '', ...field })),
  );
}
