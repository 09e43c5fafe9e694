// Plausible facts that samples of letters are made of: a sender, its structures, its lines.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Expiry, Language, Structure } from '../../../src/domain/account/technical-user.ts';
import type { PortalProcedure, SenderProfile } from '../../../src/domain/notification/letter.ts';
import type { ReminderFacts, ReminderLine } from '../../../src/domain/notification/letter-facts.ts';

export const LANGUAGES: readonly Language[] = ['fr', 'en'];
const DEADLINE = Temporal.PlainDate.from('2027-03-12');

export function procedure(name: string): PortalProcedure {
  return parse(readFileSync(new URL(`../../../config/procedures/${name}.yaml`, import.meta.url), 'utf8'));
}

export const SENDER: SenderProfile = {
  itService: {
    name: 'Service informatique du SIAGEP',
    email: 'service.informatique@siagep.example',
    phone: '03 84 57 65 40',
    postalAddress: '1 avenue de la Gare, 90000 Belfort',
  },
  procedures: {
    production: procedure('current'),
    qualification: procedure('qualification'),
    first: { production: procedure('first'), qualification: procedure('first-qualification') },
  },
  door: 'https://releve.siagep.example',
};

/** A personal link as letters carry it: the address of the page, then 256 bits in base64url with a trap for typesetters at its end. */
export function linkTo(seed: string): string {
  return `https://releve.siagep.example/r/${seed.repeat(43).slice(0, 42)}_`;
}

export const BAVILLIERS: Structure = { siret: '25900096600020', name: 'Commune de Bavilliers' };
export const CCAS: Structure = { siret: '26900012300017', name: 'CCAS de Bavilliers' };
export const EAUX: Structure = {
  siret: '25900123400015',
  name: "Syndicat intercommunal d'eau et d'assainissement de la Haute Savoureuse",
};

export function known(on: string, source: 'portal' | 'computed' = 'portal', latest = on): Expiry {
  return { source, on: Temporal.PlainDate.from(on), latest: Temporal.PlainDate.from(latest) };
}

export const UNKNOWN: Expiry = { source: 'unknown', on: null, latest: null };

export function line(changes: Partial<ReminderLine> = {}): ReminderLine {
  return {
    login: 'TECH_1_25900096600020@cpro.fr',
    environment: 'production',
    home: BAVILLIERS,
    further: [],
    expiry: known('2027-03-12', 'computed', '2027-05-10'),
    step: { offset: -30, pastLatest: false },
    first: false,
    written: 0,
    workedAt: null,
    monthly: false,
    link: null,
    ...changes,
  };
}

/** A letter to a manager `left` days before the deadline (negative: after it). */
export function reminder(
  left: number,
  lines: readonly ReminderLine[],
  changes: Partial<ReminderFacts> = {},
): ReminderFacts {
  return {
    language: 'fr',
    today: DEADLINE.subtract({ days: left }),
    principal: 'Anne Martin',
    copy: null,
    lines,
    ...changes,
  };
}
