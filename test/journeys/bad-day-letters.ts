// The letters of the bad day, read as their readers read them: who was told what about whom, and by which link.
import { renderLetter } from '../../src/adapters/smtp/render.ts';
import type { OutgoingMail } from '../../src/domain/ports/mail-transport.ts';

/** A letter to a manager; the kind is the first word of its name, `reminder` for those of the ladder. */
export interface ToManager {
  readonly kind: string;
  readonly to: string;
  readonly login: string;
  readonly links: readonly string[];
  /** When it left, in ms. */
  readonly at: number;
}

/** One alarm in a letter to the IT service; a platform's name in place of a login. */
export interface Told {
  readonly title: string;
  readonly about: string;
  readonly at: number;
}

export const STOPPED = 'Mot de passe en service refusé';
export const WORKS_AGAIN = 'Mot de passe en service de nouveau accepté';
export const RIGHTS = 'Droits ou structures du compte à vérifier';
export const OUTAGE = 'Plus aucune vérification possible';
export const OUTAGE_OVER = 'Vérifications rétablies';
export const RENEWED = 'Mots de passe renouvelés';

const HANDOVER = /^(stopped|working-again|confirmation|refusal|not-submitted|unclear)\//;
const LOGIN = /TECH_1_\d{14}@cpro\.fr/;

const at = ({ date }: OutgoingMail) => date.epochMilliseconds;

/** The letters to managers; copies of the ladder's letters for the IT service are not among them. */
export function toManagers(mails: readonly OutgoingMail[], itService: string): readonly ToManager[] {
  return mails
    .filter(({ id, envelopeTo }) => !/^(alarm|digest)\//.test(id) && envelopeTo !== itService)
    .map((mail) => ({
      kind: HANDOVER.exec(mail.id)?.[1] ?? 'reminder',
      to: mail.envelopeTo,
      login: LOGIN.exec(mail.letter.firstLine + renderLetter(mail.letter).text)?.[0] ?? 'nobody',
      links: mail.letter.blocks.flatMap((block) => (block.kind === 'link' ? [block.url] : [])),
      at: at(mail),
    }));
}

/** All that the IT service was alarmed of, or told of as ended; under each heading stand the accounts it is about. */
export function toItService(mails: readonly OutgoingMail[], itService: string): readonly Told[] {
  return mails
    .filter(({ id, envelopeTo }) => id.startsWith('alarm/') && envelopeTo === itService)
    .flatMap((mail) => {
      let title = '';
      const told: Told[] = [];
      const tell = (about: string | undefined) =>
        told.push({ title, about: about ?? 'nobody', at: at(mail) });
      for (const block of mail.letter.blocks) {
        if (block.kind === 'heading') title = block.text;
        if (block.kind === 'facts') {
          const rows = new Map(block.rows);
          tell(rows.get('Compte technique') ?? rows.get('Plateforme'));
        }
        if (block.kind === 'list' && title === RENEWED)
          for (const item of block.items) tell(LOGIN.exec(item)?.[0]);
      }
      return told;
    });
}

/** Everything that can be read in some letters. */
export function wholeText(mails: readonly OutgoingMail[]): string {
  return mails
    .map(({ id, envelopeTo, letter }) => {
      const { text, html } = renderLetter(letter);
      return [id, envelopeTo, letter.subject, text, html].join('\n');
    })
    .join('\n');
}
