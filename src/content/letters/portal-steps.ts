// The steps through the portal, with the account's own names filled into them.

import type { Language } from '../../domain/account/technical-user.ts';
import type { ReminderLine } from '../../domain/notification/letter-facts.ts';
import { groupedSiret } from './typesetting.ts';

/** What stands for a name when a letter speaks of several accounts: each is named in the letter's own table. */
const ABOVE = {
  fr: { structure: 'indiquée plus haut', siret: 'indiqué plus haut', login: 'indiqué plus haut' },
  en: { structure: 'named above', siret: 'given above', login: 'named above' },
} as const;

/** The one value that all lines share, or null. */
function shared(values: readonly string[]): string | null {
  const [first, ...others] = new Set(values);
  return first === undefined || others.length > 0 ? null : first;
}

/**
 * A procedure's steps with `{structure}`, `{siret}` and `{login}` filled in. With several lines, what they do not share
 * is named as "indicated above". Names are filled in one pass, so braces in a name stay what they are.
 */
export function portalSteps(
  steps: readonly string[],
  lines: readonly Pick<ReminderLine, 'login' | 'home'>[],
  language: Language,
): readonly string[] {
  const above = ABOVE[language];
  const siret = shared(lines.map(({ home }) => home.siret));
  const values: Record<string, string> = {
    structure: siret === null ? above.structure : (lines[0]?.home.name ?? above.structure),
    siret: siret === null ? above.siret : groupedSiret(siret),
    login: shared(lines.map(({ login }) => login)) ?? above.login,
  };
  return steps.map((step) =>
    step.replace(/\{(structure|siret|login)\}/g, (hole, name: string) => values[name] ?? hole),
  );
}
