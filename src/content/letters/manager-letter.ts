// What every letter to a manager shares: the account it is about, and at its end how to recognise and to reach us.
//
// The account is shown as rows that can be compared with what the portal shows.
import type { Expiry, Language } from '../../domain/account/technical-user.ts';
import type { Block, ItService, SenderProfile } from '../../domain/notification/letter.ts';
import type { ReminderLine } from '../../domain/notification/letter-facts.ts';
import { dayInWords, groupedSiret } from '../../foundation/typography.ts';
import { type Linked, type LinkPurpose, linkBlocks } from './personal-link.ts';
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

/** Structure, SIRET, login, the structures it serves besides, and the portal: labels with their values. */
export function accountRows(account: AccountShown, language: Language): [label: string, value: string][] {
  const labels = ACCOUNT_LABELS[language];
  const further = account.further.map(({ name, siret }) => `${name} (SIRET ${groupedSiret(siret)})`);
  return [
    [labels.structure, account.home.name],
    [labels.siret, groupedSiret(account.home.siret)],
    [labels.login, account.login],
    ...(further.length > 0 ? [[labels.further, further.join(', ')] as [string, string]] : []),
    [labels.platform, platformInWords(account.environment, language)],
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

const french = {
  heading: 'Comment reconnaître une vraie lettre',
  contact: 'Nous joindre',
  labels: { service: 'Service', phone: 'Téléphone', email: 'Courriel', postal: 'Adresse' },
  signed: ({ name, email, phone }: ItService) =>
    phone === null
      ? `Elle est signée par le service que vous connaissez (${name}, ${email}). En cas de doute, appelez-le au numéro que vous avez déjà.`
      : `Elle est signée par le service que vous connaissez (${name}, ${email}). En cas de doute, appelez-le au numéro que vous avez déjà, ou au ${phone}.`,
  names:
    'Elle nomme votre structure, son SIRET et le compte concerné, que vous pouvez comparer avec ce que montre le portail.',
  /** Where the letter holds a personal link, which must not be mistaken for a link to the portal. */
  neverAsksLinked:
    "Elle ne demande jamais votre mot de passe personnel, ni celui du PIGP ni celui de Chorus Pro. Le lien personnel ne mène pas au portail : pour y aller, passez par votre favori habituel, ou tapez vous-même l'adresse.",
  neverAsks:
    "Elle ne demande jamais votre mot de passe personnel, ni celui du PIGP ni celui de Chorus Pro. Aucun lien n'est à suivre pour le saisir : allez sur le portail par votre favori habituel, ou en tapant vous-même son adresse.",
  calm: "Elle ne vous menace pas et ne vous demande pas d'agir dans l'heure : vous avez toujours le temps de vérifier auprès de nous.",
  handedOn: "Si vous n'exercez plus ce rôle, merci de nous indiquer qui l'exerce désormais.",
  closing:
    "Nous vous remercions de votre aide et vous prions d'agréer, Madame, Monsieur, nos salutations distinguées.",
};

const english: typeof french = {
  heading: 'How to recognise a genuine letter',
  contact: 'How to reach us',
  labels: { service: 'Service', phone: 'Telephone', email: 'E-mail', postal: 'Address' },
  signed: ({ name, email, phone }) =>
    phone === null
      ? `It is signed by the service you know (${name}, ${email}). If in doubt, call it on the number you already have.`
      : `It is signed by the service you know (${name}, ${email}). If in doubt, call it on the number you already have, or on ${phone}.`,
  names:
    'It names your structure, its SIRET and the account concerned, which you can compare with what the portal shows.',
  neverAsksLinked:
    'It never asks for your own password, neither for the PIGP nor for Chorus Pro. The personal link does not lead to the portal: to go there, use your usual bookmark, or type its address yourself.',
  neverAsks:
    'It never asks for your own password, neither for the PIGP nor for Chorus Pro. There is no link to follow in order to enter it: go to the portal by your usual bookmark, or type its address yourself.',
  calm: 'It does not threaten you or ask you to act within the hour: you always have time to check with us.',
  handedOn: 'If you no longer hold this role, please tell us who does.',
  closing: 'Thank you for your help. Yours faithfully,',
};

const WORDS = { fr: french, en: english };

/** The end of a letter to a manager: the links of its accounts that have one, then who signs; `purpose` null: no link. */
export function closingBlocks(
  accounts: readonly (Omit<Linked, 'link'> & { readonly link: string | null })[],
  purpose: LinkPurpose | null,
  sender: SenderProfile,
  language: Language,
): Block[] {
  const linked =
    purpose === null
      ? []
      : accounts.flatMap((account) => (account.link === null ? [] : [{ ...account, link: account.link }]));
  return [
    ...(purpose === null ? [] : linkBlocks(linked, purpose, sender, language)),
    ...authenticityBlocks(sender, { linked: linked.length > 0 }, language),
  ];
}

/** How to recognise a letter, then who signs and how to reach them. */
function authenticityBlocks(
  { itService }: SenderProfile,
  { linked }: { readonly linked: boolean },
  language: Language,
): Block[] {
  const words = WORDS[language];
  const { name, phone, email, postalAddress } = itService;
  const rows: [string, string][] = [[words.labels.service, name]];
  if (phone !== null) rows.push([words.labels.phone, phone]);
  rows.push([words.labels.email, email]);
  if (postalAddress !== null) rows.push([words.labels.postal, postalAddress]);
  return [
    heading(words.heading),
    {
      kind: 'list',
      items: [
        words.signed(itService),
        words.names,
        linked ? words.neverAsksLinked : words.neverAsks,
        words.calm,
      ],
    },
    heading(words.contact),
    paragraph(words.handedOn),
    paragraph(words.closing),
    { kind: 'facts', rows },
  ];
}
