// Writes what an import says of structures and of their people into the draft of the registry.
import type { Contact } from '../parsing/address.ts';
import { deputiesIn, type ImportedCells, managerIn, originKey } from './import-memory.ts';
import type { CellComparison, Claim, ImportNews } from './import-news.ts';
import type { Registration, Remark } from './registration.ts';
import type { KnownPerson, KnownStructure } from './registry.ts';
import type { RegistryDraft } from './registry-draft.ts';

type Group = readonly Registration[];

/** What the lines of one structure say of its principal manager; they agree, so the first that gives a value is right. */
type Said = Pick<KnownPerson, 'email'> & { [K in 'name' | 'phone' | 'language']: KnownPerson[K] | null };

interface StructureParts {
  readonly registry: RegistryDraft;
  readonly news: ImportNews;
}

/** Writes one structure and its people. */
export function placeStructure(
  group: Group,
  registry: RegistryDraft,
  news: ImportNews,
  warnings: Remark[],
): void {
  const [first] = group;
  if (first === undefined) return;
  placeItself(group, first, registry, news);
  const said: Said = {
    name: group.find(({ manager }) => manager?.name)?.manager?.name ?? null,
    email: group.find(({ manager }) => manager?.email)?.manager?.email ?? null,
    phone: group.find(({ phone }) => phone !== null)?.phone ?? null,
    language: group.find(({ language }) => language !== null)?.language ?? null,
  };
  placeManager(group, said, registry, news);
  placeDeputies(group, said, { registry, news }, warnings);
  const { siret, line } = group.find(({ manager }) => manager !== null) ?? first;
  const manager = principalOf(registry, siret);
  const warn = (column: string, message: string) => warnings.push({ line, column, message });
  if (manager === null) {
    warn('gestionnaire', `no manager of ${siret} is known: letters about it can reach nobody`);
    if (said.phone !== null)
      warn('telephone', `no manager of ${siret} is known: left out, for it is nobody's`);
  } else if (manager.email === null) {
    warn('courriel', `${manager.name} cannot be written to: no address is known`);
  } else if (manager.dead) {
    const advice = `if it works again: releve set ${manager.email} --address-works`;
    warn('courriel', `the mail server refuses ${manager.email} for good; ${advice}`);
  }
}

function principalOf(registry: RegistryDraft, siret: string): KnownPerson | null {
  const id = registry.structures.get(siret)?.principal ?? null;
  return id === null ? null : (registry.people.get(id) ?? null);
}

function placeItself(
  group: Group,
  { siret, structure }: Registration,
  registry: RegistryDraft,
  news: ImportNews,
): void {
  const before = registry.structures.get(siret);
  const phone = group.find(({ structurePhone }) => structurePhone !== null)?.structurePhone ?? null;
  const takes = (column: 'structure' | 'telephone_structure', says: string | null, option: string) => {
    if (says === null || before === undefined) return says !== null;
    const known = column === 'structure' ? before.name : before.phone;
    const last = news.origin(originKey('structure', before.id, column));
    const set = `releve set ${siret} ${option}`;
    const claim = { column, says, known, last, objections: [{ origin: last }], set };
    return news.takes(group, claim, {
      read: (cells) => cells[column],
      agreed: (former) => former[column] === known,
    });
  };
  registry.structure(
    siret,
    takes('structure', structure, '--name "…"') ? structure : null,
    takes('telephone_structure', phone, '--phone "…"') ? phone : undefined,
  );
}

function placeManager(group: Group, said: Said, registry: RegistryDraft, news: ImportNews): void {
  const siret = group[0]?.siret ?? '';
  const before = principalOf(registry, siret);
  const isNaming = said.name !== null || said.email !== null;
  const meant = isNaming ? registry.meant({ name: said.name, email: said.email }, before) : before;
  const { name, phone, language } = meant === null ? said : newsOf(group, said, meant, news);
  if (
    isNaming &&
    (before === null || meant?.id === before.id || isHandedOver(group, said, before, { registry, news }))
  ) {
    const contact = { name, email: said.email, ...(phone === null ? {} : { phone }) };
    registry.appoint(siret, registry.person(contact, language, meant ?? before).id);
  } else if (meant !== null) {
    registry.put({
      ...meant,
      name: name ?? meant.name,
      phone: phone ?? meant.phone,
      language: language ?? meant.language,
    });
  }
}

/** What is news about a person that the list names as the manager; null where it is not. */
function newsOf(group: Group, said: Said, meant: KnownPerson, news: ImportNews): Said {
  const subject = meant.email ?? said.email ?? 'ADDRESS';
  const take = <V extends string>(
    says: V | null,
    known: string | null,
    column: 'gestionnaire' | 'telephone' | 'langue',
    [field, option]: readonly [field: string, option: string],
  ): V | null => {
    if (says === null) return null;
    const last = news.origin(originKey('person', meant.id, field));
    const set = `releve set ${subject} ${option}`;
    const claim = { column, says, known, last, objections: [{ origin: last }], set };
    // Beside the name of another manager, the same cell is about another person.
    const read = (cells: ImportedCells) =>
      cells[column] === undefined ? undefined : `${managerIn(cells)}\n${cells[column]}`;
    return news.takes(group, claim, { read, agreed: (former) => former[column] === known }) ? says : null;
  };
  const { name, phone, language } = said;
  return {
    email: said.email,
    name: take(name, meant.name, 'gestionnaire', ['name', '--name "…"']),
    phone: take(phone, meant.phone, 'telephone', ['telephone', '--phone "…"']),
    language: take(language, meant.language, 'langue', ['langue', `--language ${language}`]),
  };
}

/** Whether the list hands the structure over to somebody else than the manager on record. */
function isHandedOver(
  group: Group,
  { name, email }: Said,
  before: KnownPerson,
  { registry, news }: StructureParts,
): boolean {
  const siret = group[0]?.siret ?? '';
  const known = [before.email?.toLowerCase(), before.name];
  const ofPerson = before.email === null ? 'name' : 'courriel';
  const structure = originKey('structure', registry.structure(siret, null).id, 'gestionnaire');
  const last = news.origin(structure, originKey('person', before.id, ofPerson));
  const says = email ?? name ?? '';
  return news.takes(
    group,
    {
      ...{ column: email === null ? 'gestionnaire' : 'courriel', says, last, objections: [{ origin: last }] },
      ...{ known: before.email ?? before.name, set: `releve set ${siret} --manager "${says}"` },
    },
    {
      read: (cells) => (email === null ? cells.gestionnaire : cells.courriel),
      agreed: (former) => known.includes(managerIn(former)),
    },
  );
}

function placeDeputies(group: Group, said: Said, parts: StructureParts, warnings: Remark[]): void {
  const { registry, news } = parts;
  const naming = group.find(({ deputies }) => deputies !== null);
  if (naming?.deputies == null) return;
  const { siret, line, deputies } = naming;
  const structure = registry.structure(siret, null);
  const { claim, comparison } = claimOfDeputies(deputies, structure, parts);
  if (!news.takes(group, claim, comparison)) return;
  const cells = news.former(naming);
  const former = new Map(deputiesIn(cells?.secondaires).map((one) => [one.email, one]));
  const ids = deputies.map((contact) => {
    const person = registry.at(contact.email ?? '');
    if (person === null) return registry.person(contact, said.language, null).id;
    const formerly = cells === undefined ? null : former.get(person.email?.toLowerCase() ?? '');
    return registry.person(deputyNews(naming, contact, { person, formerly }, news), null, null).id;
  });
  if (structure.principal !== null && ids.includes(structure.principal)) {
    const message = 'the principal manager stands among the deputies too; left out there';
    warnings.push({ line, column: 'secondaires', message });
  }
  registry.setDeputies(siret, ids);
}

/** Who the deputies are, by the list and by the record; the principal manager is none. */
function claimOfDeputies(
  deputies: readonly Contact[],
  { id, siret, deputies: ids }: KnownStructure,
  { registry, news }: StructureParts,
): { readonly claim: Claim; readonly comparison: CellComparison } {
  const principal = principalOf(registry, siret)?.email?.toLowerCase();
  const addresses = (people: readonly Pick<KnownPerson, 'email'>[]) =>
    people
      .flatMap(({ email }) => email?.toLowerCase() ?? [])
      .filter((email) => email !== principal)
      .sort();
  const textOf = (people: readonly Pick<KnownPerson, 'email'>[]) =>
    addresses(people).join(', ') || 'nobody but the principal manager';
  const named = addresses(deputies);
  const onRecord = ids.flatMap((person) => registry.people.get(person) ?? []);
  const known = textOf(onRecord);
  // The list may lack somebody because it has the address that was corrected.
  const gone = onRecord.filter(({ email }) => email !== null && !named.includes(email.toLowerCase()));
  const keys = [
    originKey('structure', id, 'secondaires'),
    ...gone.map((person) => originKey('person', person.id, 'courriel')),
  ];
  const claim = {
    ...({ column: 'secondaires', says: textOf(deputies), known, last: news.origin(...keys) } as const),
    objections: keys.map((key) => ({ origin: news.origin(key) })),
    set: `releve set ${siret} --deputies ${named.length === 0 ? 'none' : `"${named.join(', ')}"`}`,
  };
  const agreed = (former: ImportedCells) => textOf(deputiesIn(former.secondaires)) === known;
  return { claim, comparison: { read: (cells) => cells.secondaires, agreed } };
}

/** A deputy with what is news about that person; `formerly`: in the cell of the last import, null when none is remembered. */
function deputyNews(
  line: Registration,
  contact: Contact,
  { person, formerly }: { readonly person: KnownPerson; readonly formerly: Contact | undefined | null },
  news: ImportNews,
): Contact {
  const take = (key: 'name' | 'phone', field: string, option: string): string | null => {
    const says = contact[key] ?? null;
    if (says === null) return null;
    const known = person[key];
    const last = news.origin(originKey('person', person.id, field));
    const set = `releve set ${person.email} ${option}`;
    const facts = { says, known, last, objections: [{ origin: last }], set };
    const status = formerly === null ? 'first' : formerly?.[key] === says ? 'same' : 'changed';
    const claim = { column: 'secondaires', ...facts } as const;
    return news.decide([line], claim, { status, agreed: formerly?.[key] === known }) ? says : null;
  };
  const name = take('name', 'name', '--name "…"');
  const phone = take('phone', 'telephone', '--phone "…"');
  return { name, email: contact.email, ...(phone === null ? {} : { phone }) };
}
