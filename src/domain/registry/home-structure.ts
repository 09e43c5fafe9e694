// Which structure a technical user belongs to when several are named, and which it merely serves.
import { siretInLogin } from '../parsing/login.ts';
import type { KnownUser } from './registry.ts';

/** The home and the further structures; or the SIRETs that cannot be placed without guessing. */
export type Homes =
  | { readonly ok: true; readonly home: string; readonly further: readonly string[] }
  | { readonly ok: false; readonly unplaced: readonly string[]; readonly fault: string };

/**
 * Places the SIRETs that a file names for one login. The home is the one whose SIRET the login carries; with a single
 * SIRET for a login not known yet there is no choice. Where that does not decide, nothing is guessed.
 */
export function homesOf(login: string, sirets: readonly string[], known: KnownUser | undefined): Homes {
  const held = known === undefined ? [] : [known.home, ...known.further];
  const unplaced = sirets.filter((siret) => !held.includes(siret));
  if (known !== undefined && unplaced.length === 0) {
    return { ok: true, home: known.home, further: known.further };
  }
  const all = [...new Set([...held, ...sirets])];
  const carried = siretInLogin(login);
  const [only] = all;
  const home = carried !== null && all.includes(carried) ? carried : all.length === 1 ? only : undefined;
  if (home !== undefined) return { ok: true, home, further: all.filter((siret) => siret !== home) };
  const [first = ''] = unplaced;
  const fault =
    known === undefined
      ? `the login ${login} stands with several SIRETs and carries none of them; keep one line, then: releve set ${login} --add-structure SIRET`
      : `the login ${login} is known at SIRET ${known.home}; if it also serves ${first}: releve set ${login} --add-structure ${first}`;
  return { ok: false, unplaced, fault };
}
