// What every letter to a manager shares: the account it is about, its personal links, and at its end who signs.
//
// An account is shown by facts that can be compared with what the portal shows.
import type { Expiry, Language } from '../../domain/account/technical-user.ts';
import type { Block, ItService, SenderProfile } from '../../domain/notification/letter.ts';
import type { ReminderLine } from '../../domain/notification/letter-facts.ts';
import { dayInWords, groupedSiret } from '../../foundation/typography.ts';
import { ABOUT_PATHS } from '../page/about.ts';
import { callInEnglish, callInFrench } from './renew.ts';
import { heading, paragraph, platformInWords } from './typesetting.ts';

/** An account, its structures and its platform. */
export type AccountShown = Pick<ReminderLine, 'login' | 'environment' | 'home' | 'further'>;

type AccountLabels = Readonly<Record<'structure' | 'siret' | 'login' | 'further' | 'platform', string>>;

/** The labels of the facts of an account, in letters and on the page. */
export const ACCOUNT_LABELS: Readonly<Record<Language, AccountLabels>> = {
  fr: {
    structure: 'Structure',
    siret: 'SIRET',
    login: 'Compte technique',
    further: 'Sert aussi à',
    platform: 'Portail',
  },
  en: {
    structure: 'Structure',
    siret: 'SIRET',
    login: 'Technical account',
    further: 'Also serves',
    platform: 'Portal',
  },
};

/** The structures that an account serves besides its own, in words; null where there are none. */
function furtherInWords({ further }: AccountShown): string | null {
  if (further.length === 0) return null;
  return further.map(({ name, siret }) => `${name} (SIRET ${groupedSiret(siret)})`).join(', ');
}

/** What tells an account from others beside its name: its SIRET, and the structures that it serves besides its own. */
export function accountFacts(account: AccountShown, language: Language): string[] {
  const further = furtherInWords(account);
  return [
    `SIRET ${groupedSiret(account.home.siret)}`,
    ...(further === null ? [] : [WORDS[language].further(further)]),
  ];
}

/** Structure, SIRET, login, the structures it serves besides, and the portal unless it is the usual one: labels with values. */
export function accountRows(account: AccountShown, language: Language): [label: string, value: string][] {
  const labels = ACCOUNT_LABELS[language];
  const further = furtherInWords(account);
  const rows: [label: string, value: string][] = [
    [labels.structure, account.home.name],
    [labels.siret, groupedSiret(account.home.siret)],
    [labels.login, account.login],
  ];
  if (further !== null) rows.push([labels.further, further]);
  if (account.environment !== 'production') {
    rows.push([labels.platform, platformInWords(account.environment, language)]);
  }
  return rows;
}

/** How an expiry date is known; `latest` null: it is the date itself. */
function originInWords(source: 'portal' | 'computed', latest: string | null, language: Language): string {
  if (language === 'fr') {
    if (source === 'portal') return 'lue sur le portail';
    const reckoned =
      "calculée d'après le dernier changement de mot de passe, faute d'avoir été lue sur le portail";
    return latest === null
      ? reckoned
      : `${reckoned} ; l'expiration peut être plus tardive, mais pas au-delà du ${latest}`;
  }
  if (source === 'portal') return 'read on the portal';
  const reckoned = 'reckoned from the last change of password, as nobody has read it on the portal';
  return latest === null ? reckoned : `${reckoned}; it may expire later, but not after ${latest}`;
}

/** The expiry date of a password and how it is known; no row where it is not. */
export function expiryRows(
  { expiry, language }: { readonly expiry: Expiry; readonly language: Language },
  labels: { readonly expiry: string; readonly source: string },
): [label: string, value: string][] {
  if (expiry.source === 'unknown') return [];
  const latest = expiry.latest.equals(expiry.on) ? null : dayInWords(expiry.latest, language);
  return [
    [labels.expiry, dayInWords(expiry.on, language)],
    [labels.source, originInWords(expiry.source, latest, language)],
  ];
}

const french = {
  link: 'Votre lien personnel',
  account: (login: string) => `compte technique ${login}`,
  further: (structures: string) => `sert aussi à ${structures}`,
  doubt: 'Un doute, un empêchement ?',
  /** The one place for what a reader does who doubts or cannot: to call, or to answer on the page. */
  call: (service: ItService, also: string) =>
    service.phone === null
      ? `Appelez-nous au numéro que vous avez déjà, ou écrivez ${callInFrench(service)}${also}`
      : `Appelez-nous au numéro que vous avez déjà (${service.phone})${also}`,
  answer: ', ou dites-le sur la page',
  answers: ' : absence, changement de gestionnaire, déjà fait',
  genuine: 'Un vrai courriel de notre part',
  names: 'nomme votre structure, son SIRET et le compte ;',
  startsWith: (door: string) => `donne un lien qui commence exactement par ${door} ;`,
  noLink: 'ne donne aucun lien à suivre ;',
  neverAsks: 'ne demande jamais votre mot de passe personnel (PIGP, Chorus Pro).',
  about: { data: 'Vos données', accessibility: 'Accessibilité' },
};

const english: typeof french = {
  link: 'Your personal link',
  account: (login) => `technical account ${login}`,
  further: (structures) => `also serves ${structures}`,
  doubt: 'In doubt, or prevented?',
  call: (service, also) =>
    service.phone === null
      ? `Call us on the number you already have, or write to us ${callInEnglish(service)}${also}`
      : `Call us on the number you already have (${service.phone})${also}`,
  answer: ', or say so on the page',
  answers: ': absence, another manager, already done',
  genuine: 'A genuine e-mail of ours',
  names: 'names your structure, its SIRET and the account',
  startsWith: (door) => `gives a link that begins with exactly ${door}`,
  noLink: 'gives no link to follow',
  neverAsks: 'never asks for your own password (PIGP, Chorus Pro)',
  about: { data: 'Your data', accessibility: 'Accessibility' },
};

const WORDS = { fr: french, en: english };

/** An account with a link of its own, by which its new password can be handed in. */
interface Linked extends Pick<ReminderLine, 'login' | 'environment' | 'home'> {
  readonly link: string | null;
}

/** An account as a letter names it: its structure, its login, and its portal unless it is the usual one. */
export function nameOf({ login, environment, home }: Omit<Linked, 'link'>, language: Language): string {
  const platform = environment === 'production' ? '' : ` – ${platformInWords(environment, language)}`;
  return `${home.name}, ${WORDS[language].account(login)}${platform}`;
}

/** How a link is labelled: by nothing more where the first line names its account, by its login, or by its structure too. */
type LinkLabel = 'short' | 'account' | 'structure';

/** The personal link of an account, under what it is for; nothing where there is none. */
export function linkBlocks(account: Linked, as: LinkLabel, language: Language): Block[] {
  const { link, login } = account;
  if (link === null) return [];
  const words = WORDS[language];
  const own = as === 'short' ? words.link : `${words.link}, ${words.account(login)}`;
  return [{ kind: 'link', label: as === 'structure' ? nameOf(account, language) : own, url: link }];
}

/** The end of a letter to a manager: whom to call (`also`: and when, besides; the letter is then a long one), how to tell that it is ours, who signs. */
export function closingBlocks(
  accounts: readonly Linked[],
  sender: SenderProfile,
  language: Language,
  also?: string,
): Block[] {
  const { itService, door } = sender;
  const words = WORDS[language];
  const links = accounts.flatMap(({ link }) => (link === null ? [] : [link]));
  // With a slash at its end, so that no longer host name passes for it.
  const start = door === null ? null : `${door}/`;
  // A letter must not name an address to check that its own links do not begin with.
  const checkable = start !== null && links.every((link) => link.startsWith(start));
  const ofLinks = checkable ? [words.startsWith(start)] : links.length === 0 ? [words.noLink] : [];
  // What the page takes is said where there is room for it; the page says it too.
  const onPage = links.length === 0 ? '' : `${words.answer}${also === undefined ? words.answers : ''}`;
  return [
    heading(words.doubt),
    paragraph(`${words.call(itService, also ?? '')}${onPage}.`),
    heading(words.genuine),
    { kind: 'list', items: [words.names, ...ofLinks, words.neverAsks] },
    ...signatureBlocks(sender, language),
  ];
}

/** The end of every letter to a manager: who signs and how to reach them, then the pages about the page, where it is on. */
export function signatureBlocks({ itService, door }: SenderProfile, language: Language): Block[] {
  const { name, email, postalAddress } = itService;
  const signed = paragraph([name, email, postalAddress].filter((part) => part !== null).join(', '));
  if (door === null) return [signed];
  const { data, accessibility } = WORDS[language].about;
  const page = (label: string, path: string) => [label, `${door}${path}?langue=${language}`] as const;
  const items = [page(data, ABOUT_PATHS.data), page(accessibility, ABOUT_PATHS.accessibility)];
  return [signed, { kind: 'links', items }];
}
