// What is remembered of earlier imports and of other changes, so that an old list cannot undo them.
import type { Contact } from '../parsing/address.ts';
import { parisDay } from '../shared/calendar.ts';
import { type Column, type Registration, type Subject, userKey } from './registration.ts';

/** The columns whose cells are compared with those of the last import; the others say which account a line is about. */
export type CellColumn = Exclude<Column, 'siret' | 'login' | 'environnement'>;

/** The cells of one line as the readers normalised them; one that is missing was empty, or had no column. */
export type ImportedCells = Readonly<Partial<Record<CellColumn, string>>>;

/** Who wrote a value last. */
export interface Origin {
  /** `handover`: a password that was handed in; `person`: a correction, or a manager's own answer. */
  readonly by: 'import' | 'handover' | 'person';
  readonly who: string;
  /** Instant, ms. */
  readonly at: number;
  /** It said again what was on record, and so what the list said already. */
  readonly confirmed?: true;
}

/** The civil day in Paris, ISO. */
export function dayOf({ at }: Origin): string {
  return parisDay(Temporal.Instant.fromEpochMilliseconds(at)).toString();
}

/** Read for each edit. */
export interface ImportMemory {
  /** The last import of each line, by `lineKey`; an account that no import is remembered of has none. */
  readonly cells: ReadonlyMap<string, ImportedCells>;
  /** By `originKey`; a value that nobody changed since its subject was registered may have none. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** The structures that a correction took from technical users, by `lineKey`. */
  readonly removed: ReadonlyMap<string, Origin>;
}

/** An account at one structure, which is what a line is about. */
export function lineKey({
  login,
  environment,
  siret,
}: Pick<Registration, 'login' | 'environment' | 'siret'>): string {
  return `${userKey(login, environment)} ${siret}`;
}

/** A field of a subject, as the history names it. */
export function originKey(subject: Subject, id: number, field: string): string {
  return `${subject} ${id} ${field}`;
}

/** Who wrote the fields (`originKey`) last, or null. */
export function lastOrigin({ origins }: ImportMemory, keys: readonly string[]): Origin | null {
  const all = keys.flatMap((key) => origins.get(key) ?? []);
  return all.reduce<Origin | null>((last, one) => (last === null || one.at >= last.at ? one : last), null);
}

/** The last handover of a technical user, which a later version may hide. */
export function handoverKey(userId: number): string {
  return originKey('technical-user', userId, 'handover');
}

export function handoverAt(at: number): Origin {
  return { by: 'handover', who: 'a password that was handed in', at };
}

/** What the history calls a date that a handover or a manager's answer wrote. */
export const DATE_GIVEN = 'its manager gave the date';
/** Who the history says wrote the version of a password that was handed in. */
export const HANDOVER = 'releve';

/** An entry of the history, as it is stored. */
interface StoredEntry {
  readonly at: number;
  readonly who: string;
  readonly why: string | null;
  readonly old_value: string | null;
  readonly new_value: string | null;
}

/** Who wrote an entry of the history. */
export function originOf({ at, who, why, old_value, new_value }: StoredEntry): Origin {
  if (old_value === new_value) return { by: 'person', who, at, confirmed: true };
  if (why === DATE_GIVEN) return { by: 'person', who, at };
  if (who === HANDOVER) return handoverAt(at);
  return { by: who === 'import' || who.startsWith('import ') ? 'import' : 'person', who, at };
}

/** The cells of a line, as they are compared and stored. */
export function cellsOf(line: Registration): ImportedCells {
  const cells: Record<CellColumn, string | null> = {
    structure: line.structure,
    date_changement: line.changedOn,
    date_expiration: line.portalOn,
    gestionnaire: line.manager?.name ?? null,
    courriel: line.manager?.email?.toLowerCase() ?? null,
    secondaires: line.deputies === null ? null : deputiesText(line.deputies),
    langue: line.language,
    telephone: line.phone,
    telephone_structure: line.structurePhone,
  };
  return Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== null));
}

/** What is remembered once a line was imported: an empty cell says nothing, and so leaves what the cell said before. */
export function remembered(former: ImportedCells | undefined, cells: ImportedCells): ImportedCells {
  if (former === undefined) return cells;
  const { gestionnaire, courriel, telephone, langue, ...ofOthers } = former;
  const isSame =
    cells.courriel === undefined
      ? cells.gestionnaire === undefined || cells.gestionnaire === gestionnaire
      : cells.courriel === courriel;
  // What was said of another manager is nothing that this one has.
  return isSame ? { ...former, ...cells } : { ...ofOthers, ...cells };
}

const deputiesText = (deputies: readonly Contact[]) =>
  JSON.stringify(
    deputies
      .map(({ name, email, phone = null }) => [email?.toLowerCase() ?? null, name, phone])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );

/** The deputies of a stored cell. */
export function deputiesIn(cell: string | undefined): readonly Contact[] {
  const list: [string | null, string | null, string | null][] = JSON.parse(cell ?? '[]');
  return list.map(([email, name, phone]) => ({ email, name, ...(phone === null ? {} : { phone }) }));
}

/** Whom cells name as the principal manager: by the address, else by the name; undefined when they name nobody. */
export function managerIn({ courriel, gestionnaire }: ImportedCells): string | undefined {
  return courriel ?? gestionnaire;
}
