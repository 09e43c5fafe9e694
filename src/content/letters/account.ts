// The account a letter to a manager is about, as rows that can be compared with what the portal shows.
import type { Environment, Expiry, Language, Structure } from '../../domain/account/technical-user.ts';
import { dayInWords, groupedSiret } from '../../foundation/typography.ts';

/** An account, its structures and its platform. */
export interface AccountShown {
  readonly login: string;
  readonly environment: Environment;
  readonly home: Structure;
  readonly further: readonly Structure[];
}

interface AccountWords {
  readonly labels: Readonly<Record<'structure' | 'siret' | 'login' | 'further' | 'platform', string>>;
  readonly platform: Readonly<Record<Environment, string>>;
}

const WORDS: Readonly<Record<Language, AccountWords>> = {
  fr: {
    labels: {
      structure: 'Structure',
      siret: 'SIRET',
      login: 'Compte technique',
      further: 'Sert aussi à',
      platform: 'Portail',
    },
    platform: {
      production: 'Chorus Pro',
      qualification: 'Chorus Pro, plateforme de test (qualification)',
    },
  },
  en: {
    labels: {
      structure: 'Structure',
      siret: 'SIRET',
      login: 'Technical account',
      further: 'Also serves',
      platform: 'Portal',
    },
    platform: {
      production: 'Chorus Pro',
      qualification: 'Chorus Pro, test platform (qualification)',
    },
  },
};

/** The portal of an account, in words. */
export function platformInWords(environment: Environment, language: Language): string {
  return WORDS[language].platform[environment];
}

/** Structure, SIRET, login, the structures it serves besides, and the portal: labels with their values. */
export function accountRows(account: AccountShown, language: Language): [label: string, value: string][] {
  const { labels, platform } = WORDS[language];
  const further = account.further.map(({ name, siret }) => `${name} (SIRET ${groupedSiret(siret)})`);
  return [
    [labels.structure, account.home.name],
    [labels.siret, groupedSiret(account.home.siret)],
    [labels.login, account.login],
    ...(further.length > 0 ? [[labels.further, further.join(', ')] as [string, string]] : []),
    [labels.platform, platform[account.environment]],
  ];
}

/** The words of the rows about an expiry date. */
interface ExpiryWords {
  readonly labels: { readonly expiry: string; readonly source: string };
  source(source: 'portal' | 'computed', latest: string | null, urgency: 'far' | 'stopped'): string;
}

/** The expiry date of a password and how it is known; no row where it is not. */
export function expiryRows(
  { expiry, language }: { readonly expiry: Expiry; readonly language: Language },
  { labels, source }: ExpiryWords,
  urgency: 'far' | 'stopped',
): [label: string, value: string][] {
  if (expiry.source === 'unknown') return [];
  const latest = expiry.latest.equals(expiry.on) ? null : dayInWords(expiry.latest, language);
  return [
    [labels.expiry, dayInWords(expiry.on, language)],
    [labels.source, source(expiry.source, latest, urgency)],
  ];
}
