// The letters about a password in service: why it is refused, what stands still, what to do; and that all is well again.
import { describe, expect, it } from 'vitest';
import { wordRotationLetter } from '../../../../src/content/letters/rotation/rotation-letter.ts';
import type { RotationFacts } from '../../../../src/domain/notification/letter-facts.ts';
import { body, linksOf, PERSONAL, plain, stepsOf } from '../reading.ts';
import { CCAS, known, LANGUAGES, linkTo, procedure, SENDER, UNKNOWN } from '../sample-facts.ts';
import { HANDOVERS } from '../sample-managers.ts';

function word(name: string, changes: Partial<RotationFacts> = {}, sender = SENDER) {
  const facts = HANDOVERS[name];
  if (facts === undefined) throw new Error(`no sample ${name}`);
  return wordRotationLetter({ ...facts, ...changes }, sender);
}

/** What to do by what has happened, then the explanations: the letter's first two plain lists. */
function listsOf(letter: ReturnType<typeof word>): readonly (readonly string[])[] {
  return letter.blocks.flatMap((block) => (block.kind === 'list' ? [block.items.map(plain)] : []));
}

const RESET = /^Quelqu'un l'a réinitialisé sur le portail/;
const LOCKED = /^Le compte est bloqué, sans doute pour une heure/;

describe('the letter about a password that is refused', () => {
  it('says what stands still, and what is awaited, in its subject and first line', () => {
    const letter = word('stopped');
    expect(plain(letter.subject)).toBe(
      'Chorus Pro : réception des factures arrêtée, nouveau mot de passe attendu – Commune de Bavilliers',
    );
    expect(plain(letter.firstLine)).toBe(
      'Commune de Bavilliers : la réception de vos factures est arrêtée, car Chorus Pro refuse le mot de passe du compte technique TECH_1_25900096600020@cpro.fr.',
    );
    expect(word('stopped', { language: 'en' }).subject).toBe(
      'Chorus Pro: invoices no longer received, new password awaited – Commune de Bavilliers',
    );
  });

  it('says since when, that it is no outage, and when it last worked', () => {
    const text = body(word('stopped'));
    expect(text).toContain('Depuis le vendredi 12 mars 2027 à 2 h 14, Chorus Pro le refuse');
    expect(text).toContain("alors que la plateforme elle-même fonctionne : ce n'est donc pas une panne");
    expect(text).toContain('Il fonctionnait encore le jeudi 11 mars 2027 à 3 h 02.');
    expect(text).not.toContain('Chaque nuit');
    const never = body(word('stopped', { refusedAt: null, workedAt: null }));
    expect(never).toContain('Chorus Pro le refuse à présent, alors');
    expect(never).toContain("Nos vérifications ne l'ont encore jamais vu fonctionner.");
  });

  it.each(['fr', 'en'] as const)(
    'claims to have told the connector only where it could be told (%s)',
    (language) => {
      const told = /Nous avons dit au connecteur|We have told the connector/;
      expect(body(word('stopped', { language }))).toMatch(told);
      const untold = body(word('stopped', { language, holds: false }));
      expect(untold).not.toMatch(told);
      expect(untold).toMatch(/Le connecteur ne peut plus se servir|The connector can no longer use/);
    },
  );

  it('says what stands still and why the connector holds, without making it worse than it is', () => {
    const text = body(word('stopped'));
    expect(text).toContain('Nous avons dit au connecteur de ne plus se servir de ce mot de passe');
    expect(text).toContain('attendent dans Chorus Pro, et leur paiement prend du retard');
    expect(text).toContain("rien n'est perdu");
    expect(text).toContain('celles des autres structures du compte');
    expect(body(word('stopped', { further: [] }))).not.toContain('autres structures');
    for (const language of LANGUAGES) {
      const trial = word('stopped-test-platform', { language, further: [CCAS] });
      expect(trial.subject + trial.firstLine).not.toMatch(/facture|invoice/);
      expect(body(trial)).toMatch(/sans conséquence pour vos factures|no effect on your invoices/);
    }
  });

  it('puts a reset nobody told of first, and expiry first once its day has come', () => {
    const ahead = listsOf(word('stopped'))[1] ?? [];
    expect(ahead).toHaveLength(3);
    expect(ahead[0]).toMatch(RESET);
    expect(ahead[1]).toContain(
      'a expiré plus tôt que prévu : la date que nous avons calculée est le vendredi 26 mars 2027',
    );
    expect(ahead[2]).toMatch(LOCKED);
    const past = listsOf(word('stopped-expired'))[1] ?? [];
    expect(past[0]).toBe('Il a expiré : la date lue sur le portail était le lundi 1er mars 2027.');
    expect(past[1]).toMatch(RESET);
    expect(past[2]).toMatch(LOCKED);
    const today = listsOf(word('stopped', { expiry: known('2027-03-12') }))[1] ?? [];
    expect(today[0]).toContain("lue sur le portail est aujourd'hui, vendredi 12 mars 2027");
    const unknown = listsOf(word('stopped', { expiry: UNKNOWN }))[1] ?? [];
    expect(unknown[0]).toMatch(RESET);
    expect(unknown[1]).toContain('à une date que nos services ne connaissent pas');
  });

  it('asks for the password of a reset already made, and for no second reset', () => {
    const letter = word('stopped');
    const [already, notYet] = listsOf(letter)[0] ?? [];
    expect(already).toContain('remettez-nous le nouveau par votre lien personnel');
    expect(already).toContain("rien n'est à refaire sur le portail");
    expect(notYet).toContain(
      'réinitialisez-le sur le portail ; le même lien vous guide. Comptez dix minutes.',
    );
    // The page shows the way.
    expect(stepsOf(letter)).toEqual([]);
    expect(stepsOf(word('stopped-no-link'))[0]?.join()).toContain('Cliquez ensuite sur « Soumettre »');
    expect(linksOf(letter).map(({ url }) => url)).toEqual([linkTo('aB3')]);
  });

  it('asks for a call where there is no link', () => {
    for (const language of LANGUAGES) {
      const letter = word('stopped-no-link', { language });
      const cases = listsOf(letter)[0] ?? [];
      expect(cases[0]).toMatch(/joignez le service informatique au 03|reach the IT service on 03/);
      expect(cases[1]).toMatch(/joignez le service informatique|reach the IT service/);
      expect(body(letter)).not.toMatch(/lien personnel|personal link/);
      expect(JSON.stringify(letter)).not.toMatch(PERSONAL);
    }
  });

  it('takes the way that the settings say', () => {
    const sender = { ...SENDER, procedures: { ...SENDER.procedures, production: procedure('2017') } };
    expect(body(word('stopped-no-link', {}, sender))).toContain(
      "Réinitialiser le mot de passe de l'utilisateur technique",
    );
  });

  it('accuses nobody, threatens nobody, and names no date that is not known', () => {
    for (const language of LANGUAGES) {
      for (const name of ['stopped', 'stopped-expired', 'stopped-no-link', 'stopped-test-platform']) {
        const letter = word(name, { language });
        expect(letter.subject + letter.firstLine + body(letter)).not.toMatch(
          /urgent|immédiat|sans délai|impérati|votre erreur|oubli|immediately|at once or|your mistake|forgot/i,
        );
        expect(body(letter)).toMatch(/personne n'est en faute|nobody is to blame/);
      }
    }
    expect(body(word('stopped-test-platform'))).not.toContain("Date d'expiration\n");
  });

  it('says how the date is known', () => {
    const reckoned = word('stopped', { expiry: known('2027-01-05', 'computed', '2027-03-05') });
    expect(listsOf(reckoned)[1]?.[0]).toBe(
      'Il a expiré : la date que nous avons calculée était le mardi 5 janvier 2027.',
    );
  });
});

describe('the letter about a password that is believed again', () => {
  it('says that nothing is left to do, since when it works again, and shows no link', () => {
    const letter = word('working-again', { link: linkTo('aB3') });
    expect(plain(letter.subject)).toBe(
      'Chorus Pro : mot de passe de nouveau accepté, plus rien à faire – Commune de Bavilliers',
    );
    expect(plain(letter.firstLine)).toMatch(/ ; vous n'avez plus rien à faire\.$/);
    const text = body(letter);
    expect(text).toContain('depuis le vendredi 12 mars 2027 à 2 h 14. Il');
    expect(text).toContain('de nouveau depuis le vendredi 12 mars 2027 à 4 h 21 : le connecteur reprend');
    expect(text).toContain('Accepté de nouveau\nvendredi 12 mars 2027 à 4 h 21');
    expect(JSON.stringify(letter)).not.toMatch(PERSONAL);
    expect(stepsOf(letter)).toEqual([]);
  });

  it('warns of a reset, and says what it most probably was and who looks into it', () => {
    const text = body(word('working-again'));
    expect(text).toContain("Si vous n'avez pas réinitialisé ce mot de passe entre-temps, ne le faites pas");
    expect(text).toContain('si elle est déjà soumise, joignez-nous au 03 84 57 65 40');
    expect(text).toContain('bloqué, sans doute pour une heure, par plusieurs essais');
    expect(text).toContain("Le service informatique cherche d'où ils venaient");
  });

  it('takes an older success for none: it is believed since today', () => {
    const workedAt = Temporal.PlainDateTime.from('2027-03-11T03:02');
    for (const changes of [{ workedAt }, { workedAt: null }, { workedAt: null, refusedAt: null }]) {
      const text = body(word('working-again', changes));
      expect(text).toContain("Il l'accepte de nouveau depuis aujourd'hui :");
      expect(text).toContain('Accepté de nouveau\nvendredi 12 mars 2027\n');
    }
  });

  it('speaks of tests on the test platform', () => {
    for (const language of LANGUAGES) {
      const letter = word('working-again', { language, environment: 'qualification' });
      expect(letter.subject + letter.firstLine + body(letter)).not.toMatch(/vos factures|your invoices/);
      expect(body(letter)).toMatch(/et les essais avec lui|the tests go on/);
    }
  });
});
