// Measures the structure of the code against its bounds, prints all faults and a table, and exits 1 if there is one.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { arrowsUp, circles, notShipped, readByOne, unknownFolders, unresolved } from './structure/imports.ts';
import type { Signature } from './structure/signatures.ts';
import { filesIn, proseOf, readSources, type SourceFile } from './structure/source-tree.ts';
import { forbiddenFiles, forbiddenNames, forbiddenWords } from './structure/words.ts';

export interface Measure {
  readonly name: string;
  readonly figure: number;
  /** The largest figure that is no fault. */
  readonly bound: number;
  readonly unit?: string;
  /** Each names the place and what would be right. */
  readonly faults: readonly string[];
}

const MOST_FILES = 20;
const MOST_NAMES = 14;
const MOST_READ_BY_ONE = 30;
const MOST_LINES = 250;
const MOST_PARAMETERS = 4;

/** Where one file for one thing is the design, so that being imported by one other says nothing. */
const ONE_FILE_ONE_THING =
  /^src\/(cli|adapters\/sinks|adapters\/database\/migrations|content|composition|demo|simulator)\//;

/** Every measure of the checkout in this folder. */
export function measures(root: string): Measure[] {
  const product = readSources(root, 'src');
  const all = [...product, ...['test', 'bench', 'scripts'].flatMap((folder) => readSources(root, folder))];
  return [
    none('import circles', circles(all)),
    none('arrows up', arrowsUp(product)),
    none('folders that the import table does not know', unknownFolders(product)),
    none('imports that resolve to nothing', unresolved(root, all)),
    none('imports of src/ that are not shipped', notShipped(root, product)),
    filesInAFolder(root),
    topNames(root),
    none('exported type names declared twice', twice(product)),
    importedByOne(product),
    longestFile(product),
    ...signatures(product),
    none('forbidden identifiers', forbiddenNames(product)),
    none('forbidden file names', forbiddenFiles(product)),
    none('forbidden words in comments and documents', forbiddenWords(texts(root, all))),
  ];
}

const none = (name: string, faults: readonly string[]): Measure => ({
  name,
  figure: faults.length,
  bound: 0,
  faults,
});

/** The largest of several figures; each that is over the bound is a fault. */
function largest(
  name: string,
  bound: number,
  figures: readonly { readonly figure: number; readonly fault: string }[],
): Measure {
  const over = figures.filter(({ figure }) => figure > bound).sort((a, b) => b.figure - a.figure);
  const figure = Math.max(0, ...figures.map((each) => each.figure));
  return { name, figure, bound, faults: over.map(({ fault }) => fault) };
}

function filesInAFolder(root: string): Measure {
  const folders = Map.groupBy(filesIn(root, 'src'), dirname);
  const figures = [...folders].map(([folder, { length }]) => ({
    figure: length,
    fault: `${folder}/: ${length} files; make folders by subject`,
  }));
  return largest('files directly in a folder', MOST_FILES, figures);
}

function topNames(root: string): Measure {
  const { length } = readdirSync(join(root, 'src'));
  const fault = `src/: ${length} names; move files into the folders of their subject`;
  return largest('names at the top of src/', MOST_NAMES, [{ figure: length, fault }]);
}

function twice(files: readonly SourceFile[]): string[] {
  const types = files.flatMap(({ path, declared }) =>
    declared
      .filter(({ kind, exported }) => kind === 'type' && exported)
      .map(({ name, line }) => ({ name, place: `${path}:${line}` })),
  );
  return [...Map.groupBy(types, ({ name }) => name)]
    .filter(([, found]) => found.length > 1)
    .map(([name, found]) => `${name}: ${found.map(({ place }) => place).join(', ')}; give each its own name`);
}

function importedByOne(files: readonly SourceFile[]): Measure {
  const counted = files.filter(({ path }) => !ONE_FILE_ONE_THING.test(path));
  const found = readByOne(files).filter(({ file }) => counted.includes(file));
  const figure = counted.length === 0 ? 0 : Math.ceil((100 * found.length) / counted.length);
  const faults = found.map(
    ({ file, reader }) => `${file.path} (${file.lines} lines): merge it into ${reader}?`,
  );
  return {
    name: 'files imported by one other',
    figure,
    bound: MOST_READ_BY_ONE,
    unit: '%',
    faults: figure > MOST_READ_BY_ONE ? faults : [],
  };
}

function longestFile(files: readonly SourceFile[]): Measure {
  const figures = files.map(({ path, lines }) => ({
    figure: lines,
    fault: `${path}: ${lines} lines; divide it by subject`,
  }));
  return largest('lines of the longest file', MOST_LINES, figures);
}

function signatures(files: readonly SourceFile[]): Measure[] {
  const all = files.flatMap(({ path, signatures: own }) => own.map((each) => ({ path, ...each })));
  const faults = (isMember: boolean, of: (signature: Signature) => string | null) =>
    all.flatMap((each) => {
      const fault = each.ofInterface === isMember ? of(each) : null;
      return fault === null ? [] : [`${each.path}:${each.line} ${each.name}${fault}`];
    });
  const tooMany = ({ parameters }: Signature) =>
    parameters.length > MOST_PARAMETERS ? `(${parameters.join(', ')}): gather them in one object` : null;
  const positional = ({ booleans }: Signature) =>
    booleans.length > 0
      ? `: ${booleans.join(', ')}; an option { ${booleans.join(', ')} }, or two functions`
      : null;
  return [
    none(`exported functions of over ${MOST_PARAMETERS} parameters`, faults(false, tooMany)),
    none('exported functions with a positional boolean', faults(false, positional)),
    none(`methods of interfaces of over ${MOST_PARAMETERS} parameters`, faults(true, tooMany)),
    none('methods of interfaces with a positional boolean', faults(true, positional)),
  ];
}

/** Comments of the code, and the documents but for decisions and the change log, which are history. */
function texts(root: string, files: readonly SourceFile[]) {
  const documents = existsSync(join(root, 'docs')) ? readdirSync(join(root, 'docs')) : [];
  const markdown = [
    'README.md',
    'bench/README.md',
    'systemd/README.md',
    ...documents.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
  ].filter((path) => existsSync(join(root, path)));
  return [
    ...files.map(({ path, comments }) => ({ path, prose: comments })),
    ...markdown.map((path) => ({ path, prose: proseOf(readFileSync(join(root, path), 'utf8')) })),
  ];
}

/** The faults of each measure, then all measures as a table of at most 80 columns. */
export function report(found: readonly Measure[]): string {
  const faulty = found.filter(({ faults }) => faults.length > 0);
  const details = faulty.flatMap(({ name, faults }) => [
    `${name}:`,
    ...faults.map((fault) => `  ${fault}`),
    '',
  ]);
  const row = (mark: string, name: string, figure: string, bound: string) =>
    `${mark.padEnd(6)}${name.padEnd(52)}${figure.padStart(10)}${bound.padStart(10)}`;
  const rows = found.map(({ name, figure, bound, unit = '', faults }) =>
    row(faults.length > 0 ? 'FAULT' : 'ok', name, `${figure}${unit}`, `${bound}${unit}`),
  );
  return `${[...details, row('', 'Measure', 'Figure', 'At most'), ...rows].join('\n')}\n`;
}

if (import.meta.main) {
  const found = measures(resolve(process.argv[2] ?? join(import.meta.dirname, '..')));
  process.stdout.write(report(found));
  process.exitCode = found.some(({ faults }) => faults.length > 0) ? 1 : 0;
}
