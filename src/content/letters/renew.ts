// How to renew a password: the three things to do, and, for accounts without a link, the way through the portal as an annex.
import type { Environment, Language } from '../../domain/account/technical-user.ts';
import type { Block, ItService, SenderProfile } from '../../domain/notification/letter.ts';
import type { ReminderLine } from '../../domain/notification/letter-facts.ts';
import { filledStep, groupedSiret } from '../../foundation/typography.ts';
import { heading } from './typesetting.ts';

/** An account to renew; its link, when there is one, opens the page that leads through the portal. */
export interface Renewable extends Pick<ReminderLine, 'login' | 'environment' | 'home'> {
  readonly link: string | null;
}

/** What replaces a name when a letter is about several accounts: each is named in the letter itself. */
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
  lines: readonly Pick<Renewable, 'login' | 'home'>[],
  language: Language,
): readonly string[] {
  const above = ABOVE[language];
  const siret = shared(lines.map(({ home }) => home.siret));
  const values = {
    structure: siret === null ? above.structure : (lines[0]?.home.name ?? above.structure),
    siret: siret === null ? above.siret : groupedSiret(siret),
    login: shared(lines.map(({ login }) => login)) ?? above.login,
  };
  return steps.map((step) => filledStep(step, values));
}

/** « au 03 84 00 00 00 ou à l'adresse … »; the address alone when no telephone number is known. */
export function reachInFrench({ phone, email }: ItService): string {
  return phone === null ? `à l'adresse ${email}` : `au ${phone} ou à l'adresse ${email}`;
}

/** "on 03 84 00 00 00 or at …"; the address alone when no telephone number is known. */
export function reachInEnglish({ phone, email }: ItService): string {
  return phone === null ? `at ${email}` : `on ${phone} or at ${email}`;
}

/** « au 03 84 00 00 00 »; the address where no telephone number is known. */
export function callInFrench({ phone, email }: ItService): string {
  return phone === null ? `à l'adresse ${email}` : `au ${phone}`;
}

/** "on 03 84 00 00 00"; the address where no telephone number is known. */
export function callInEnglish({ phone, email }: ItService): string {
  return phone === null ? `at ${email}` : `on ${phone}`;
}

/** By which way a password is handed over without a link. */
function byFrench({ phone, email }: ItService): string {
  return `${phone === null ? '' : `par téléphone au ${phone}, ou `}dans un nouveau message à l'adresse ${email}`;
}

function byEnglish({ phone, email }: ItService): string {
  return `${phone === null ? '' : `by telephone on ${phone}, or `}in a new message to ${email}`;
}

const french = {
  /** With a link: the page shows the way, so the letter only says that it does. */
  linked: [
    'Ouvrez votre lien personnel, ci-dessous, et gardez la page ouverte : elle vous guide.',
    'Sur le portail (par votre favori habituel), réinitialisez le mot de passe.',
    "Collez aussitôt le nouveau dans la page, jamais dans un courriel : elle vous dit s'il est bon.",
  ],
  eachLinked: 'Faites de même pour chaque compte, avec son propre lien.',
  /** Without one: the old password dies at once, so the IT service must know before. */
  bare: (service: ItService) => [
    "Prévenez le service informatique avant de réinitialiser : l'ancien mot de passe cesse aussitôt de fonctionner.",
    'Réinitialisez-le sur le portail, comme à la fin de ce courriel.',
    `Remettez aussitôt le nouveau au service informatique, et à personne d'autre, ${byFrench(service)}.`,
  ],
  each: 'Faites de même pour chaque compte.',
  /** For accounts without a link in a letter that has some. */
  alsoBare: (logins: readonly string[], service: ItService) =>
    `${logins.length === 1 ? "Ce compte n'a pas de lien" : "Ces comptes n'ont pas de lien"} : ${logins.join(', ')}. Prévenez d'abord le service informatique, puis remettez-lui le nouveau mot de passe, ${byFrench(service)}.`,
  way: (environment: Environment): string =>
    environment === 'production'
      ? 'La marche à suivre sur le portail'
      : 'La marche à suivre sur la plateforme de test',
};

const english: typeof french = {
  linked: [
    'Open your personal link, below, and keep the page open: it leads you.',
    'On the portal (by your usual bookmark), reset the password.',
    'Paste the new one into the page at once, never into an e-mail: it tells you whether it is right.',
  ],
  eachLinked: 'Do the same for each account, with its own link.',
  bare: (service) => [
    'Warn the IT service before resetting: the old password stops working at once.',
    'Reset it on the portal, as at the end of this e-mail.',
    `Hand the new one to the IT service at once, and to nobody else, ${byEnglish(service)}.`,
  ],
  each: 'Do the same for each account.',
  alsoBare: (logins, service) =>
    `${logins.length === 1 ? 'This account has no link' : 'These accounts have no link'}: ${logins.join(', ')}. Warn the IT service first, then hand the new password over, ${byEnglish(service)}.`,
  way: (environment) =>
    environment === 'production' ? 'The way through the portal' : 'The way through the test platform',
};

const WORDS = { fr: french, en: english };

/** What to do to renew some accounts, at least one: by the page where there is a link, else with the IT service. */
export function renewSteps(accounts: readonly Renewable[], service: ItService, language: Language): Block {
  const words = WORDS[language];
  const bare = accounts.filter(({ link }) => link === null).map(({ login }) => login);
  const several = accounts.length > 1;
  if (bare.length === accounts.length) {
    return { kind: 'steps', items: [...words.bare(service), ...(several ? [words.each] : [])] };
  }
  const rest = bare.length > 0 ? [words.alsoBare(bare, service)] : several ? [words.eachLinked] : [];
  return { kind: 'steps', items: [...words.linked, ...rest] };
}

/** The way through each portal, for the accounts whose reader has no page that shows it. */
export function renewAnnex(
  accounts: readonly Renewable[],
  { procedures }: SenderProfile,
  language: Language,
): Block[] {
  const bare = accounts.filter(({ link }) => link === null);
  const byEnvironment = Map.groupBy(bare, ({ environment }) => environment);
  return [...byEnvironment].flatMap(([environment, here]) => {
    const { door, renew } = procedures[environment];
    const items = portalSteps([...door[language], ...renew[language]], here, language);
    return [heading(WORDS[language].way(environment)), { kind: 'steps', items } as const];
  });
}
