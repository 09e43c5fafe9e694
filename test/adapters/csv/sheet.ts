// Writes import files for tests, with any delimiter, encoding, order of columns and quoting.
import { COLUMNS, type Column } from '../../../src/domain/registry/registration.ts';

/** A SIRET with a right check digit, made of a number. */
export function siretOf(number: number): string {
  const start = String(20_000_000_000_00 + number)
    .padStart(13, '0')
    .slice(0, 13);
  for (let digit = 0; digit < 10; digit++) {
    const siret = `${start}${digit}`;
    let sum = 0;
    for (const [place, character] of [...siret].entries()) {
      const value = Number(character) * (place % 2 === 0 ? 2 : 1);
      sum += value > 9 ? value - 9 : value;
    }
    if (sum % 10 === 0) return siret;
  }
  return start;
}

export type Cells = Partial<Record<Column, string>>;

/** A line that nothing is wrong with. */
export function goodLine(number: number, more: Cells = {}): Cells {
  const siret = siretOf(number);
  return {
    siret,
    structure: `Commune ${number}`,
    login: `TECH_1_${siret}@cpro.fr`,
    date_changement: '01/03/2026',
    gestionnaire: `Élodie Maire ${number}`,
    courriel: `maire${number}@commune.test`,
    ...more,
  };
}

export interface Shape {
  readonly delimiter: string;
  readonly encoding: 'utf8' | 'utf8-bom' | 'windows-1252';
  readonly columns: readonly Column[];
  readonly eol: string;
  readonly quoteAll: boolean;
}

const PLAIN: Shape = {
  delimiter: ';',
  encoding: 'utf8',
  columns: COLUMNS,
  eol: '\n',
  quoteAll: false,
};

/** The bytes of a file with these lines. */
export function sheet(lines: readonly Cells[], shape: Partial<Shape> = {}): Uint8Array {
  const { delimiter, encoding, columns, eol, quoteAll } = { ...PLAIN, ...shape };
  const quote = (cell: string) =>
    quoteAll || cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const rows = [columns, ...lines.map((line) => columns.map((column) => line[column] ?? ''))];
  const text = rows.map((row) => row.map(quote).join(delimiter) + eol).join('');
  if (encoding === 'windows-1252') return Buffer.from(text, 'latin1');
  return Buffer.from((encoding === 'utf8-bom' ? '\uFEFF' : '') + text, 'utf8');
}
