// Compares an import file with the registry: what it changes, line by line, and which lines it cannot.
import { siretInLogin } from '../parsing/login.ts';
import { withDates } from './password-dates.ts';
import {
  type ImportReport,
  type LineChange,
  type Registration,
  type Remark,
  userKey,
} from './registration.ts';
import {
  type EditScope,
  type Edits,
  homesOf,
  type KnownRegistry,
  type KnownUser,
  type SubjectChange,
} from './registry.ts';
import { differences, RegistryDraft } from './registry-draft.ts';

type Remarks = Remark[];
type Groups = ReadonlyMap<string, readonly Registration[]>;

/** The part of the registry that a file refers to. */
export function mentionedBy(lines: readonly Registration[]): EditScope {
  const addresses = new Set<string>();
  for (const { manager, deputies } of lines) {
    if (manager?.email) addresses.add(manager.email.toLowerCase());
    for (const { email } of deputies ?? []) if (email !== null) addresses.add(email.toLowerCase());
  }
  return {
    sirets: [...new Set(lines.map((line) => line.siret))],
    addresses: [...addresses],
    logins: [...new Set(lines.map((line) => line.login.toLowerCase()))],
  };
}

/** Plans the import of lines that do not contradict each other: what it writes, and what it reports. */
export function planImport(
  lines: readonly Registration[],
  known: KnownRegistry,
): { readonly edits: Edits; readonly report: Omit<ImportReport, 'kept' | 'possible'> } {
  const registry = new RegistryDraft(known);
  const refused: Remarks = [];
  const warnings: Remarks = [];
  const kept: Registration[] = [];
  for (const group of byUser(lines).values()) kept.push(...placeUser(group, registry, refused, warnings));
  kept.sort((a, b) => a.line - b.line);
  for (const group of Map.groupBy(kept, (line) => line.siret).values())
    placePeople(group, registry, warnings);
  const edits = differences(known, registry);
  return { edits, report: { ...tally(byUser(kept), known, registry, edits), refused, warnings } };
}

const byUser = (lines: readonly Registration[]): Groups =>
  Map.groupBy(lines, (line) => userKey(line.login, line.environment));

/** Writes one technical user into the draft. Returns its lines that were not refused. */
function placeUser(
  group: readonly Registration[],
  registry: RegistryDraft,
  refused: Remarks,
  warnings: Remarks,
): readonly Registration[] {
  const [first] = group;
  if (first === undefined) return [];
  const before = registry.users.get(userKey(first.login, first.environment));
  const homes = homesOf(first.login, [...new Set(group.map((line) => line.siret))], before);
  const unplaced = homes.ok ? [] : homes.unplaced;
  const placed = group.filter((line) => !unplaced.includes(line.siret));
  for (const { line, siret } of group) {
    if (!homes.ok && unplaced.includes(siret)) refused.push({ line, column: 'siret', message: homes.fault });
  }
  if (placed.length === 0) return [];
  const start: Omit<KnownUser, 'id'> = before ?? newUser(first);
  const dates = {
    changedOn: placed.find((line) => line.changedOn !== null)?.changedOn ?? null,
    portalOn: placed.find((line) => line.portalOn !== null)?.portalOn ?? null,
  };
  const dated = withDates(start, dates);
  if (!dated.ok) {
    for (const { line } of placed) refused.push({ line, column: 'date_expiration', message: dated.fault });
    return [];
  }
  const { home, further } = homes.ok ? homes : start;
  const { version, changedOn, portalOn } = dated;
  for (const { siret, structure, structurePhone } of placed)
    registry.structure(siret, structure, structurePhone ?? undefined);
  registry.putUser({ ...start, home, further, version, changedOn, portalOn });
  warnings.push(...oddities(first, home, before));
  return placed;
}

function newUser({ login, environment, siret }: Registration): Omit<KnownUser, 'id'> {
  const none = { changedOn: null, portalOn: null, validity: null, latest: null };
  return { login, environment, home: siret, further: [], version: 1, ...none, retired: false };
}

function oddities({ line, login }: Registration, home: string, before: KnownUser | undefined): Remarks {
  const siretOfLogin = siretInLogin(login);
  const remarks: Remarks = [];
  if (before?.retired) {
    const message = `${login} is retired: no letter is written; if it is in use again: releve set ${login} --reinstate`;
    remarks.push({ line, column: 'login', message });
  }
  if (before === undefined && siretOfLogin !== null && siretOfLogin !== home) {
    const message = `the login carries SIRET ${siretOfLogin}, the line says ${home}; it is registered at ${home}`;
    remarks.push({ line, column: 'siret', message });
  }
  return remarks;
}

/** Writes the people of one structure into the draft. The lines agree, so the first that gives a value is right. */
function placePeople(group: readonly Registration[], registry: RegistryDraft, warnings: Remarks): void {
  const [first] = group;
  if (first === undefined) return;
  const { siret } = first;
  const current = () => {
    const id = registry.structures.get(siret)?.principal ?? null;
    return id === null ? null : (registry.people.get(id) ?? null);
  };
  const naming = group.filter((line) => line.manager !== null);
  const language = group.find((line) => line.language !== null)?.language ?? null;
  const name = naming.find((line) => line.manager?.name)?.manager?.name ?? null;
  const email = naming.find((line) => line.manager?.email)?.manager?.email ?? null;
  const phone = group.find((line) => line.phone !== null)?.phone ?? null;
  if (naming.length > 0) {
    const contact = phone === null ? { name, email } : { name, email, phone };
    registry.appoint(siret, registry.person(contact, language, current()).id);
  } else {
    const known = current();
    if (known !== null)
      registry.put({ ...known, language: language ?? known.language, phone: phone ?? known.phone });
  }
  placeDeputies(group, registry, language, warnings);
  const { line } = naming[0] ?? first;
  const manager = current();
  const warn = (column: string, message: string) => warnings.push({ line, column, message });
  if (manager === null) {
    warn('gestionnaire', `no manager of ${siret} is known: letters about it can reach nobody`);
    if (phone !== null) warn('telephone', `no manager of ${siret} is known: left out, for it is nobody's`);
  } else if (manager.email === null) {
    warn('courriel', `${manager.name} cannot be written to: no address is known`);
  } else if (manager.dead) {
    const advice = `if it works again: releve set ${manager.email} --address-works`;
    warn('courriel', `the mail server refuses ${manager.email} for good; ${advice}`);
  }
}

function placeDeputies(
  group: readonly Registration[],
  registry: RegistryDraft,
  language: Registration['language'],
  warnings: Remarks,
): void {
  const naming = group.find((line) => line.deputies !== null);
  if (naming?.deputies == null) return;
  const { siret, line, deputies } = naming;
  const ids = deputies.map((contact) => {
    const known = registry.at(contact.email ?? '');
    return registry.person(contact, known === null ? language : null, null).id;
  });
  const principal = registry.structures.get(siret)?.principal ?? null;
  if (principal !== null && ids.includes(principal)) {
    const message = 'the principal manager stands among the deputies too; left out there';
    warnings.push({ line, column: 'secondaires', message });
  }
  registry.setDeputies(siret, ids);
}

/** The counts, and each change once, on the first line that makes it. */
function tally(
  users: Groups,
  known: KnownRegistry,
  registry: RegistryDraft,
  edits: Edits,
): Pick<ImportReport, 'created' | 'changed' | 'unchanged' | 'changes'> {
  const changed = new Map<string, SubjectChange>();
  for (const change of edits.changes) {
    if (!change.isNew) changed.set(`${change.subject} ${change.id}`, change);
  }
  const reported = new Set<SubjectChange>();
  const count = { created: 0, changed: 0, unchanged: 0 };
  const changes: LineChange[] = [];
  for (const [key, group] of users) {
    let touched = false;
    for (const { line, login, siret } of group) {
      for (const subject of subjectsOf(key, siret, registry)) {
        const change = changed.get(subject);
        if (change === undefined) continue;
        touched = true;
        if (reported.has(change)) continue;
        reported.add(change);
        for (const field of change.fields) changes.push({ line, login, ...field });
      }
    }
    count[known.users.has(key) ? (touched ? 'changed' : 'unchanged') : 'created']++;
  }
  return { ...count, changes };
}

/** Everything that a line about a technical user at a structure refers to. */
function subjectsOf(key: string, siret: string, registry: RegistryDraft): string[] {
  const structure = registry.structures.get(siret);
  const people = structure === undefined ? [] : [structure.principal, ...structure.deputies];
  return [
    `technical-user ${registry.users.get(key)?.id}`,
    `structure ${structure?.id}`,
    ...people.filter((id) => id !== null).map((id) => `person ${id}`),
  ];
}
