// Finds the forbidden words of plain-words.ts: in declared names, in names of files, in comments and documents.
import {
  FORBIDDEN_FILES,
  FORBIDDEN_NAMES,
  FORBIDDEN_WORDS,
  type ForbiddenName,
  STORED,
} from './plain-words.ts';
import type { Declared, SourceFile } from './source-tree.ts';

const matcherOf = (pattern: string) => {
  const source = pattern.split('*').map(RegExp.escape).join('.*');
  return new RegExp(`^${source}$`);
};
const NAMES = FORBIDDEN_NAMES.map((entry) => ({ ...entry, matches: matcherOf(entry.today) }));
const FILES = FORBIDDEN_FILES.map((entry) => ({ ...entry, matches: matcherOf(entry.today) }));
const WORDS = FORBIDDEN_WORDS.flatMap(({ forms, use }) => forms.map((form) => [form, use] as const));
const USE = new Map(WORDS);
const ANY_WORD = new RegExp(`\\b(?:${[...USE.keys()].join('|')})\\b`, 'gi');

/** Declared names of `src/` that nobody else uses, one line for each file and name. */
export function forbiddenNames(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, declared }) => {
    const isStored = STORED.some((folder) => path.startsWith(`src/${folder}`));
    const faults = new Map<string, string>();
    for (const each of declared) {
      if (isStored && each.kind === 'property') continue;
      const entry = NAMES.find((one) => isBelow(one, path) && appliesTo(one, each));
      if (entry === undefined || faults.has(each.name)) continue;
      faults.set(each.name, `${path}:${each.line} ${each.name}: say ${entry.use}`);
    }
    return [...faults.values()];
  });
}

const isBelow = ({ below }: ForbiddenName, path: string) =>
  below === undefined || below.some((folder) => path.startsWith(`src/${folder}/`));

function appliesTo(entry: ForbiddenName & { matches: RegExp }, { name, kind, owner }: Declared): boolean {
  if (entry.kinds !== undefined && !entry.kinds.includes(kind)) return false;
  return entry.matches.test(name) || (owner !== null && entry.today === `${owner}.${name}`);
}

export function forbiddenFiles(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '');
    const entry = FILES.find(({ matches }) => matches.test(name));
    return entry === undefined ? [] : [`${path}: say ${entry.use}`];
  });
}

/** The forbidden words of texts from which all that is no prose was blanked. */
export function forbiddenWords(
  texts: readonly { readonly path: string; readonly prose: string }[],
): string[] {
  return texts.flatMap(({ path, prose }) =>
    [...prose.matchAll(ANY_WORD)].map(({ 0: word, index }) => {
      const line = prose.slice(0, index).split('\n').length;
      return `${path}:${line} ${word}: say ${USE.get(word.toLowerCase())}`;
    }),
  );
}
