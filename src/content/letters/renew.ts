// How to renew a password on one portal and hand it over: the steps, from the announcement to the last click.
import type { Environment, Language } from '../../domain/account/technical-user.ts';
import type { Block, ItService, SenderProfile } from '../../domain/notification/letter.ts';
import type { ReminderLine } from '../../domain/notification/letter-facts.ts';
import { filledStep, groupedSiret } from '../../foundation/typography.ts';
import { notice, paragraph } from './typesetting.ts';

/** An account to renew; its link, when there is one, is the way to hand the new password over. */
export interface Renewable extends Pick<ReminderLine, 'login' | 'home'> {
  readonly link: string | null;
}

/** What replaces a name when a letter is about several accounts: each is named in the letter's own table. */
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

/** By which way a password is handed over without a link. */
function byFrench({ phone, email }: ItService): string {
  return phone === null
    ? `, dans un nouveau message à l'adresse ${email}`
    : ` : par téléphone au ${phone}, ou dans un nouveau message à l'adresse ${email}`;
}

function byEnglish({ phone, email }: ItService): string {
  return phone === null
    ? `, in a new message to ${email}`
    : `: by telephone on ${phone}, or in a new message to ${email}`;
}

const french = {
  path: (title: string) => `Le chemin à suivre : ${title}.`,
  warnFirst:
    "Prévenez le service informatique avant de réinitialiser : l'ancien mot de passe cesse de fonctionner aussitôt, et le connecteur reste à l'arrêt jusqu'à ce qu'il reçoive le nouveau.",
  warnStep: (service: ItService) =>
    `Avant de commencer, prévenez le service informatique ${reachInFrench(service)}, et convenez avec lui du moment.`,
  handOverStep: (service: ItService) =>
    `Remettez aussitôt le nouveau mot de passe au service informatique, avec l'identifiant du compte${byFrench(service)}. Ne répondez pas à cette lettre : tapez vous-même l'adresse.`,
  againStep: 'Recommencez pour chacun des comptes concernés indiqués plus haut.',
  nobodyElse:
    "N'envoyez le nouveau mot de passe à personne d'autre que le service informatique, même si l'on vous le demande en son nom.",
  /** The same moments where the reader has a link: the page takes the announcement and the password. */
  announceFirst: ({ phone }: ItService) =>
    `Annoncez la réinitialisation avant de la faire : l'ancien mot de passe cesse de fonctionner aussitôt, et le connecteur reste à l'arrêt jusqu'à ce qu'il reçoive le nouveau. La page de votre lien personnel vous propose d'abord de l'annoncer${phone === null ? '' : ` ; un appel au ${phone} fait aussi bien`}.`,
  announceStep:
    "Ouvrez votre lien personnel, donné plus bas. La page vous propose d'abord d'annoncer la réinitialisation : faites-le, puis gardez la page ouverte.",
  linkStep:
    'Remettez-le par votre lien personnel : revenez à la page restée ouverte et collez-y aussitôt le nouveau mot de passe.',
  /** For accounts without a link in a letter that has some. */
  bareStep: (logins: readonly string[], service: ItService) =>
    `${logins.length === 1 ? "Ce compte n'a pas de lien" : "Ces comptes n'ont pas de lien"} : ${logins.join(', ')}. Prévenez le service informatique avant de réinitialiser, puis remettez-lui aussitôt le nouveau mot de passe, avec l'identifiant du compte, ${service.phone === null ? '' : `par téléphone au ${service.phone}, ou `}dans un nouveau message à l'adresse ${service.email}, que vous tapez vous-même.`,
  againWithLinks:
    'Recommencez pour chacun des comptes concernés indiqués plus haut, chacun avec son propre lien.',
  nobodyElseLinked:
    "N'envoyez pas le nouveau mot de passe par courriel, et ne le remettez à personne d'autre que le service informatique, même si l'on vous le demande en son nom.",
};

const english: typeof french = {
  path: (title) => `The way to take: ${title}.`,
  warnFirst:
    'Warn the IT service before resetting: the old password stops working at once, and the connector stays stopped until it is given the new one.',
  warnStep: (service) =>
    `Before you begin, warn the IT service ${reachInEnglish(service)}, and agree on a moment with them.`,
  handOverStep: (service) =>
    `Hand the new password to the IT service at once, with the login of the account${byEnglish(service)}. Do not reply to this letter: type the address yourself.`,
  againStep: 'Do the same for each of the accounts concerned, named above.',
  nobodyElse:
    'Send the new password to nobody else than the IT service, even if somebody asks for it in its name.',
  announceFirst: ({ phone }) =>
    `Announce the reset before you make it: the old password stops working at once, and the connector stays stopped until it is given the new one. The page of your personal link lets you announce it first${phone === null ? '' : `; a call to ${phone} does as well`}.`,
  announceStep:
    'Open your personal link, given below. The page lets you announce the reset first: do so, then keep the page open.',
  linkStep:
    'Hand it in by your personal link: go back to the page you kept open and paste the new password there at once.',
  bareStep: (logins, service) =>
    `${logins.length === 1 ? 'This account has no link' : 'These accounts have no link'}: ${logins.join(', ')}. Warn the IT service before resetting, then hand over the new password at once, with the login of the account, ${service.phone === null ? '' : `by telephone on ${service.phone}, or `}in a new message to ${service.email}, an address that you type yourself.`,
  againWithLinks: 'Do the same for each of the accounts concerned, named above, each with its own link.',
  nobodyElseLinked:
    'Do not send the new password by e-mail, and hand it to nobody else than the IT service, even if somebody asks for it in its name.',
};

const WORDS = { fr: french, en: english };

/** The steps to renew accounts of one environment; at least one. */
export function renewSteps(
  environment: Environment,
  accounts: readonly Renewable[],
  sender: SenderProfile,
  language: Language,
): Block[] {
  const words = WORDS[language];
  const service = sender.itService;
  const { title, door, renew } = sender.procedures[environment];
  const bare = accounts.filter(({ link }) => link === null);
  const linked = bare.length < accounts.length;
  const allLinked = bare.length === 0;
  const items = [
    linked ? words.announceStep : words.warnStep(service),
    ...portalSteps([...door[language], ...renew[language]], accounts, language),
    linked ? words.linkStep : words.handOverStep(service),
  ];
  if (linked && !allLinked) {
    items.push(
      words.bareStep(
        bare.map(({ login }) => login),
        service,
      ),
    );
  }
  if (accounts.length > 1) items.push(allLinked ? words.againWithLinks : words.againStep);
  return [
    notice(linked ? words.announceFirst(service) : words.warnFirst),
    paragraph(words.path(title[language])),
    { kind: 'steps', items },
    notice(allLinked ? words.nobodyElseLinked : words.nobodyElse),
  ];
}
