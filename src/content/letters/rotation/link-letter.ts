// The letter with a new personal link, which an agent sends when it is asked for.
import type { Language } from '../../../domain/account/technical-user.ts';
import type { SenderProfile, WordedLetter } from '../../../domain/notification/letter.ts';
import type { LinkFacts } from '../../../domain/notification/letter-facts.ts';
import { accountFacts, closingBlocks, linkBlocks } from '../manager-letter.ts';
import { oneLine, paragraph, subjectLine, typeset, withUnbrokenPhone } from '../typesetting.ts';

const french = {
  subject: 'Chorus Pro : votre nouveau lien personnel',
  firstLine: (structure: string) => `Voici le nouveau lien personnel demandé pour ${structure}.`,
  greeting: (name: string) => `Madame, Monsieur ${name},`,
  what: 'Ouvrez cette page quand vous êtes prêt à réinitialiser le mot de passe du compte technique ; elle montre chaque étape et reçoit le nouveau mot de passe.',
  unasked: 'Si vous ne l’avez pas demandé, n’y saisissez rien et appelez-nous.',
};

const english: typeof french = {
  subject: 'Chorus Pro: your new personal link',
  firstLine: (structure) => `Here is the new personal link that was asked for, for ${structure}.`,
  greeting: (name) => `Dear ${name},`,
  what: 'Open this page when you are ready to reset the password of the technical account; it shows each step and takes the new password.',
  unasked: 'If you have not asked for it, enter nothing there and call us.',
};

const WORDS: Readonly<Record<Language, typeof french>> = { fr: french, en: english };

/** Words the letter. Pure. */
export function wordLinkLetter(facts: LinkFacts, sender: SenderProfile): WordedLetter {
  const words = WORDS[facts.language];
  const { language } = facts;
  return typeset({
    language,
    subject: subjectLine(words.subject, facts.home.name),
    firstLine: words.firstLine(oneLine(facts.home.name)),
    blocks: [
      paragraph(words.greeting(oneLine(facts.principal))),
      paragraph(words.what),
      ...linkBlocks(facts, 'account', language),
      paragraph(`${accountFacts(facts, language).join(' – ')}.`),
      paragraph(words.unasked),
      ...closingBlocks([facts], withUnbrokenPhone(sender), language),
    ],
    calendar: [],
  });
}
