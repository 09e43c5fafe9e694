// Marks a worded letter as a sample: in its subject, at its beginning, and at each link, which opens nothing.
import type { Language } from '../../domain/account/technical-user.ts';
import type { Block, WordedLetter } from '../../domain/notification/letter.ts';
import { notice, paragraph, typeset } from './typesetting.ts';

const french = {
  subject: (subject: string) => `[EXEMPLE] ${subject}`,
  firstLine: 'Ceci est un exemple : il n’y a rien à faire.',
  said: 'Le service informatique s’est envoyé cette lettre pour essai. Ses liens n’ouvrent rien, et personne d’autre ne l’a reçue.',
  link: (label: string) => `${label} (exemple : ce lien n’ouvre rien)`,
  token: 'EXEMPLE-ce-lien-n-ouvre-rien',
};

const english: typeof french = {
  subject: (subject) => `[SAMPLE] ${subject}`,
  firstLine: 'This is a sample: there is nothing to do.',
  said: 'The IT service has sent this letter to itself as a trial. Its links open nothing, and nobody else has got it.',
  link: (label) => `${label} (sample: this link opens nothing)`,
  token: 'SAMPLE-this-link-opens-nothing',
};

const WORDS: Readonly<Record<Language, typeof french>> = { fr: french, en: english };

/** What stands in the place of a token: nobody could take it for one, nor any page. */
export const deadToken = (language: Language): string => WORDS[language].token;

/** The same letter as a sample; nothing of it goes into a calendar. */
export function sampleOf({ subject, firstLine, blocks, ...letter }: WordedLetter): WordedLetter {
  const words = WORDS[letter.language];
  const marked = blocks.map(
    (block): Block => (block.kind === 'link' ? { ...block, label: words.link(block.label) } : block),
  );
  return typeset({
    ...letter,
    subject: words.subject(subject),
    firstLine: words.firstLine,
    blocks: [notice(words.said), { kind: 'line' }, paragraph(firstLine), ...marked],
    calendar: [],
  });
}
