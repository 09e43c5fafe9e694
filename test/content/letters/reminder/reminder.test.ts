import { describe, expect, it } from 'vitest';
import { wordReminder } from '../../../../src/content/letters/reminder/reminder.ts';
import type { SenderProfile, WordedLetter } from '../../../../src/domain/notification/letter.ts';
import type { ReminderFacts } from '../../../../src/domain/notification/letter-facts.ts';
import { body, plain, stepsOf as steps } from '../reading.ts';
import {
  BAVILLIERS,
  CCAS,
  known,
  LANGUAGES,
  line,
  procedure,
  reminder,
  SENDER,
  UNKNOWN,
} from '../sample-facts.ts';
import { REMINDERS } from '../sample-managers.ts';

function word(
  name: string,
  changes: Partial<ReminderFacts> = {},
  sender: SenderProfile = SENDER,
): WordedLetter {
  const facts = REMINDERS[name];
  if (facts === undefined) throw new Error(`no sample ${name}`);
  return wordReminder({ ...facts, ...changes }, sender);
}

describe('subject and first line say who, what and by when', () => {
  it.each([
    ['far', 'mot de passe à renouveler avant le vendredi 12 mars 2027'],
    ['near', 'mot de passe à renouveler avant le vendredi 12 mars 2027'],
    ['close', 'mot de passe à renouveler avant le vendredi 12 mars 2027'],
    ['today', "mot de passe à renouveler aujourd'hui, vendredi 12 mars 2027"],
    ['overdue', 'mot de passe à renouveler depuis le vendredi 12 mars 2027'],
    ['stopped', 'mot de passe expiré, à renouveler depuis le vendredi 12 mars 2027'],
    ['deputies', 'mot de passe à renouveler avant le vendredi 12 mars 2027'],
  ])('%s, in French', (name, what) => {
    const letter = word(name);
    expect(plain(letter.subject)).toBe(`Chorus Pro : ${what} – Commune de Bavilliers`);
    expect(plain(letter.firstLine)).toMatch(/^Commune de Bavilliers : le mot de passe du compte technique/);
    expect(letter.firstLine).toContain('vendredi 12 mars 2027');
    expect(letter.firstLine).toContain('TECH_1_25900096600020@cpro.fr');
  });

  it.each([
    ['far', 'password to renew before Friday 12 March 2027'],
    ['today', 'password to renew today, Friday 12 March 2027'],
    ['overdue', 'password due for renewal since Friday 12 March 2027'],
    ['stopped', 'password expired, due for renewal since Friday 12 March 2027'],
  ])('%s, in English', (name, what) => {
    const letter = word(name, { language: 'en' });
    expect(letter.subject).toBe(`Chorus Pro: ${what} – Commune de Bavilliers`);
    expect(letter.firstLine).toContain('Friday 12 March 2027');
    expect(letter.firstLine).toContain('TECH_1_25900096600020@cpro.fr');
  });

  it('writes the first of a month as French does', () => {
    const letter = word('far', { lines: [line({ expiry: known('2027-03-01') })] });
    expect(letter.subject).toContain('avant le lundi 1er mars 2027');
  });

  it('asks for an unknown date, by a day', () => {
    expect(plain(word('question').subject)).toMatch(
      /^Chorus Pro : date d'expiration à relever, si possible avant le samedi 6 mars 2027 – Syndicat/,
    );
    expect(word('questions').subject).toContain("2 dates d'expiration");
    expect(word('questions').firstLine).toContain('de 2 comptes techniques');
    expect(word('question', { language: 'en' }).firstLine).toContain(
      'if possible before Saturday 6 March 2027',
    );
  });

  it('counts several, and names the nearest day', () => {
    expect(plain(word('several').subject)).toBe(
      'Chorus Pro : 2 mots de passe à renouveler avant le vendredi 12 mars 2027 – Commune de Bavilliers et CCAS de Bavilliers',
    );
    const mixed = word('mixed');
    expect(mixed.subject).toContain(
      '3 mots de passe à renouveler, le premier depuis le vendredi 12 mars 2027',
    );
    expect(mixed.firstLine).toContain("La date d'expiration d'un autre compte est à relever");
  });

  it('tells the test platform from the real one', () => {
    expect(plain(word('test-platform').subject)).toMatch(/^Chorus Pro \(plateforme de test\) : /);
    expect(body(word('test-platform-stopped'))).toContain("Vos factures n'en souffrent pas");
    expect(body(word('test-platform'))).not.toContain('ne sont plus payés');
    expect(body(word('test-platform'))).not.toContain('PIGP) : passez');
  });
});

describe('the tone follows the urgency', () => {
  const marks = {
    far: 'Rien ne presse',
    near: "L'échéance approche",
    close: "L'échéance est toute proche",
    eve: "L'échéance est toute proche",
    today: "L'échéance est aujourd'hui",
    overdue: "le connecteur est peut-être déjà à l'arrêt",
    stopped: "selon toute vraisemblance, le connecteur est à l'arrêt",
    'stopped-computed': "selon toute vraisemblance, le connecteur est à l'arrêt",
  };
  const texts = new Set(Object.values(marks));

  it.each(Object.entries(marks))('%s: %s', (name, mark) => {
    const text = body(word(name));
    expect([...texts].filter((each) => text.includes(each))).toEqual([mark]);
  });

  it.each([
    [16, 'Rien ne presse'],
    [15, "L'échéance approche"],
    [4, "L'échéance approche"],
    [3, "L'échéance est toute proche"],
    [1, "L'échéance est toute proche"],
    [0, "L'échéance est aujourd'hui"],
    [-1, 'peut-être déjà'],
    [-58, 'peut-être déjà'],
    [-59, 'selon toute vraisemblance'],
  ])('%i days before the date, whatever step the letter was written for', (left, mark) => {
    expect(body(wordReminder(reminder(left, [line()]), SENDER))).toContain(mark);
  });
});

describe('what every letter to a manager carries', () => {
  const every = LANGUAGES.flatMap((language) =>
    Object.keys(REMINDERS).map((name) => [name, language] as const),
  );

  it.each(every)('%s, %s', (name, language) => {
    const facts = REMINDERS[name];
    const letter = word(name, { language });
    const text = body(letter);
    for (const { login, home, further } of facts?.lines ?? []) {
      expect(text).toContain(login);
      for (const { name: structure, siret } of [home, ...further]) {
        expect(text).toContain(structure);
        expect(text).toContain(siret.replace(/(...)(...)(...)(.....)/, '$1 $2 $3 $4'));
      }
    }
    expect(text).toContain('Service informatique du SIAGEP');
    expect(text).toContain('03 84 57 65 40');
    expect(text).toContain('service.informatique@siagep.example');
    expect(text).toContain(
      language === 'fr' ? 'Comment reconnaître une vraie lettre' : 'How to recognise a genuine letter',
    );
    const shown = JSON.stringify(letter);
    expect(shown).not.toMatch(/[{]\w+[}]|undefined|\bnull\b|\bNaN\b|\[object/);
    expect(shown).not.toMatch(/\d+[.,]\d+ (jours|days)/);
    expect(letter.subject).not.toMatch(/\p{Cc}/u);
  });

  it.each(LANGUAGES)('renewals: warn first, submit, and nobody else (%s)', (language) => {
    const text = body(word('far', { language }));
    const words =
      language === 'fr'
        ? [
            'Prévenez le service informatique avant',
            'cadre rouge',
            "n'est valable qu'après ce clic",
            "à personne d'autre",
            'ne sont plus reçues',
            'ne sont plus payés',
          ]
        : [
            'Warn the IT service before',
            'red frame',
            'only valid after that click',
            'nobody else',
            'no longer received',
            'no longer paid',
          ];
    for (const each of words) expect(text).toContain(each);
  });

  it('says how the date is known', () => {
    expect(body(word('close'))).toContain('lecture sur le portail');
    expect(body(word('close'))).not.toContain('au plus tard le');
    expect(body(word('near'))).toContain('mais au plus tard le lundi 10 mai 2027');
    expect(body(word('stopped-computed'))).toContain('le lundi 10 mai 2027, est passée elle aussi');
  });

  it('does not mention a telephone number that is not known', () => {
    const sender = { ...SENDER, itService: { ...SENDER.itService, phone: null, postalAddress: null } };
    for (const name of Object.keys(REMINDERS)) {
      for (const language of LANGUAGES) {
        const text = body(word(name, { language }, sender));
        expect(text).not.toMatch(/\bnull\b|Téléphone|Telephone/);
        expect(text).toContain('service.informatique@siagep.example');
      }
    }
  });

  it('tells deputies that they cannot do it, and asks them to chase', () => {
    expect(body(word('deputies'))).toContain('Merci de lui transmettre cette lettre');
    expect(body(word('deputies'))).not.toContain('Anne Martin');
    expect(body(word('near'))).toContain("s'adresse à Anne Martin, gestionnaire principal de la structure");
  });
});

describe('the way through the portal', () => {
  it('is given once for each environment, with the way in once', () => {
    const mixed = word('mixed');
    expect(steps(mixed)).toHaveLength(3);
    expect(body(mixed).match(/portail\.dgfip\.finances\.gouv\.fr/g)).toHaveLength(1);
    expect(body(mixed)).toContain('https://qualif.chorus-pro.gouv.fr/aife_qual');
    expect(body(mixed)).toContain('Entrez dans Chorus Pro comme indiqué plus haut');
  });

  it('names the account, or points to the names above when there are several', () => {
    expect(steps(word('far'))[0]?.join()).toContain(
      'la structure (Commune de Bavilliers), puis le compte technique (TECH_1',
    );
    expect(steps(word('several'))[0]?.join()).toContain(
      'la structure (indiquée plus haut), puis le compte technique (indiqué plus haut)',
    );
    expect(steps(word('several'))[0]?.at(-1)).toContain('Recommencez pour chacun');
  });

  it('only reads, when only a date is asked for', () => {
    const [items = []] = steps(word('question'));
    expect(items.join()).not.toContain('Soumettre');
    expect(items.join()).toContain('Ne changez rien');
    expect(body(word('question'))).toContain("aucun mot de passe n'est à changer ni à envoyer");
  });

  it('uses the steps of 2017 when they are configured', () => {
    const sender = { ...SENDER, procedures: { ...SENDER.procedures, production: procedure('2017') } };
    const text = body(word('near', {}, sender));
    expect(text).toContain("Réinitialiser le mot de passe de l'utilisateur technique");
    expect(text).not.toContain('Raccordements');
    expect(text).not.toContain('{');
  });
});

describe('hostile names', () => {
  const nasty = { siret: '25900096600020', name: 'Mairie\r\nBcc: voleur@exemple.example\u2028{login}\u202E' };

  it('cannot break a subject, a line or a calendar', () => {
    const letter = word('far', { lines: [line({ home: nasty, first: true })], principal: 'A\nB' });
    expect(letter.subject).toContain('Mairie Bcc');
    expect(JSON.stringify(letter)).not.toMatch(/\\[rn]|\u2028|\u202E/);
  });

  it('are filled in once: braces in a name stay', () => {
    expect(body(word('far', { lines: [line({ home: nasty })] }))).toContain('voleur@exemple.example {login}');
  });
});

describe('calendar entries', () => {
  it('stand in the first letter of a ladder, for known dates only', () => {
    expect(word('near').calendar).toEqual([]);
    const [entry, ...others] = word('far').calendar;
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ uid: 'releve-production-TECH_1_25900096600020@cpro.fr', on: '2027-03-12' });
    expect(plain(entry?.summary ?? '')).toBe(
      'Chorus Pro : mot de passe à renouveler avant ce jour – Commune de Bavilliers',
    );
    expect(entry?.description).toContain('TECH_1_25900096600020@cpro.fr');
    expect(word('question', { lines: [line({ expiry: UNKNOWN, first: true })] }).calendar).toEqual([]);
  });

  it('keep their uid when the date is corrected, and tell the environments apart', () => {
    const lines = [
      line({ first: true, expiry: known('2027-04-01'), home: CCAS }),
      line({ first: true, environment: 'qualification', home: BAVILLIERS }),
    ];
    expect(
      word('far', { lines })
        .calendar.map(({ uid }) => uid)
        .sort(),
    ).toEqual([
      'releve-production-TECH_1_25900096600020@cpro.fr',
      'releve-qualification-TECH_1_25900096600020@cpro.fr',
    ]);
  });
});
