// Reads the header row of an import file: which column is which, by our names and by those that other lists have.
import { quoted } from '../../domain/parsing/characters.ts';
import { COLUMNS, type Column, HEADER, type Remark } from '../../domain/registry/registration.ts';
import { distance } from '../../foundation/edit-distance.ts';

/** The place of each column; or why the header row cannot be used. */
export interface Head {
  readonly places: ReadonlyMap<Column, number>;
  /** The number of cells of the header row; no other row may have more. */
  readonly width: number;
  readonly refused: readonly Remark[];
  readonly warnings: readonly Remark[];
}

const REQUIRED: readonly Column[] = ['siret', 'structure', 'login'];

/** Headers longer than this are not taken for a typing error. */
const LONGEST_HEADER = 40;

/** A header without case, accents, blanks and dashes. */
function plain(header: string): string {
  return header
    .slice(0, 200)
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
}

const BY_PLAIN = new Map<string, Column>([
  ...COLUMNS.map((column) => [plain(column), column] as const),
  ['tel', 'telephone'],
  ['telstructure', 'telephone_structure'],
]);

/**
 * What other lists call a column. A name that may mean something else is none: « responsable » would take the role from the
 * manager, « échéance » may be a contract's. Only where the file is refused without the column may it be wider.
 */
const OTHER_NAMES: Readonly<Record<Column, string>> = {
  siret: 'numerosiret nsiret nosiret numsiret codesiret siretstructure siretcollectivite',
  structure: 'nomstructure nomdelastructure collectivite raisonsociale denomination organisme',
  login:
    'identifiant compte comptetechnique utilisateur utilisateurtechnique logintechnique identifianttechnique loginchoruspro',
  environnement: 'env environment',
  date_changement: 'datechgt datechangt datechangementmdp datechangementmotdepasse datedechangement',
  date_expiration: 'dateexp dateexpir datedexpiration expiration',
  gestionnaire: 'nomgestionnaire gestionnaireprincipal nomdugestionnaire',
  courriel:
    'mail email mel adressemail adresseemail adressemel adresseelectronique adressecourriel courrielgestionnaire ' +
    'mailgestionnaire emailgestionnaire',
  secondaires: 'suppleants gestionnairessecondaires',
  langue: 'language',
  telephone: 'telgestionnaire telephonegestionnaire numtel numerotelephone',
  telephone_structure: 'telephonemairie telmairie telephonecollectivite',
};
const BY_OTHER_NAME = new Map(
  COLUMNS.flatMap((column) => OTHER_NAMES[column].split(' ').map((name) => [name, column] as const)),
);

/** Whether a header names a column of ours, under any name. */
export function namesColumn(header: string): boolean {
  return BY_PLAIN.has(plain(header)) || BY_OTHER_NAME.has(plain(header));
}

/**
 * Reads the header row, which is on `line`. A column under another name counts where none has ours, or where nothing stands below
 * ours.
 */
export function readHead(cells: readonly string[], line: number, isEmpty: (place: number) => boolean): Head {
  const places = new Map<Column, number>();
  const refused: Remark[] = [];
  const others = new Map<number, string>();
  for (const [place, cell] of cells.entries()) {
    const column = BY_PLAIN.get(plain(cell));
    if (column === undefined) {
      if (cell.trim() !== '') others.set(place, cell.trim());
    } else if (places.has(column)) {
      refused.push({ line, column, message: `the column ${column} stands twice; keep one` });
    } else places.set(column, place);
  }
  const synonyms = takeSynonyms(others, places, { line, isEmpty });
  const missing = COLUMNS.filter((column) => !places.has(column));
  const unknown = new Set(others.values());
  const typos = new Map<string, Column>();
  for (const header of unknown) {
    const meant = missing.find((column) => isTypoOf(header, column));
    if (meant !== undefined) typos.set(header, meant);
  }
  for (const [header, meant] of typos) {
    refused.push({ line, column: meant, message: `the column ${quoted(header)} is unknown; write ${meant}` });
  }
  const meant = new Set(typos.values());
  for (const column of REQUIRED) {
    if (places.has(column) || meant.has(column)) continue;
    const message = `the column ${column} is missing; the first line names the columns: ${HEADER}`;
    refused.push({ line, column, message });
  }
  const ignored = [...unknown].filter((header) => !typos.has(header)).map(quoted);
  const message = `unknown columns, ignored: ${ignored.slice(0, 10).join(', ')}`;
  const warnings = ignored.length === 0 ? [] : [{ line, column: null, message }];
  refused.push(...synonyms.refused);
  return { places, width: cells.length, refused, warnings: [...synonyms.warnings, ...warnings] };
}

/** Finds the places of columns that stand under another name, and takes them from `others`. Two for one column are a fault. */
function takeSynonyms(
  others: Map<number, string>,
  places: Map<Column, number>,
  { line, isEmpty }: { readonly line: number; readonly isEmpty: (place: number) => boolean },
): Pick<Head, 'refused' | 'warnings'> {
  const refused: Remark[] = [];
  const warnings: Remark[] = [];
  const taken = new Map<Column, string>();
  for (const [place, header] of others) {
    const column = BY_OTHER_NAME.get(plain(header));
    if (column === undefined) continue;
    const first = taken.get(column);
    const own = first === undefined ? places.get(column) : undefined;
    if (own !== undefined && (isEmpty(place) || !isEmpty(own))) continue;
    others.delete(place);
    if (first === undefined) {
      places.set(column, place);
      taken.set(column, header);
      const why = own === undefined ? '' : ', whose own column is empty';
      warnings.push({ line, column, message: `the column ${quoted(header)} was read as ${column}${why}` });
    } else {
      const both = `${quoted(first)} and ${quoted(header)}`;
      refused.push({ line, column, message: `the columns ${both} both mean ${column}; keep one` });
    }
  }
  return { refused, warnings };
}

/** Whether a header is a known one with a typing error (or a few letters more). */
function isTypoOf(header: string, column: Column): boolean {
  const a = plain(header).slice(0, LONGEST_HEADER);
  const b = plain(column);
  return distance(a, b) <= (b.length < 8 ? 1 : 2);
}
