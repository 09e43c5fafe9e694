// Compares an import file with the registry: what it changes, line by line, and which lines it cannot.

import { ENVIRONMENTS, type ValidityRules } from '../account/technical-user.ts';
import { formerSpellings, siretInLogin } from '../parsing/login.ts';
import { datesToTake } from './import-dates.ts';
import {
  type CellColumn,
  type ImportedCells,
  type ImportMemory,
  lineKey,
  remembered,
} from './import-memory.ts';
import { ImportNews } from './import-news.ts';
import { placeStructure } from './import-structures.ts';
import { type LearntDates, withDates } from './password-dates.ts';
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
  type RememberedCells,
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
    logins: [
      ...new Set(
        lines.flatMap(({ login }) => [login, ...formerSpellings(login)].map((one) => one.toLowerCase())),
      ),
    ],
  };
}

/** Plans the import of lines that do not contradict each other: what it writes, and what it reports. */
export function planImport(
  lines: readonly Registration[],
  known: KnownRegistry,
  memory: ImportMemory,
  validity: ValidityRules,
): { readonly edits: Edits; readonly report: Omit<ImportReport, 'kept' | 'possible'> } {
  const registry = new RegistryDraft(known);
  const refused: Remarks = [];
  const warnings: Remarks = [];
  const news = new ImportNews(memory, warnings);
  const kept: Registration[] = [];
  for (const group of byUser(lines).values())
    kept.push(...placeUser(group, { registry, news, validity }, refused, warnings));
  kept.sort((a, b) => a.line - b.line);
  for (const group of Map.groupBy(kept, (line) => line.siret).values())
    placeStructure(group, registry, news, warnings);
  news.close();
  const edits = { ...differences(known, registry), cells: cellsToRemember(kept, registry, news) };
  return { edits, report: { ...tally(byUser(kept), known, registry, edits), refused, warnings } };
}

const byUser = (lines: readonly Registration[]): Groups =>
  Map.groupBy(lines, (line) => userKey(line.login, line.environment));

interface PlanParts {
  readonly registry: RegistryDraft;
  readonly news: ImportNews;
  readonly validity: ValidityRules;
}

/** Writes one technical user into the draft. Returns its lines that were not refused. */
function placeUser(
  group: readonly Registration[],
  parts: PlanParts,
  refused: Remarks,
  warnings: Remarks,
): readonly Registration[] {
  const { registry, news } = parts;
  const [first] = group;
  if (first === undefined) return [];
  const before = registry.users.get(userKey(first.login, first.environment));
  const twin = before === undefined ? registeredOtherwise(first, registry) : null;
  if (twin !== null) {
    for (const { line } of group) refused.push({ line, column: 'login', message: twin });
    return [];
  }
  const serving = group.filter((line) => !news.isRemoved(line));
  const homes = homesOf(first.login, [...new Set(serving.map((line) => line.siret))], before);
  const unplaced = homes.ok ? [] : homes.unplaced;
  const placed = group.filter((line) => !unplaced.includes(line.siret));
  for (const { line, siret } of group) {
    if (!homes.ok && unplaced.includes(siret)) refused.push({ line, column: 'siret', message: homes.fault });
  }
  if (placed.length === 0) return [];
  const start: Omit<KnownUser, 'id'> = before ?? newUser(first);
  const dated = withDates(
    start,
    before === undefined
      ? datesOf(placed)
      : datesToTake(placed, before, { ...parts, isTwice: isTwice(first.login, registry) }),
  );
  if (!dated.ok) {
    for (const { line } of placed) refused.push({ line, column: 'date_expiration', message: dated.fault });
    return [];
  }
  const { home, further } = homes.ok ? homes : start;
  const { version, changedOn, portalOn } = dated;
  registry.putUser({ ...start, home, further, version, changedOn, portalOn });
  warnings.push(...oddities(first, home, before));
  return placed;
}

const isTwice = (login: string, registry: RegistryDraft) =>
  ENVIRONMENTS.every((environment) => registry.users.has(userKey(login, environment)));

/** Why a new login would be an account that is registered already under another form; null when it would not. */
function registeredOtherwise({ login, environment }: Registration, registry: RegistryDraft): string | null {
  const twin = formerSpellings(login)
    .map((form) => registry.users.get(userKey(form, environment)))
    .find((user) => user?.retired === false);
  if (twin === undefined) return null;
  const where = isTwice(twin.login, registry) ? ` --environment ${environment}` : '';
  return `${login} is registered as ${twin.login}: a second account would stand beside it; put that one aside, and import again: releve set ${twin.login} --retire${where}`;
}

function datesOf(lines: readonly Registration[]): LearntDates {
  return {
    changedOn: lines.find((line) => line.changedOn !== null)?.changedOn ?? null,
    portalOn: lines.find((line) => line.portalOn !== null)?.portalOn ?? null,
  };
}

function newUser({ login, environment, siret }: Registration): Omit<KnownUser, 'id'> {
  const none = { changedOn: null, portalOn: null, validity: null, latest: null, paused: null };
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

/** The cells that differ from those remembered, once for each account at a structure. */
function cellsToRemember(
  lines: readonly Registration[],
  registry: RegistryDraft,
  news: ImportNews,
): RememberedCells[] {
  return [...Map.groupBy(lines, lineKey).values()].flatMap((group) => {
    const [first] = group;
    const user = first && registry.users.get(userKey(first.login, first.environment));
    if (first === undefined || user === undefined) return [];
    const former = news.former(first);
    const cells = remembered(former, Object.assign({}, ...group.map((line) => news.cells(line))));
    return former !== undefined && isEqual(cells, former)
      ? []
      : [{ userId: user.id, siret: first.siret, cells }];
  });
}

function isEqual(a: ImportedCells, b: ImportedCells): boolean {
  const columns = Object.keys({ ...a, ...b }) as CellColumn[];
  return columns.every((column) => a[column] === b[column]);
}
