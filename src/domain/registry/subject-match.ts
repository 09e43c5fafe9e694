// Which technical users a typed text may mean that is no login: by a SIRET, an address, a name, or a part of one of these from the beginning of a word on.
import type { Environment } from '../account/technical-user.ts';
import { LONGEST_NAME } from '../parsing/characters.ts';
import { folded } from '../parsing/login.ts';
import { nameKey, nameWords } from '../parsing/name.ts';
import { readSiret } from '../parsing/siret.ts';

/** How well a text names a technical user; the least is the best. */
export type MatchRank = (typeof RANKS)[keyof typeof RANKS];
/** Whole: all of a field of its own structure or people; served: all of a further structure's; part: some of any field. */
export const RANKS = { whole: 0, served: 1, part: 2 } as const;

/** A technical user that a text may mean. */
export interface NamedUser {
  readonly id: number;
  readonly environment: Environment;
  readonly retired: boolean;
  /** Of the home structure. */
  readonly structureId: number;
  readonly rank: MatchRank;
}

/** Says of each row of the registry how well the typed text names it; null where it does not. */
export interface SubjectMatcher {
  login(login: string): MatchRank | null;
  structure(row: { readonly siret: string; readonly name: string }): MatchRank | null;
  person(row: { readonly email: string | null; readonly name: string }): MatchRank | null;
}

/** The fewest characters that are taken for a part of something. */
const SHORTEST = 3;

/** Null for a text that cannot name anybody: nothing, or longer than what there is. */
export function subjectMatcher(typed: string): SubjectMatcher | null {
  const text = typed.trim();
  if (text === '' || text.length > LONGEST_NAME) return null;
  const word = folded(text);
  const words = nameWords(text);
  const key = nameKey(text);
  const own = key.split(' ');
  const siret = readSiret(text);
  const digits = word.replaceAll(/[.\u202f\u00a0-]/g, '');
  const isWord = word.length >= SHORTEST;
  const isName = words.some(({ length }) => length >= SHORTEST);
  const isNumber = isWord && /^\d+$/.test(digits);
  const partOf = (isPart: boolean) => (isPart ? RANKS.part : null);
  const name = (candidate: string) => {
    const line = nameWords(candidate).join(' ');
    if (!own.every((one) => beginsWord(line, one))) return null;
    return nameKey(candidate) === key ? RANKS.whole : partOf(isName);
  };
  return {
    login: (login) => partOf(isWord && beginsWord(login.toLowerCase(), word)),
    structure: (row) => {
      if (siret.ok && siret.value === row.siret) return RANKS.whole;
      return isNumber && row.siret.startsWith(digits) ? RANKS.part : name(row.name);
    },
    person: (row) => {
      const address = row.email?.toLowerCase() ?? '';
      if (address === word) return RANKS.whole;
      return isWord && beginsWord(address, word) ? RANKS.part : name(row.name);
    },
  };
}

/** Whether a part stands in a text from the beginning of one of its words on: « mont » is in « Montbard », and not in « Beaumont ». */
function beginsWord(text: string, part: string): boolean {
  const isWord = (sign: string) => /[\p{L}\p{N}]/u.test(sign);
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1))
    if (at === 0 || !isWord(text.charAt(at - 1)) || !isWord(part.charAt(0))) return true;
  return false;
}

/** Those that are meant: named best, and of these the ones in use where there are any. */
export function bestNamed(
  named: readonly NamedUser[],
  environment: Environment | null,
): readonly NamedUser[] {
  const there = named.filter((one) => environment === null || one.environment === environment);
  const best = Math.min(...new Set(there.map(({ rank }) => rank)));
  const first = there.filter(({ rank }) => rank === best);
  const inUse = first.filter(({ retired }) => !retired);
  return inUse.length > 0 ? inUse : first;
}
