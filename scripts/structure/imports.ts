// Judges the imports of a checkout: circles, imports that the table forbids, and those that resolve to nothing.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { importRuleOf, inWords, mayImport } from './import-rules.ts';
import type { Import, SourceFile } from './source-tree.ts';

const SRC = /^src\//;
const TABLE = 'scripts/structure/import-rules.ts';
const positionOf = ({ path }: SourceFile, { line }: Import) => `${path}:${line}`;

/** One line for each group of files that import each other, with a shortest cycle; types count as much as values. */
export function circles(files: readonly SourceFile[]): string[] {
  const edges = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.flatMap(({ target }) => (target === null ? [] : [target])),
    ]),
  );
  const from = (path: string) => edges.get(path) ?? [];
  const seen = new Set<string>();
  return files.flatMap(({ path }) => {
    const cycle = seen.has(path) ? null : shortestCycle(path, from);
    if (cycle === null) return [];
    for (const each of cycleGroupOf(path, from)) seen.add(each);
    return [
      `${cycle.join(' -> ')}: let one of them take what it needs as an argument, or move the shared type`,
    ];
  });
}

/** A shortest path of imports from a file back to itself. */
function shortestCycle(start: string, from: (path: string) => readonly string[]): string[] | null {
  const before = new Map<string, string>();
  const open = [start];
  for (const path of open) {
    for (const next of from(path)) {
      if (next === start) {
        const way = [start];
        for (let at: string | undefined = path; at !== undefined; at = before.get(at)) way.unshift(at);
        return way;
      }
      if (before.has(next)) continue;
      before.set(next, path);
      open.push(next);
    }
  }
  return null;
}

/** All that can be reached from a file and leads back to it. */
function cycleGroupOf(start: string, from: (path: string) => readonly string[]): string[] {
  const reached = new Set([start]);
  for (const path of reached) for (const next of from(path)) reached.add(next);
  return [...reached].filter((path) => {
    const further = new Set(from(path));
    for (const each of further) for (const next of from(each)) further.add(next);
    return further.has(start);
  });
}

/** Imports that the table does not allow. */
export function arrowsUp(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const rule = importRuleOf(file.path.replace(SRC, ''));
    if (rule === undefined) return [];
    return file.imports.flatMap((one) => {
      const { specifier, target, typeOnly } = one;
      const fault = `${positionOf(file, one)} imports ${target ?? specifier}: ${inWords(rule)}`;
      if (target !== null) {
        return SRC.test(target) && !mayImport(rule, target.replace(SRC, ''), typeOnly) ? [fault] : [];
      }
      const needed = isBuiltin(specifier) ? ['node', 'node and packages'] : ['node and packages'];
      return needed.includes(rule.outside) ? [] : [fault];
    });
  });
}

const SHOWN = 8;
const abbreviated = (names: readonly string[]) =>
  [...names.slice(0, SHOWN), ...(names.length > SHOWN ? [`${names.length - SHOWN} more`] : [])].join(', ');

/** Folders, and files beside folders, of which the table says nothing. */
export function unknownFolders(files: readonly SourceFile[]): string[] {
  const unknown = files.filter(({ path }) => importRuleOf(path.replace(SRC, '')) === undefined);
  const folders = Map.groupBy(unknown, ({ path }) => path.slice(0, path.lastIndexOf('/') + 1));
  return [...folders].map(
    ([folder, inside]) =>
      `${folder} (${abbreviated(inside.map(({ path }) => path.slice(folder.length)))}): move to a folder of ${TABLE}`,
  );
}

export function unresolved(root: string, files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    file.imports
      .filter(({ target }) => target !== null && !existsSync(join(root, target)))
      .map((one) => `${positionOf(file, one)} imports ${one.target}: there is no such file`),
  );
}

/** What `src/` loads and the product does not bring along. */
export function notShipped(root: string, files: readonly SourceFile[]): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  return files.flatMap((file) =>
    file.imports.flatMap((one) => {
      const { specifier, target } = one;
      if (target !== null) {
        return SRC.test(target) ? [] : [`${positionOf(file, one)} imports ${target}: src/ stands without it`];
      }
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      return isBuiltin(specifier) || name in dependencies
        ? []
        : [
            `${positionOf(file, one)} imports ${name}: it is no dependency in package.json (devDependencies stay away)`,
          ];
    }),
  );
}

/** The files that one other file alone imports, small ones first, with that one. */
export function readByOne(files: readonly SourceFile[]): { file: SourceFile; reader: string }[] {
  const readers = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    for (const { target } of imports) {
      if (target === null || target === path) continue;
      readers.set(target, (readers.get(target) ?? new Set()).add(path));
    }
  }
  return files
    .flatMap((file) => {
      const [reader, ...others] = readers.get(file.path) ?? [];
      return reader === undefined || others.length > 0 ? [] : [{ file, reader }];
    })
    .sort((a, b) => a.file.lines - b.file.lines);
}
