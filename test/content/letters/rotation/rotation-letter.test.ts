// The letters of a handover to its manager: what each says, and that none says more than is known.
import { describe, expect, it } from 'vitest';
import { wordRotationLetter } from '../../../../src/content/letters/rotation/rotation-letter.ts';
import type { RotationFacts } from '../../../../src/domain/notification/letter-facts.ts';
import { body, linksOf, plain, stepsOf } from '../reading.ts';
import { LANGUAGES, procedure, SENDER } from '../sample-facts.ts';
import { HANDOVERS } from '../sample-managers.ts';

function word(name: string, changes: Partial<RotationFacts> = {}, sender = SENDER) {
  const facts = HANDOVERS[name];
  if (facts === undefined) throw new Error(`no sample ${name}`);
  return wordRotationLetter({ ...facts, ...changes }, sender);
}

describe('subject and first line say what became of the password', () => {
  it.each([
    ['confirmation', 'nouveau mot de passe vérifié, plus rien à faire', 'est vérifié et remis au connecteur'],
    ['confirmation-unproven', 'pas encore vérifié', 'sans avoir été vérifié'],
    ['refusal', 'mot de passe refusé, à réinitialiser de nouveau', "car Chorus Pro l'a refusé"],
    ['refusal-unanswered', 'mot de passe resté sans réponse', "faute d'une réponse de Chorus Pro"],
    ['not-submitted', 'réinitialisation du mot de passe sans doute pas soumise', 'fonctionne toujours'],
    ['unclear', 'mot de passe reçu, un choix est attendu de vous', 'attend un choix de votre part'],
  ])('%s', (name, subject, first) => {
    const letter = word(name);
    expect(plain(letter.subject)).toMatch(/^Chorus Pro : .* – Commune de Bavilliers$/);
    expect(plain(letter.subject)).toContain(subject);
    expect(plain(letter.firstLine)).toMatch(/^Commune de Bavilliers : /);
    expect(plain(letter.firstLine)).toContain(first);
    expect(letter.firstLine).toContain('TECH_1_25900096600020@cpro.fr');
  });

  it('tells the test platform from the real one', () => {
    expect(plain(word('unclear-test-platform').subject)).toMatch(/^Chorus Pro \(plateforme de test\) : /);
    expect(word('refusal-test-platform', { language: 'en' }).subject).toMatch(
      /^Chorus Pro \(test platform\): /,
    );
    expect(body(word('refusal-test-platform'))).toContain('la suite des essais');
    expect(body(word('refusal-test-platform'))).not.toContain('vos factures');
  });
});

describe('every letter of a handover', () => {
  const every = LANGUAGES.flatMap((language) =>
    Object.keys(HANDOVERS).map((name) => [name, language] as const),
  );

  it.each(every)('%s, %s: shows the account, the reader, and how to check it', (name, language) => {
    const letter = word(name, { language });
    const text = `${plain(letter.firstLine)}\n${body(letter)}`;
    const { principal, home, login } = HANDOVERS[name] ?? {};
    expect(text).toContain(principal);
    expect(text).toContain(home?.name);
    expect(text).toContain(home?.siret.replace(/^(...)(...)(...)/, '$1 $2 $3 '));
    expect(text).toContain(login);
    expect(text).toContain('03 84 57 65 40');
    expect(text).toContain(language === 'fr' ? 'Un vrai courriel de notre part' : 'A genuine e-mail of ours');
    expect(JSON.stringify(letter)).not.toMatch(/[{]\w+[}]|undefined|\bnull\b|\bNaN\b|\[object/);
    expect(letter.subject).not.toMatch(/\p{Cc}/u);
    expect(letter.calendar).toEqual([]);
  });

  it.each(every)('%s, %s: names no telephone that is not known', (name, language) => {
    const sender = { ...SENDER, itService: { ...SENDER.itService, phone: null, postalAddress: null } };
    const text = body(word(name, { language }, sender));
    expect(text).not.toMatch(/\bnull\b|éléphone|elephone/);
    expect(text).toContain('service.informatique@siagep.example');
  });

  it('says when the password came in, or leaves it out', () => {
    expect(body(word('refusal'))).toContain('Le mot de passe reçu le vendredi 12 mars 2027 à 14 h 05');
    expect(body(word('refusal', { language: 'en' }))).toContain('received on Friday 12 March 2027 at 14:05');
    const text = body(word('refusal', { receivedAt: null }));
    expect(text).toContain('Le mot de passe que nous avons reçu a été présenté');
    expect(text).not.toContain('Reçu\n');
  });

  it('keeps a hostile name on its line', () => {
    const home = { siret: '25900096600020', name: 'Mairie\r\nBcc: voleur@exemple.example\u202E{login}' };
    const letter = word('refusal', { home, principal: 'A\nB' });
    expect(JSON.stringify(letter)).not.toMatch(/\\[rn]|\u202E/);
    expect(plain(letter.firstLine)).toContain('voleur@exemple.example {login}');
  });
});

describe('the confirmation', () => {
  it('says that it works, until when, how that is known, and when the next letter comes', () => {
    const text = body(word('confirmation'));
    expect(plain(word('confirmation').firstLine)).toContain("vous n'avez plus rien à faire.");
    expect(text).toContain('vérifié auprès de Chorus Pro, qui l');
    expect(text).toContain('puis remis au connecteur');
    expect(text).toContain('Expire\ndimanche 12 mars 2028');
    expect(text).toContain(
      "Origine de la date\ncalculée d'après le dernier changement de mot de passe, faute",
    );
    expect(text).toContain("l'expiration peut être plus tardive, mais pas au-delà du mardi 9 mai 2028");
    expect(text).toContain("Nous vous écrirons à l'approche de cette date");
    expect(stepsOf(word('confirmation'))).toEqual([]);
    expect(body(word('confirmation-portal'))).toContain('Origine de la date\nlue sur le portail');
  });

  it('says that nobody verified it, when nobody did', () => {
    for (const language of LANGUAGES) {
      const text = `${body(word('confirmation-unproven', { language }))} ${word('confirmation-unproven', { language }).firstLine}`;
      expect(text).not.toMatch(
        /qui l'accepte|which accepts|plus rien à faire|nothing left|vous pouvez l'effacer|ne sert plus|used up/,
      );
      expect(text).toMatch(/sans vérification auprès de Chorus Pro|without being verified with Chorus Pro/);
      expect(text).toMatch(/pas encore faite|not done yet/);
    }
  });

  it('does not say that nothing is left to do where a reminder follows at once', () => {
    for (const language of LANGUAGES) {
      const letter = word('confirmation-soon', { language });
      const text = `${plain(letter.subject)} ${plain(letter.firstLine)} ${body(letter)}`;
      expect(text).not.toMatch(/plus rien à faire|nothing left|appelez-nous d'abord|call us first/);
      expect(text).toMatch(/échéance est déjà proche|date is near already/);
      expect(text).toMatch(/vous demandera bientôt de le renouveler|will soon ask you to renew it/);
    }
  });

  it('asks for the date next, when it is unknown', () => {
    const text = body(word('confirmation-undated'));
    expect(text).toContain('date inconnue de nos services');
    expect(text).toContain('vous demandera de la lire sur le portail');
    expect(text).not.toContain("à l'approche de cette date");
  });
});

describe('the refusal', () => {
  const marks = {
    refusal: "Nous n'avons pas essayé l'ancien : ",
    'refusal-former-works': "L'ancien mot de passe, lui, fonctionne toujours",
    'refusal-former-dead': "L'ancien mot de passe est refusé lui aussi",
  };

  it.each(Object.entries(marks))('%s: says of the former password what is known', (name, mark) => {
    const text = body(word(name));
    expect(Object.values(marks).filter((each) => text.includes(each))).toEqual([mark]);
  });

  it('puts the likeliest cause first, and leaves out the one that cannot be', () => {
    const causes = (name: string) =>
      word(name).blocks.flatMap((block) => (block.kind === 'list' ? [block.items.map(plain)] : []))[0];
    expect(causes('refusal-former-works')?.[0]).toContain("La demande n'est peut-être pas soumise");
    expect(causes('refusal')?.[0]).toContain("La demande n'est peut-être pas soumise");
    expect(causes('refusal-former-dead')?.[0]).toContain("C'est peut-être une copie incomplète");
    expect(causes('refusal-former-dead')?.join()).not.toContain('Soumettre');
  });

  it('says neither a lock nor a bad copy as a fact where both are refused, and the likelier of them first', () => {
    const maybes = (name: string) =>
      word(name).blocks.flatMap((block) => (block.kind === 'list' ? [block.items.map(plain)] : []))[0];
    expect(maybes('refusal-of-both')?.[0]).toContain('Le compte est peut-être bloqué');
    expect(maybes('refusal-of-both')?.[1]).toContain('La réinitialisation est peut-être faite');
    expect(maybes('refusal-of-both-held')?.[0]).toContain('La réinitialisation est peut-être faite');
    for (const name of ['refusal-of-both', 'refusal-of-both-held', 'refusal', 'refusal-former-dead']) {
      expect(body(word(name))).not.toMatch(
        /n'a été copié|a été mal copié|est bloqué\b(?! pour)|Nous ne le présenterons plus.*sous scellés/,
      );
    }
    expect(body(word('refusal-of-both'))).toContain('Nous le gardons sous scellés');
  });

  it('says that a password is given up only where it is, and names a link only where there is one', () => {
    for (const [language, never] of [
      ['fr', 'Nous ne le présenterons plus'],
      ['en', 'We will not present it again'],
    ] as const) {
      expect(body(word('refusal', { language }))).toContain(never);
      expect(body(word('refusal-kept', { language }))).not.toContain(never);
      expect(body(word('refusal-kept', { language }))).toMatch(/gardons sous scellés|keep it sealed/);
      const unlinked = body(word('refusal-of-both-no-link', { language }));
      expect(unlinked).not.toMatch(/lien personnel|personal link/);
      expect(body(word('refusal-of-both', { language }))).toMatch(/lien personnel|personal link/);
    }
  });

  it('leads through the portal again, and by the link', () => {
    const [steps = [], ...others] = stepsOf(word('refusal'));
    expect(steps[0]).toMatch(/^Ouvrez votre lien personnel/);
    expect(steps.at(-1)).toMatch(/^Collez aussitôt le nouveau dans la page/);
    expect(others).toEqual([]);
    const [bare = [], way = []] = stepsOf(word('refusal-no-link'));
    expect(bare.at(-1)).toContain('par téléphone au 03 84 57 65 40');
    expect(bare[0]).toContain('Prévenez le service informatique avant de réinitialiser');
    expect(way.join()).toContain('cliquez sur le bouton « Chorus Pro »');
    expect(way.join()).toContain('Cliquez ensuite sur « Soumettre »');
  });

  it('takes the way that the settings say', () => {
    const sender = { ...SENDER, procedures: { ...SENDER.procedures, production: procedure('2017') } };
    expect(body(word('refusal-no-link', {}, sender))).toContain(
      "Réinitialiser le mot de passe de l'utilisateur technique",
    );
  });

  it('speaks of no refusal where there was no answer', () => {
    for (const language of LANGUAGES) {
      const letter = word('refusal-unanswered', { language });
      const text = `${letter.subject} ${letter.firstLine} ${body(letter)}`;
      expect(text).not.toMatch(
        /refusé à chaque|a refusé|refused each|refused the|causes? possibles|possible causes/i,
      );
      expect(text).toMatch(/Ce n'est pas de votre fait|no fault of yours/);
    }
  });
});

describe('the letter about a reset that was not submitted', () => {
  it('sends back to the portal, or asks for nothing when it was done meanwhile', () => {
    const text = body(word('not-submitted'));
    expect(text).toContain("l'ancien mot de passe reste en service");
    expect(text).toContain("Si vous avez cliqué sur « Soumettre » depuis, vous n'avez rien à faire");
    expect(text).toContain('Si la demande est encore ouverte sur le portail');
    expect(text).toContain('Sinon, recommencez la réinitialisation par votre lien personnel');
    expect(linksOf(word('not-submitted'))).toHaveLength(1);
    const unlinked = word('not-submitted-no-link');
    expect(body(unlinked)).toContain('Sinon, prévenez le service informatique au 03 84 57 65 40');
    expect(stepsOf(unlinked)[0]?.join()).toContain('Cliquez ensuite sur « Soumettre »');
  });
});

describe('the letter about a choice', () => {
  it('leads to the page, with no portal in between', () => {
    const [steps = []] = stepsOf(word('unclear'));
    expect(steps).toHaveLength(3);
    expect(steps[0]).toContain('Ouvrez votre lien personnel');
    expect(steps[0]).toContain('la page montre ce qui a été remarqué');
    expect(body(word('unclear'))).not.toContain('réinitialisez');
    expect(body(word('unclear'))).not.toContain('Raccordements');
  });

  it('asks for a call where there is no link', () => {
    expect(stepsOf(word('unclear-no-link'))).toEqual([]);
    expect(body(word('unclear-no-link'))).toContain('Joignez le service informatique au 03 84 57 65 40');
    expect(body(word('unclear-no-link'))).not.toContain('lien personnel');
  });
});
