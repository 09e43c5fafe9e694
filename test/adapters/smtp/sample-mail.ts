// Sample mails for the tests of the mail transport.
import type { Recipient } from '../../../src/domain/notification/letter.ts';
import type { OutgoingMail } from '../../../src/domain/ports/mail-transport.ts';

/** The reader of a letter at an address. */
export function readerAt(
  address: string,
  field: Recipient['field'] = 'to',
  name = 'Élise Martin',
): Recipient {
  return { address, name, field, personId: field === 'to' ? 1 : null };
}

/** A letter in French to one reader, with an entry for the calendar; `change` replaces what a test is about. */
export function mailTo(address: string, change: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    id: 'production/TECH_1_25900096600020@cpro.fr/v3/2027-03-12/J-30',
    letter: {
      language: 'fr',
      subject: 'Chorus Pro : mot de passe à renouveler avant le vendredi 12 mars 2027',
      firstLine: 'Le mot de passe de la commune de Saint-Dizier-l’Évêque expire le vendredi 12 mars 2027.',
      blocks: [
        { kind: 'paragraph', text: 'Bonjour,' },
        { kind: 'facts', rows: [['Structure', 'Commune de Saint-Dizier-l’Évêque']] },
      ],
      calendar: [
        {
          uid: 'TECH_1_25900096600020@cpro.fr',
          on: '2027-03-12',
          summary: 'Mot de passe Chorus Pro',
          description: 'À renouveler avant ce jour.',
        },
      ],
    },
    recipients: [readerAt(address)],
    envelopeTo: address,
    date: Temporal.Instant.from('2027-02-10T08:30:00Z'),
    ...change,
  };
}
