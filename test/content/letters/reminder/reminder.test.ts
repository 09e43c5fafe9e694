import { describe, expect, it } from 'vitest';
import { wordReminder } from '../../../../src/content/letters/reminder/reminder.ts';
import type { SenderProfile, WordedLetter } from '../../../../src/domain/notification/letter.ts';
import type { ReminderFacts } from '../../../../src/domain/notification/letter-facts.ts';
import { body, linksOf, PERSONAL, pagesOf, plain, stepsOf as steps } from '../reading.ts';
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
    ['far', 'mot de passe à renouveler avant le vendredi 12 mars 2027 (dans 60 jours)'],
    ['near', 'mot de passe à renouveler avant le vendredi 12 mars 2027 (dans 15 jours)'],
    ['close', 'mot de passe à renouveler avant le vendredi 12 mars 2027 (dans 3 jours)'],
    ['eve', 'mot de passe à renouveler avant le vendredi 12 mars 2027 (demain)'],
    ['today', "mot de passe à renouveler aujourd'hui, vendredi 12 mars 2027"],
    ['overdue', 'échéance dépassée de 3 jours (vendredi 12 mars 2027), mot de passe à renouveler'],
    ['stopped', 'mot de passe expiré, à renouveler, échéance dépassée de 3 jours (vendredi 12 mars 2027)'],
    ['deputies', 'mot de passe à renouveler avant le vendredi 12 mars 2027 (dans 7 jours)'],
    [
      'monthly',
      'nouveau mot de passe toujours attendu, échéance dépassée de 44 jours (vendredi 12 mars 2027)',
    ],
  ])('%s, in French', (name, what) => {
    const letter = word(name);
    expect(plain(letter.subject)).toBe(`Chorus Pro : ${what} – Commune de Bavilliers`);
    expect(plain(letter.firstLine)).toMatch(/^Commune de Bavilliers : (le )?(mot de passe|échéance)/);
    expect(letter.firstLine + body(letter)).toContain('TECH_1_25900096600020@cpro.fr');
    if (name !== 'monthly') expect(letter.firstLine).toContain('vendredi 12 mars 2027');
  });

  it('says of an expired one that its date was, not that it is due since', () => {
    expect(plain(word('stopped-computed').firstLine)).toBe(
      "Commune de Bavilliers : le mot de passe Chorus Pro a expiré ; l'échéance était le vendredi 12 mars 2027, il y a 60 jours.",
    );
  });

  it.each([
    ['far', 'password to renew before Friday 12 March 2027 (in 60 days)'],
    ['eve', 'password to renew before Friday 12 March 2027 (tomorrow)'],
    ['today', 'password to renew today, Friday 12 March 2027'],
    ['overdue', 'password due for renewal, 3 days past its date (Friday 12 March 2027)'],
    ['stopped', 'password expired, due for renewal, 3 days past its date (Friday 12 March 2027)'],
  ])('%s, in English', (name, what) => {
    const letter = word(name, { language: 'en' });
    expect(letter.subject).toBe(`Chorus Pro: ${what} – Commune de Bavilliers`);
    expect(letter.firstLine).toContain('Friday 12 March 2027');
    expect(body(letter)).toContain('TECH_1_25900096600020@cpro.fr');
  });

  it('writes the first of a month as French does', () => {
    const letter = word('far', { lines: [line({ expiry: known('2027-03-01') })] });
    expect(letter.subject).toContain('avant le lundi 1er mars 2027');
  });

  it('asks for an unknown date, by a working day', () => {
    expect(plain(word('question').subject)).toMatch(
      /^Chorus Pro : date d'expiration à relever, si possible avant le vendredi 5 mars 2027 – Syndicat/,
    );
    expect(plain(word('questions').subject)).toContain("2 dates d'expiration");
    expect(plain(word('questions').firstLine)).toContain("la date d'expiration de 2 mots de passe");
    expect(word('question', { language: 'en' }).firstLine).toContain(
      'if possible before Friday 5 March 2027',
    );
    // Two weeks later is Easter Monday; the Friday before is a holiday where Alsace-Moselle's hold.
    const easter = word('question', { today: Temporal.PlainDate.from('2027-03-15') });
    expect(easter.subject).toContain('avant le jeudi 25 mars 2027');
  });

  it('counts several, and names the nearest day', () => {
    expect(plain(word('several').subject)).toBe(
      'Chorus Pro : 2 mots de passe à renouveler avant le vendredi 12 mars 2027 (dans 15 jours) – Commune de Bavilliers et CCAS de Bavilliers',
    );
    const mixed = word('mixed');
    expect(mixed.subject).toContain(
      '3 mots de passe à renouveler, première échéance dépassée de 1 jour (vendredi 12 mars 2027)',
    );
    expect(body(mixed)).toContain('Merci aussi de nous dire ces dates');
  });

  it('tells the test platform from the real one', () => {
    expect(plain(word('test-platform').subject)).toMatch(/^Chorus Pro \(plateforme de test\) : /);
    expect(body(word('test-platform-stopped'))).toContain("vos factures n'en souffrent pas");
    expect(body(word('test-platform'))).not.toContain('paiement');
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
    overdue: "(le « connecteur ») est peut-être déjà à l'arrêt",
    stopped: "(le « connecteur ») est à l'arrêt",
    'stopped-computed': "(le « connecteur ») est à l'arrêt",
    worked: "À l'expiration, ",
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
    [-59, 'Selon toute vraisemblance'],
  ])('%i days before the date, whatever step the letter was written for', (left, mark) => {
    expect(body(wordReminder(reminder(left, [line()]), SENDER))).toContain(mark);
  });
});

describe('what every letter to a manager carries', () => {
  // A copy carries three sentences, a monthly letter sixty words.
  const whole = Object.keys(REMINDERS).filter((name) => !/^(copy|monthly)/.test(name));
  const every = LANGUAGES.flatMap((language) => whole.map((name) => [name, language] as const));

  it.each(every)('%s, %s', (name, language) => {
    const facts = REMINDERS[name];
    const letter = word(name, { language });
    const text = `${plain(letter.firstLine)}\n${body(letter)}`;
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
    expect(text).toContain(language === 'fr' ? 'Un vrai courriel de notre part' : 'A genuine e-mail of ours');
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
            'elles y restent sans vous parvenir',
            'leur paiement prend du retard',
          ]
        : [
            'Warn the IT service before',
            'red frame',
            'only valid after that click',
            'nobody else',
            'they stay there without reaching you',
            'are paid late',
          ];
    for (const each of words) expect(text).toContain(each);
  });

  it('says how the date is known', () => {
    expect(body(word('close'))).toContain('date lue sur le portail');
    expect(body(word('close'))).not.toContain('au plus tard le');
    expect(body(word('near'))).toContain('date calculée, au plus tard le lundi 10 mai 2027');
    expect(body(word('stopped-computed'))).toContain('la plus tardive possible est passée aussi');
  });

  it('does not mention a telephone number that is not known', () => {
    const sender = { ...SENDER, itService: { ...SENDER.itService, phone: null, postalAddress: null } };
    for (const name of Object.keys(REMINDERS)) {
      for (const language of LANGUAGES) {
        const text = body(word(name, { language }, sender));
        expect(text).not.toMatch(/\bnull\b|éléphone|elephone/);
        expect(text).toContain('service.informatique@siagep.example');
      }
    }
  });

  it('tells deputies that they cannot do it, asks them to chase, and shows them no way', () => {
    const text = body(word('deputies'));
    expect(text).toContain('merci de lui demander de nous joindre au 03 84 57 65 40');
    expect(text).toContain('en tant que gestionnaire secondaire');
    expect(text).not.toContain('Anne Martin');
    expect(steps(word('deputies'))).toEqual([]);
    const linked = word('deputies', { lines: [line({ link: 'https://releve.siagep.example/r/x' })] });
    expect(JSON.stringify(linked)).not.toMatch(PERSONAL);
    expect(body(word('near'))).toContain(
      "revient à Anne Martin, en qualité de gestionnaire principal, et à personne d'autre",
    );
  });

  it.each(LANGUAGES)('says how often we wrote before, where it is known (%s)', (language) => {
    const said = language === 'fr' ? 'Nous vous avons déjà écrit' : 'We have already written to you';
    expect(body(word('written', { language }))).toContain(
      `${said} 3 ${language === 'fr' ? 'fois' : 'times'}.`,
    );
    expect(body(word('near', { language }))).not.toContain(said);
    const [one] = word('written', { language, lines: [line({ written: 1 })] }).blocks.slice(1);
    expect(JSON.stringify(one)).toContain(`${said} ${language === 'fr' ? 'une fois' : 'once'}.`);
    // Of several accounts, only what holds for all of them.
    const lines = [line({ written: 2 }), line({ home: CCAS, login: 'TECH_3_26900012300017@cpro.fr' })];
    expect(body(word('near', { language, lines }))).not.toContain(said);
  });
});

/** What is known to have worked past its date. */
describe('a date that the probe belies', () => {
  const lie = /a expiré|n'est plus valable|à l'arrêt|has expired|no longer valid|is stopped|be stopped/;

  it('is asked for again, and nothing is said to have expired or stopped', () => {
    for (const language of LANGUAGES) {
      for (const name of ['worked', 'worked-portal', 'monthly-worked']) {
        const letter = word(name, { language });
        expect(`${letter.subject} ${plain(letter.firstLine)} ${body(letter)}`).not.toMatch(lie);
      }
    }
    const one = REMINDERS['monthly-worked']?.lines ?? [];
    const two = [...one, ...one.map((each) => ({ ...each, login: 'TECH_2_1@cpro.fr' }))];
    expect(plain(word('monthly-worked', { lines: two }).firstLine)).toContain(
      '2 mots de passe Chorus Pro fonctionnaient encore',
    );
    const letter = word('worked');
    const letterLines = REMINDERS.worked?.lines ?? [];
    expect(plain(letter.subject)).toBe(
      "Chorus Pro : date d'expiration à relire, échéance dépassée de 3 jours (vendredi 12 mars 2027) – Commune de Bavilliers",
    );
    expect(plain(letter.firstLine)).toContain('le mot de passe Chorus Pro fonctionnait encore cette nuit');
    expect(body(letter)).toContain(
      'est calculée et sans doute trop proche. Lisez celle du portail et donnez-la sur la page de votre lien personnel, qui montre où la trouver, ou au 03 84 57 65 40, sans rien changer.',
    );
    // The page shows how to read it; without one, the letter does.
    expect(steps(letter)).toEqual([]);
    const bare = word('worked', { lines: letterLines.map((one) => ({ ...one, link: null })) });
    expect(body(bare)).toContain('trop proche. Dites-nous au 03 84 57 65 40 celle');
    expect(steps(bare)).toHaveLength(1);
    expect(steps(bare)[0]?.join()).toContain('Ne changez rien');
    expect(body(word('worked-portal'))).toContain('La date que nous avions est sans doute trop proche');
  });

  it.each([
    ['2027-03-15T03:12', 'cette nuit', 'last night'],
    ['2027-03-15T10:26', "aujourd'hui à 10 h 26", 'today at 10:26'],
    ['2027-03-14T03:02', 'le 14 mars à 3 h 02', 'on 14 March at 3:02'],
  ])('says when it worked: %s', (at, french, english) => {
    const lines = [line({ workedAt: Temporal.PlainDateTime.from(at) })];
    expect(plain(word('worked', { lines }).firstLine)).toContain(`fonctionnait encore ${french} ;`);
    expect(word('worked', { lines, language: 'en' }).firstLine).toContain(`still worked ${english};`);
  });

  it('does not hide what is due beside it', () => {
    const letter = word('worked-among');
    expect(plain(letter.subject)).toContain('mot de passe à renouveler – CCAS de Bavilliers');
    expect(body(letter)).toContain('SIRET 259 000 966 00020 – fonctionnait encore cette nuit');
  });

  it('is not belied before it has come', () => {
    const letter = wordReminder(
      reminder(0, [line({ workedAt: Temporal.PlainDateTime.from('2027-03-12T03:00') })]),
      SENDER,
    );
    expect(plain(letter.subject)).toContain("mot de passe à renouveler aujourd'hui");
  });
});

describe('after the end of the ladder', () => {
  it.each(LANGUAGES)(
    'says in a few words what is missing, how to end it, and how often we wrote (%s)',
    (language) => {
      const text = body(word('monthly', { language }));
      expect(text).toMatch(/déjà écrit 9 fois|written to you 9 times/);
      expect(text).toContain('03 84 57 65 40');
      expect(linksOf(word('monthly', { language }))).toHaveLength(1);
      expect(steps(word('monthly', { language }))).toEqual([]);
      expect(body(word('monthly-no-link', { language }))).toMatch(
        /nous le ferons avec vous|we will do it with you/,
      );
      const worked = word('monthly-worked', { language });
      expect(linksOf(worked)).toHaveLength(1);
      expect(body(worked)).toMatch(/portail, ici ou au 03|by your personal link, or on 03/);
    },
  );

  it('is a whole letter where another account of it is on the ladder', () => {
    const lines = [line({ monthly: true }), line({ home: CCAS, login: 'TECH_3_26900012300017@cpro.fr' })];
    expect(steps(word('monthly', { lines })).length).toBeGreaterThan(0);
  });
});

describe('a copy', () => {
  it.each(LANGUAGES)(
    'is three sentences: what, who was told, and that nothing else is asked (%s)',
    (language) => {
      for (const name of ['copy', 'copy-no-link']) {
        const letter = word(name, { language });
        const [said, ...others] = letter.blocks.filter(({ kind }) => kind !== 'links');
        expect(pagesOf(letter)).toHaveLength(2);
        const signed = others.at(-1);
        // Beside the sentences: each account with its facts, and who signs.
        expect(others).toHaveLength((REMINDERS[name]?.lines.length ?? 0) + 1);
        expect(others.every(({ kind }) => kind === 'paragraph')).toBe(true);
        expect(said?.kind === 'paragraph' ? plain(said.text).match(/[.?!](?= |$)/g) : []).toHaveLength(2);
        expect(plain(letter.firstLine).match(/[.?!](?= |$)/g)).toHaveLength(1);
        expect(signed?.kind === 'paragraph' && signed.text).toContain('Service informatique du SIAGEP');
        expect(letter.subject).toMatch(/^(Copie|Copy) – Chorus Pro/);
      }
    },
  );

  it('says of a personal link only where there is one, and never carries one, a way or a date for a calendar', () => {
    expect(body(word('copy'))).toContain(
      "Nous avons adressé à Anne Martin, en qualité de gestionnaire principal, un lien personnel ; merci de vous assurer qu'il a été vu.",
    );
    expect(body(word('copy-no-link'))).not.toContain('lien');
    const all = Object.values(REMINDERS).flatMap((facts) =>
      LANGUAGES.map((language) => wordReminder({ ...facts, language, copy: { linked: true } }, SENDER)),
    );
    for (const letter of all) {
      expect(JSON.stringify(letter)).not.toMatch(PERSONAL);
      expect(steps(letter)).toEqual([]);
      expect(letter.calendar).toEqual([]);
    }
  });
});

describe('the way through the portal', () => {
  it('is given once for each environment, with the way in once, after the letter proper', () => {
    const mixed = word('mixed');
    expect(steps(mixed)).toHaveLength(4);
    const { blocks } = mixed;
    const end = blocks.findIndex(({ kind }) => kind === 'line');
    expect(blocks.slice(end).filter(({ kind }) => kind === 'steps')).toHaveLength(3);
    expect(body(mixed).match(/portail\.dgfip\.finances\.gouv\.fr/g)).toHaveLength(1);
    expect(body(mixed)).toContain('https://qualif.chorus-pro.gouv.fr/aife_qual');
    expect(body(mixed)).toContain('Entrez dans Chorus Pro comme indiqué plus haut');
  });

  it('names the account, or points to the names above when there are several', () => {
    expect(steps(word('far'))[1]?.join()).toContain(
      'la structure (Commune de Bavilliers), puis le compte technique (TECH_1',
    );
    expect(steps(word('several'))[1]?.join()).toContain(
      'la structure (indiquée plus haut), puis le compte technique (indiqué plus haut)',
    );
    expect(steps(word('several'))[0]?.at(-1)).toContain('Faites de même pour chaque compte');
  });

  it('only reads, when only a date is asked for', () => {
    const [items = []] = steps(word('question'));
    expect(items.join()).not.toContain('Soumettre');
    expect(items.join()).toContain('Ne changez rien');
    expect(body(word('question'))).toContain("Aucun mot de passe n'est à changer ni à envoyer");
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
