// An import file compared with the registry: what it changes, line by line, and which lines it cannot.
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
  type Edits,
  homesOf,
  type Known,
  type KnownUser,
  type Mentioned,
  type SubjectChange,
} from './registry.ts';
import { differences, RegistryDraft } from './registry-draft.ts';

/** What an import would write, and what it answers. */
export interface ImportPlan {
  readonly edits: Edits;
  readonly report: Omit<ImportReport, 'kept' | 'possible'>;
}

type Remarks = Remark[];
type Groups = ReadonlyMap<string, readonly Registration[]>;

/** What of the registry a file speaks of. */
export function mentionedBy(lines: readonly Registration[]): Mentioned {
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

/** Compares lines that do not contradict each other with what is known. */
export function planImport(lines: readonly Registration[], known: Known): ImportPlan {
  const draft = new RegistryDraft(known);
  const refused: Remarks = [];
  const warnings: Remarks = [];
  const kept: Registration[] = [];
  for (const group of groupBy(lines, (line) => userKey(line.login, line.environment)).values()) {
    kept.push(...placeUser(group, draft, refused, warnings));
  }
  kept.sort((a, b) => a.line - b.line);
  for (const group of groupBy(kept, (line) => line.siret).values()) placePeople(group, draft, warnings);
  const edits = differences(known, draft);
  const byUser = groupBy(kept, (line) => userKey(line.login, line.environment));
  return { edits, report: { ...tally(byUser, known, draft, edits), refused, warnings } };
}

function groupBy(lines: readonly Registration[], keyOf: (line: Registration) => string): Groups {
  const groups = new Map<string, Registration[]>();
  for (const line of lines) {
    const group = groups.get(keyOf(line));
    if (group) group.push(line);
    else groups.set(keyOf(line), [line]);
  }
  return groups;
}

/** Writes one technical user into the draft. Returns its lines that were not refused. */
function placeUser(
  group: readonly Registration[],
  draft: RegistryDraft,
  refused: Remarks,
  warnings: Remarks,
): readonly Registration[] {
  const [first] = group;
  if (first === undefined) return [];
  const before = draft.users.get(userKey(first.login, first.environment));
  const homes = homesOf(first.login, [...new Set(group.map((line) => line.siret))], before);
  const unplaced = homes.ok ? [] : homes.unplaced;
  const placed = group.filter((line) => !unplaced.includes(line.siret));
  for (const { line, siret } of group) {
    if (!homes.ok && unplaced.includes(siret)) refused.push({ line, column: 'siret', message: homes.fault });
  }
  if (placed.length === 0) return [];
  const start: Omit<KnownUser, 'id'> = before ?? newUser(first);
  const learnt = {
    changedOn: placed.find((line) => line.changedOn !== null)?.changedOn ?? null,
    portalOn: placed.find((line) => line.portalOn !== null)?.portalOn ?? null,
  };
  const dated = withDates(start, learnt);
  if (!dated.ok) {
    for (const { line } of placed) refused.push({ line, column: 'date_expiration', message: dated.fault });
    return [];
  }
  const { home, further } = homes.ok ? homes : start;
  const { version, changedOn, portalOn } = dated;
  for (const { siret, structure } of placed) draft.structure(siret, structure);
  draft.putUser({ ...start, home, further, version, changedOn, portalOn });
  warnings.push(...oddities(first, home, before));
  return placed;
}

function newUser({ login, environment, siret }: Registration): Omit<KnownUser, 'id'> {
  const none = { changedOn: null, portalOn: null, validity: null, latest: null };
  return { login, environment, home: siret, further: [], version: 1, ...none, retired: false };
}

function oddities({ line, login }: Registration, home: string, before: KnownUser | undefined): Remarks {
  const carried = siretInLogin(login);
  const remarks: Remarks = [];
  if (before?.retired) {
    const message = `${login} is retired: no letter is written; if it is in use again: releve set ${login} --reinstate`;
    remarks.push({ line, column: 'login', message });
  }
  if (before === undefined && carried !== null && carried !== home) {
    const message = `the login carries SIRET ${carried}, the line says ${home}; it is registered at ${home}`;
    remarks.push({ line, column: 'siret', message });
  }
  return remarks;
}

/** Writes the people of one structure into the draft. The lines agree, so the first that says something is right. */
function placePeople(group: readonly Registration[], draft: RegistryDraft, warnings: Remarks): void {
  const [first] = group;
  if (first === undefined) return;
  const { siret } = first;
  const current = () => {
    const id = draft.structures.get(siret)?.principal ?? null;
    return id === null ? null : (draft.people.get(id) ?? null);
  };
  const naming = group.filter((line) => line.manager !== null);
  const language = group.find((line) => line.language !== null)?.language ?? null;
  const name = naming.find((line) => line.manager?.name)?.manager?.name ?? null;
  const email = naming.find((line) => line.manager?.email)?.manager?.email ?? null;
  if (naming.length > 0) draft.appoint(siret, draft.person({ name, email }, language, current()).id);
  else if (language !== null) {
    const manager = current();
    if (manager !== null) draft.put({ ...manager, language });
  }
  placeDeputies(group, draft, language, warnings);
  const { line } = naming[0] ?? first;
  const manager = current();
  const tell = (column: string, message: string) => warnings.push({ line, column, message });
  if (manager === null) {
    tell('gestionnaire', `no manager of ${siret} is known: letters about it can reach nobody`);
  } else if (manager.email === null) {
    tell('courriel', `${manager.name} cannot be written to: no address is known`);
  } else if (manager.dead) {
    const advice = `if it works again: releve set ${manager.email} --address-works`;
    tell('courriel', `the mail server refuses ${manager.email} for good; ${advice}`);
  }
}

function placeDeputies(
  group: readonly Registration[],
  draft: RegistryDraft,
  language: Registration['language'],
  warnings: Remarks,
): void {
  const naming = group.find((line) => line.deputies !== null);
  if (naming?.deputies == null) return;
  const { siret, line, deputies } = naming;
  const ids = deputies.map((contact) => {
    const known = draft.at(contact.email ?? '');
    return draft.person(contact, known === null ? language : null, null).id;
  });
  const principal = draft.structures.get(siret)?.principal ?? null;
  if (principal !== null && ids.includes(principal)) {
    const message = 'the principal manager stands among the deputies too; left out there';
    warnings.push({ line, column: 'secondaires', message });
  }
  draft.setDeputies(siret, ids);
}

/** The numbers, and each change once, on the first line that makes it. */
function tally(
  byUser: Groups,
  known: Known,
  draft: RegistryDraft,
  edits: Edits,
): Pick<ImportReport, 'created' | 'changed' | 'unchanged' | 'changes'> {
  const changed = new Map<string, SubjectChange>();
  for (const change of edits.changes) {
    if (!change.isNew) changed.set(`${change.subject} ${change.id}`, change);
  }
  const told = new Set<SubjectChange>();
  const count = { created: 0, changed: 0, unchanged: 0 };
  const changes: LineChange[] = [];
  for (const [key, group] of byUser) {
    let touched = false;
    for (const { line, login, siret } of group) {
      for (const subject of subjectsOf(key, siret, draft)) {
        const change = changed.get(subject);
        if (change === undefined) continue;
        touched = true;
        if (told.has(change)) continue;
        told.add(change);
        for (const field of change.fields) changes.push({ line, login, ...field });
      }
    }
    count[known.users.has(key) ? (touched ? 'changed' : 'unchanged') : 'created']++;
  }
  return { ...count, changes };
}

/** Everything that a line about a technical user at a structure speaks of. */
function subjectsOf(key: string, siret: string, draft: RegistryDraft): string[] {
  const structure = draft.structures.get(siret);
  const people = structure === undefined ? [] : [structure.principal, ...structure.deputies];
  return [
    `technical-user ${draft.users.get(key)?.id}`,
    `structure ${structure?.id}`,
    ...people.filter((id) => id !== null).map((id) => `person ${id}`),
  ];
}
