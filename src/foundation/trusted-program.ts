// Programs that settings name: searched in PATH without the current folder, and trusted only with all paths in their arguments.
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Distrust } from './file-trust.ts';
import { distrustOf, processIdentity } from './trusted-file.ts';

/** The default PATH. */
export const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The absolute path of a program; null where PATH does not contain it. Relative folders in PATH are ignored. */
export function findProgram(name: string, searchPath: string | undefined): string | null {
  if (name.includes('/')) return name;
  const folders = (searchPath || SEARCH_PATH).split(':').filter((folder) => folder.startsWith('/'));
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Why a program with its arguments is not trusted; null when all of it is. A missing program is not checked here. */
export function programDistrust(
  [program = '', ...words]: readonly string[],
  searchPath: string | undefined,
  self = processIdentity(),
): Distrust | null {
  const found = findProgram(program, searchPath);
  for (const path of [...(found === null ? [] : [found]), ...words.flatMap(pathsIn)]) {
    const distrust = distrustOf(path, self);
    if (distrust !== null) return distrust;
  }
  return null;
}

/** Every absolute path in an argument: `/a/b`, `--key=/a/b`, `sh -c 'cat /a/b >/c'`. */
export function pathsIn(word: string): string[] {
  const whole = word.startsWith('/') ? [word] : [];
  return [...new Set([...whole, ...(word.match(/(?<![^\s"'=:;,|&<>()@`])\/[^\s"'=:;,|&<>()@`]*/g) ?? [])])];
}
