// Tells what is new in the cells of an import: three-way, between the last import, the list and what is known since.
//
// Invariant: a cell that is told and left is remembered as the last one. The same list again then finds it equal, and says at
// most that it still differs; it is never applied without a further change of the list.
import {
  type CellColumn,
  cellsOf,
  dayOf,
  type ImportedCells,
  type ImportMemory,
  lastOrigin,
  lineKey,
  type Origin,
} from './import-memory.ts';
import type { Registration, Remark } from './registration.ts';

/** How a cell stands to that of the last import; `first`: none is remembered. */
type Status = 'same' | 'changed' | 'first';

/** What is known otherwise, and who says so. */
export interface Objection {
  readonly origin: Origin | null;
  /** Also where the last import had agreed with it: a password that Relève put into service stays proven. */
  readonly forGood?: boolean;
}

/** The value that lines give in a column, beside the one on record. */
export interface Claim {
  readonly column: CellColumn;
  readonly says: string;
  readonly known: string | null;
  /** `known` in words, where it needs some. */
  readonly shown?: string;
  /** Who wrote the value on record. */
  readonly last: Origin | null;
  /** Whatever contradicts what the lines say; an import never does. */
  readonly objections: readonly Objection[];
  /** The correction that would apply it: `releve set …`. */
  readonly set: string;
}

/** How the cells of a claim are compared. */
export interface CellComparison {
  /** What is compared of a line; undefined when it says nothing. */
  readonly read: (cells: ImportedCells) => string | undefined;
  /** Whether the last import said what is on record. */
  readonly agreed: (former: ImportedCells) => boolean;
}

/** Decides about claims and collects what is to be told; `close` writes what is told once for each column. */
export class ImportNews {
  readonly #memory: ImportMemory;
  readonly #warnings: Remark[];
  readonly #cells = new Map<Registration, ImportedCells>();
  readonly #left = new Map<string | null, { readonly first: Remark; readonly count: number }>();

  constructor(memory: ImportMemory, warnings: Remark[]) {
    this.#memory = memory;
    this.#warnings = warnings;
  }

  cells(line: Registration): ImportedCells {
    const cells = this.#cells.get(line) ?? cellsOf(line);
    this.#cells.set(line, cells);
    return cells;
  }

  /** The cells of the line in the last import; undefined when none is remembered. */
  former(line: Registration): ImportedCells | undefined {
    return this.#memory.cells.get(lineKey(line));
  }

  /** Who wrote the fields (`originKey`) last, or null. */
  origin(...fields: readonly string[]): Origin | null {
    return lastOrigin(this.#memory, fields);
  }

  /** Whether what the lines say in a column is to be applied; what is not and differs is told. */
  takes(lines: readonly Registration[], claim: Claim, { read, agreed }: CellComparison): boolean {
    const naming = lines.filter((line) => read(this.cells(line)) !== undefined);
    const formers = naming.flatMap((line) => {
      const former = this.former(line);
      return former === undefined ? [] : [{ former, isSame: read(former) === read(this.cells(line)) }];
    });
    const changed = formers.filter(({ isSame }) => !isSame);
    const status = changed.length > 0 ? 'changed' : formers.length > 0 ? 'same' : 'first';
    // An empty cell said nothing, and so agreed with nothing.
    const wasAgreed = changed.some(({ former }) => read(former) !== undefined && agreed(former));
    return this.decide(naming, claim, { status, agreed: wasAgreed });
  }

  /** `takes`, for cells that were compared already. */
  decide(
    lines: readonly Registration[],
    claim: Claim,
    { status, agreed }: { readonly status: Status; readonly agreed: boolean },
  ): boolean {
    const { says, known, last, objections } = claim;
    if (says === known) return true;
    if (status === 'same') {
      this.#count(lines, claim, last, 'as in the last import');
      return false;
    }
    const against = objections.filter(({ origin }) => origin !== null && origin.by !== 'import');
    const isBinding = ({ origin, forGood }: Objection) =>
      status === 'first' || forGood === true || origin?.confirmed === true || !agreed;
    const binding = against.find(isBinding);
    if (binding === undefined) return true;
    if (status === 'first') this.#count(lines, claim, binding.origin, 'and no earlier import is remembered');
    else this.#tell(lines, claim, binding.origin);
    return false;
  }

  /** Whether a correction took the line's structure from its account; then it is told and not put back. */
  isRemoved(line: Registration): boolean {
    const origin = this.#memory.removed.get(lineKey(line));
    if (origin === undefined) return false;
    const { login, siret } = line;
    const message = `${login} does not serve ${siret}${since(origin)}; not added again; if it does: releve set ${login} --add-structure ${siret}`;
    const remark = { line: line.line, column: 'siret', message };
    if (this.former(line) === undefined) this.#warnings.push(remark);
    else this.#leave(remark, 1);
    return true;
  }

  /** Writes the remarks on cells that carry no news: one for each column, however many lines there are. */
  close(): void {
    for (const { first, count } of this.#left.values()) {
      const more = count === 1 ? '' : `; the same on ${count - 1} more ${count === 2 ? 'line' : 'lines'}`;
      this.#warnings.push({ ...first, message: `${first.message}${more}` });
    }
  }

  #tell([first]: readonly Registration[], claim: Claim, origin: Origin | null): void {
    const message = `the list says ${claim.says}; ${left(claim, origin)}`;
    if (first !== undefined) this.#warnings.push({ line: first.line, column: claim.column, message });
  }

  #count(lines: readonly Registration[], claim: Claim, origin: Origin | null, why: string): void {
    const [first] = lines;
    const message = `the list says ${claim.says}, ${why}: no news; ${left(claim, origin)}`;
    const remark = { line: first?.line ?? 0, column: claim.column, message };
    this.#leave(remark, lines.length);
  }

  #leave(remark: Remark, lines: number): void {
    const { first, count } = this.#left.get(remark.column) ?? { first: remark, count: 0 };
    this.#left.set(remark.column, { first, count: count + lines });
  }
}

/** What is on record, since when and from what, and the way to replace it. */
function left({ known, shown, last, set }: Claim, origin: Origin | null): string {
  const isOther = origin !== null && origin.at !== last?.at;
  const why = isOther
    ? `${since(last)}; the list contradicts ${origin.who}, on ${dayOf(origin)}`
    : since(origin);
  return `left as it is: ${shown ?? known ?? 'nothing'}${why}; if the list is right: ${set}`;
}

function since(origin: Origin | null): string {
  return origin === null ? '' : `, since ${dayOf(origin)}, from ${origin.who}`;
}
