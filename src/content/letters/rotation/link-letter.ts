// The letter with a personal link, which an agent sends when it is asked for: for the next password, or for the first one of an account.
import type { Language } from '../../../domain/account/technical-user.ts';
import type { SenderProfile, WordedLetter } from '../../../domain/notification/letter.ts';
import type { LinkFacts } from '../../../domain/notification/letter-facts.ts';
import { accountFacts, closingBlocks, linkBlocks } from '../manager-letter.ts';
import { oneLine, paragraph, subjectLine, typeset, withUnbrokenPhone } from '../typesetting.ts';
import { rotationInEnglish } from './rotation-english.ts';
import { rotationInFrench } from './rotation-french.ts';

const french = {
  subject: 'Chorus Pro : votre nouveau lien personnel',
  firstLine: (structure: string) => `Voici le nouveau lien personnel demandé pour ${structure}.`,
  what: 'Ouvrez cette page au moment de réinitialiser le mot de passe du compte technique ; elle montre chaque étape et reçoit le nouveau mot de passe.',
  unasked: 'Si vous ne l’avez pas demandé, n’y saisissez rien et appelez-nous.',
  first: {
    subject: 'Chorus Pro : compte technique et premier mot de passe à créer',
    firstLine: (structure: string) =>
      `${structure} : un compte technique est à créer dans Chorus Pro, avec son premier mot de passe.`,
    why: 'Par ce compte, notre logiciel (le « connecteur ») ira chercher vos factures dans Chorus Pro. Seul le gestionnaire principal peut le créer : comptez dix minutes, quand vous le voudrez.',
    what: 'Ouvrez votre lien personnel et gardez la page ouverte : elle montre chaque étape, puis reçoit le mot de passe, que le portail n’affiche qu’une fois. Ne l’envoyez pas par courriel.',
    later:
      'Un compte neuf met environ une demi-heure à fonctionner : nous vérifions le mot de passe jusque-là, et un courriel vous dira quand tout est en place.',
    unasked: 'Si vous n’attendiez pas cette demande, ne saisissez rien et appelez-nous.',
  },
};

const english: typeof french = {
  subject: 'Chorus Pro: your new personal link',
  firstLine: (structure) => `Here is the new personal link that was asked for, for ${structure}.`,
  what: 'Open this page when you are ready to reset the password of the technical account; it shows each step and takes the new password.',
  unasked: 'If you have not asked for it, enter nothing there and call us.',
  first: {
    subject: 'Chorus Pro: technical account and first password to create',
    firstLine: (structure) =>
      `${structure}: a technical account is to be created in Chorus Pro, with its first password.`,
    why: 'By this account our software (the “connector”) will fetch your invoices from Chorus Pro. Only the principal manager (gestionnaire principal) can create it: set aside ten minutes, whenever it suits you.',
    what: 'Open your personal link and keep the page open: it shows each step, then takes the password, which the portal shows once only. Do not send it by e-mail.',
    later:
      'A new account takes about half an hour to work: we verify the password until it does, and an e-mail will tell you when everything is in place.',
    unasked: 'If you did not expect this request, enter nothing and call us.',
  },
};

const WORDS: Readonly<Record<Language, typeof french>> = { fr: french, en: english };

/** What it shares with the letters about a password that was handed in. */
const SHARED = { fr: rotationInFrench, en: rotationInEnglish };

/** Words the letter. Pure. */
export function wordLinkLetter(facts: LinkFacts, sender: SenderProfile): WordedLetter {
  const { language, isFirst } = facts;
  const { first, ...usual } = WORDS[language];
  const { greeting, addressee } = SHARED[language];
  const words = isFirst ? first : usual;
  return typeset({
    language,
    subject: subjectLine(words.subject, facts.home.name),
    firstLine: words.firstLine(oneLine(facts.home.name)),
    blocks: [
      paragraph(greeting),
      ...(isFirst ? [paragraph(first.why)] : []),
      paragraph(words.what),
      ...linkBlocks(facts, 'account', language),
      paragraph(`${accountFacts(facts, language).join(' – ')}.`),
      ...(isFirst ? [paragraph(first.later)] : []),
      paragraph(addressee(facts.principal)),
      paragraph(words.unasked),
      ...closingBlocks([facts], withUnbrokenPhone(sender), language),
    ],
    calendar: [],
  });
}
