// A manager's personal links in a letter: what they are for, how to check them, and the links themselves.
import type { Language } from '../../domain/account/technical-user.ts';
import type { Block, ItService, SenderProfile } from '../../domain/notification/letter.ts';
import type { ReminderLine } from '../../domain/notification/letter-facts.ts';
import { heading, paragraph, platformInWords } from './typesetting.ts';

/** An account with a link of its own, by which its new password can be handed in. */
export interface Linked extends Pick<ReminderLine, 'login' | 'environment' | 'home'> {
  readonly link: string;
}

/** What a link opens the page for: to announce and hand in a new password, or to choose what was meant by an unclear one. */
export type LinkPurpose = 'hand-in' | 'choose';

const PAGE_FR =
  "ouvre une page du service informatique, où vous annoncez la réinitialisation, puis remettez le nouveau mot de passe. La page vous dit si Chorus Pro l'accepte ; si la réponse tarde, une lettre suit.";
const PAGE_EN =
  'opens a page of the IT service, where you announce the reset, then hand in the new password. The page tells you whether Chorus Pro accepts it; if the answer takes longer, a letter follows.';
const CHOICE_FR =
  'ouvre une page du service informatique, qui montre ce qui a été remarqué et vous laisse choisir. Vous pouvez aussi y coller de nouveau le mot de passe.';
const CHOICE_EN =
  'opens a page of the IT service, which shows what was noticed and lets you choose. You can also paste the password there once more.';
const OWN_FR =
  "N'y saisissez jamais votre mot de passe personnel, ni celui du PIGP ni celui de Chorus Pro : la page ne le demande pas.";
const OWN_EN =
  'Never enter your own password there, neither for the PIGP nor for Chorus Pro: the page does not ask for it.';
const CHECK_FR =
  "vérifiez-le en haut de votre navigateur, une fois la page ouverte. Au moindre doute, n'y saisissez rien et appelez-nous au numéro que vous connaissez.";
const CHECK_EN =
  'check this at the top of your browser once the page is open. If in any doubt, enter nothing there and call us on the number you know.';

const french = {
  one: {
    heading: 'Votre lien personnel',
    purpose: { 'hand-in': `Il ${PAGE_FR}`, choose: `Il ${CHOICE_FR}` },
    only: `Il ne sert qu'au mot de passe du compte technique. ${OWN_FR}`,
    startsWith: (door: string) => `Son adresse commence exactement par ${door} – ${CHECK_FR}`,
    lasts:
      "Vous pouvez l'ouvrir autant de fois que vous le voulez : cela ne change rien. Il reste utilisable tant que le nouveau mot de passe n'a pas été vérifié. S'il est trop ancien, la page vous le dit : prenez alors celui de notre dernière lettre.",
    personal: 'Il vous est personnel : ne le transmettez à personne.',
  },
  many: {
    heading: 'Vos liens personnels',
    purpose: {
      'hand-in': `Chaque compte a le sien, qui ${PAGE_FR}`,
      choose: `Chaque compte a le sien, qui ${CHOICE_FR}`,
    },
    only: `Chacun ne sert qu'au mot de passe de son compte technique. ${OWN_FR}`,
    startsWith: (door: string) => `Leur adresse commence exactement par ${door} – ${CHECK_FR}`,
    lasts:
      "Vous pouvez les ouvrir autant de fois que vous le voulez : cela ne change rien. Chacun reste utilisable tant que le nouveau mot de passe de son compte n'a pas été vérifié. S'il est trop ancien, la page vous le dit : prenez alors celui de notre dernière lettre.",
    personal: 'Ils vous sont personnels : ne les transmettez à personne.',
  },
  shows: "La page montre votre structure et l'identifiant du compte : comparez-les avec cette lettre.",
  label: (structure: string, login: string, platform: string | null) =>
    `${structure}, compte technique ${login}${platform === null ? '' : ` – ${platform}`}`,
  otherWay: ({ phone, email }: ItService) =>
    phone === null
      ? `Si la page ne s'ouvre pas, ou si vous préférez une autre voie, dites-le au service informatique à l'adresse ${email}, sans y écrire le mot de passe.`
      : `Si la page ne s'ouvre pas, ou si vous préférez une autre voie, appelez le service informatique au ${phone}.`,
};

const english: typeof french = {
  one: {
    heading: 'Your personal link',
    purpose: { 'hand-in': `It ${PAGE_EN}`, choose: `It ${CHOICE_EN}` },
    only: `It serves for the password of the technical account only. ${OWN_EN}`,
    startsWith: (door) => `Its address begins with exactly ${door} – ${CHECK_EN}`,
    lasts:
      'You can open it as often as you like: this changes nothing. It is only used up once the new password has been verified. If it is too old, the page tells you so: then take the one in our latest letter.',
    personal: 'It is personal to you: pass it on to nobody.',
  },
  many: {
    heading: 'Your personal links',
    purpose: {
      'hand-in': `Each account has its own, which ${PAGE_EN}`,
      choose: `Each account has its own, which ${CHOICE_EN}`,
    },
    only: `Each serves for the password of its own technical account only. ${OWN_EN}`,
    startsWith: (door) => `Their address begins with exactly ${door} – ${CHECK_EN}`,
    lasts:
      "You can open them as often as you like: this changes nothing. Each is only used up once its account's new password has been verified. If it is too old, the page tells you so: then take the one in our latest letter.",
    personal: 'They are personal to you: pass them on to nobody.',
  },
  shows: 'The page shows your structure and the login of the account: compare them with this letter.',
  label: (structure, login, platform) =>
    `${structure}, technical account ${login}${platform === null ? '' : ` – ${platform}`}`,
  otherWay: ({ phone, email }) =>
    phone === null
      ? `If the page does not open, or if you prefer another way, tell the IT service at ${email}, without writing the password there.`
      : `If the page does not open, or if you prefer another way, call the IT service on ${phone}.`,
};

const WORDS = { fr: french, en: english };

/** The section of the personal links, each under the account it is for; nothing when there is none. */
export function linkBlocks(
  linked: readonly Linked[],
  purpose: LinkPurpose,
  sender: SenderProfile,
  language: Language,
): Block[] {
  if (linked.length === 0) return [];
  const words = WORDS[language];
  const said = linked.length > 1 ? words.many : words.one;
  // With a slash at its end, so that no longer host name passes for it.
  const door = sender.door === null ? null : `${sender.door}/`;
  // A letter must not name an address to check that its own links do not begin with.
  const checkable = door !== null && linked.every(({ link }) => link.startsWith(door));
  const links = linked.map(({ login, environment, home, link }): Block => {
    const platform = environment === 'production' ? null : platformInWords(environment, language);
    return { kind: 'link', label: words.label(home.name, login, platform), url: link };
  });
  const items = [
    ...(checkable ? [said.startsWith(door)] : []),
    words.shows,
    said.only,
    said.lasts,
    said.personal,
  ];
  return [
    heading(said.heading),
    paragraph(said.purpose[purpose]),
    ...links,
    { kind: 'list', items },
    paragraph(words.otherWay(sender.itService)),
  ];
}
