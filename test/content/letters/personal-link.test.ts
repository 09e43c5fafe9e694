// Links in letters to managers: a personal one where something is to be given on the page, and those to the pages about the page; never
// like the fraud that managers are warned of.
import { describe, expect, it } from 'vitest';
import { wordReminder } from '../../../src/content/letters/reminder/reminder.ts';
import { wordLinkLetter } from '../../../src/content/letters/rotation/link-letter.ts';
import { wordRotationLetter } from '../../../src/content/letters/rotation/rotation-letter.ts';
import type { SenderProfile } from '../../../src/domain/notification/letter.ts';
import type { ReminderFacts, RotationFacts } from '../../../src/domain/notification/letter-facts.ts';
import { body, linksOf, PERSONAL, pagesOf, plain, stepsOf } from './reading.ts';
import { LANGUAGES, line, linkTo, reminder, SENDER, UNKNOWN } from './sample-facts.ts';
import { HANDOVERS, LINKS, REMINDERS } from './sample-managers.ts';

function word(name: string, changes: Partial<ReminderFacts> = {}, sender: SenderProfile = SENDER) {
  const facts = REMINDERS[name];
  if (facts === undefined) throw new Error(`no sample ${name}`);
  return wordReminder({ ...facts, ...changes }, sender);
}

describe('a reminder shows links', () => {
  const every = LANGUAGES.flatMap((language) =>
    Object.keys(REMINDERS).map((name) => [name, language] as const),
  );

  it.each(every)('of its accounts and no others (%s, %s)', (name, language) => {
    const letter = word(name, { language });
    const links = (REMINDERS[name]?.lines ?? []).flatMap(({ link }) => (link === null ? [] : [link]));
    expect(new Set(linksOf(letter).map(({ url }) => url))).toEqual(new Set(links));
    // Nowhere else: not in a sentence, a subject, or an entry of a calendar that others may see.
    const rest = JSON.stringify({ ...letter, blocks: letter.blocks.filter(({ kind }) => kind !== 'link') });
    for (const link of links) expect(rest).not.toContain(link);
  });

  it('each under the structure, the login and the platform it is for', () => {
    const labels = linksOf(word('linked-mixed')).map(({ label, url }) => [plain(label), url]);
    expect(labels).toEqual([
      ['Commune de Bavilliers, compte technique TECH_1_25900096600020@cpro.fr', linkTo('aB3')],
      [
        'Commune de Bavilliers, compte technique TECH_9_25900096600020@cpro.fr – Chorus Pro, plateforme de test (qualification)',
        linkTo('x-Y_9'),
      ],
      [
        "Syndicat intercommunal d'eau et d'assainissement de la Haute Savoureuse, compte technique TECH_2_25900123400015@cpro.fr",
        linkTo('asked'),
      ],
    ]);
  });

  it('for a question about a date, and says once that the date can be given on the page', () => {
    for (const [language, page, told] of [
      [
        'fr',
        /page de votre lien personnel/g,
        "ou de nous la dire au 03 84 57 65 40. Aucun mot de passe n'est à",
      ],
      ['en', /page of your personal link/g, 'or tell us on 03 84 57 65 40. There is no password to change'],
    ] as const) {
      const lines = [line({ expiry: UNKNOWN, step: null, link: linkTo('aB3') })];
      const asked = wordReminder(reminder(20, lines, { language }), SENDER);
      expect(linksOf(asked)).toHaveLength(1);
      expect(body(asked).match(page)).toHaveLength(1);
      expect(body(asked)).toContain(told);
      // The page shows the steps: the letter does not.
      expect(stepsOf(asked)).toEqual([]);
      expect(asked.blocks.some(({ kind }) => kind === 'line')).toBe(false);
      const bare = wordReminder(
        reminder(
          20,
          lines.map((one) => ({ ...one, link: null })),
          { language },
        ),
        SENDER,
      );
      expect(body(bare)).not.toMatch(/lien personnel|personal link|sur la page|on the page/);
      expect(linksOf(bare)).toEqual([]);
    }
    expect(body(word('linked-mixed'))).toContain(
      'Merci aussi de lire ces dates sur le portail et de les donner par leur lien',
    );
    expect(body(word('mixed'))).toContain('Merci aussi de nous dire ces dates');
  });
});

describe('a reminder with a link', () => {
  it('announces by the page, ends with it, and keeps the telephone as the other way', () => {
    const letter = word('linked');
    const [steps = []] = stepsOf(letter);
    expect(steps).toHaveLength(3);
    expect(steps[0]).toMatch(/^Ouvrez votre lien personnel, ci-dessous, et gardez la page ouverte/);
    expect(steps.at(-1)).toMatch(/^Collez aussitôt le nouveau dans la page, jamais dans un courriel/);
    const text = body(letter);
    expect(text).toContain(
      'Appelez-nous au numéro que vous avez déjà (03 84 57 65 40), ou dites-le sur la page : absence, changement de gestionnaire, déjà fait.',
    );
    expect(text).not.toContain('Prévenez le service informatique avant');
    expect(text).not.toContain('dans un nouveau message');
    expect(text).not.toContain('aucun lien à suivre');
    // The page shows the way: the letter does not repeat it.
    expect(stepsOf(letter)).toHaveLength(1);
    expect(letter.blocks.some(({ kind }) => kind === 'line')).toBe(false);
  });

  it.each([
    [
      'fr',
      [
        'donne un lien qui commence exactement par https://releve.siagep.example/ ;',
        'Appelez-nous au numéro que vous avez déjà',
        'ne demande jamais votre mot de passe personnel (PIGP, Chorus Pro)',
        'nomme votre structure, son SIRET et le compte',
        'Votre lien personnel',
        'par votre favori habituel',
      ],
    ],
    [
      'en',
      [
        'gives a link that begins with exactly https://releve.siagep.example/',
        'Call us on the number you already have',
        'never asks for your own password (PIGP, Chorus Pro)',
        'names your structure, its SIRET and the account',
        'Your personal link',
        'by your usual bookmark',
      ],
    ],
  ] as const)('says what it is for and how to check it (%s)', (language, said) => {
    const text = body(word('linked', { language }));
    for (const each of said) expect(text).toContain(each);
  });

  it('gives each account its own, when there are several', () => {
    const letter = word('linked-several');
    expect(stepsOf(letter)[0]?.at(-1)).toContain('avec son propre lien');
    expect(linksOf(letter).map(({ label }) => plain(label))).toEqual([
      'Commune de Bavilliers, compte technique TECH_1_25900096600020@cpro.fr',
      'CCAS de Bavilliers, compte technique TECH_3_26900012300017@cpro.fr',
    ]);
  });

  it('names the accounts that have none, and how their password is handed over', () => {
    const [steps = []] = stepsOf(word('linked-mixed'));
    expect(steps.at(-1)).toContain("Ce compte n'a pas de lien : TECH_3_26900012300017@cpro.fr.");
    expect(steps.at(-1)).toContain('par téléphone au 03 84 57 65 40, ou dans un nouveau message');
    expect(steps.join()).not.toContain('avec son propre lien');
    // Its way through the portal follows, and that of no account whose page shows it.
    const [, way = [], , ...others] = stepsOf(word('linked-mixed'));
    expect(way.join()).toContain('TECH_3_26900012300017@cpro.fr');
    expect(others).toEqual([]);
  });

  it('names no sign to check that the link does not bear', () => {
    for (const door of [null, 'https://other.example', 'https://releve.siagep']) {
      const text = body(word('linked', {}, { ...SENDER, door }));
      expect(text).not.toContain('commence exactement');
      expect(text).toContain(linkTo('aB3'));
    }
    expect(body(word('linked'))).toContain('exactement par https://releve.siagep.example/ ;');
  });

  it('names no telephone that is not known', () => {
    const sender = { ...SENDER, itService: { ...SENDER.itService, phone: null } };
    for (const language of LANGUAGES) {
      for (const name of ['linked', 'linked-mixed']) {
        const text = body(word(name, { language }, sender));
        expect(text).not.toMatch(/\bnull\b|téléphone|telephone|\bau 0|un appel au/);
        expect(text).toContain('service.informatique@siagep.example');
      }
    }
  });

  it('speaks of the link in the calendar without showing it', () => {
    const [entry] = word('linked-mixed').calendar;
    expect(entry?.description).toContain('Votre lien personnel');
    expect(entry?.description).not.toContain('https://');
  });
});

describe('a letter of a handover shows its link', () => {
  it.each(Object.keys(HANDOVERS))('where something is left to do (%s)', (name) => {
    const facts = HANDOVERS[name];
    if (facts === undefined) throw new Error(`no sample ${name}`);
    const urls = linksOf(wordRotationLetter(facts, SENDER)).map(({ url }) => url);
    expect(urls).toEqual(facts.link === null ? [] : [facts.link]);
    const done = wordRotationLetter({ ...facts, kind: 'confirmation', link: linkTo('aB3') }, SENDER);
    expect(JSON.stringify(done)).not.toMatch(PERSONAL);
  });

  it('says when to call, and then that the page takes an answer; the page is named nowhere without a link', () => {
    const refusal = HANDOVERS.refusal as RotationFacts;
    const answered = (facts: RotationFacts, sender = SENDER) => body(wordRotationLetter(facts, sender));
    expect(answered(refusal)).toContain("surtout si vous n'avez rien remis, ou dites-le sur la page.");
    expect(answered({ ...refusal, language: 'en' })).toContain(
      'above all if you handed nothing in, or say so on the page.',
    );
    const silent = { ...SENDER, itService: { ...SENDER.itService, phone: null } };
    expect(answered(refusal, silent)).toMatch(
      /ou écrivez à l'adresse \S+, surtout .+, ou dites-le sur la page/,
    );
    expect(answered(HANDOVERS.stopped as RotationFacts)).toContain(
      '(03 84 57 65 40), ou dites-le sur la page.',
    );
    for (const facts of [{ ...refusal, link: null }, HANDOVERS.confirmation as RotationFacts])
      expect(answered(facts)).not.toContain('dites-le');
  });
});

describe('the pages about the page', () => {
  const letters = LANGUAGES.flatMap((language) => [
    ...Object.values(REMINDERS).map(
      (facts) => (sender: SenderProfile) => wordReminder({ ...facts, language }, sender),
    ),
    ...Object.values(LINKS).map(
      (facts) => (sender: SenderProfile) => wordLinkLetter({ ...facts, language }, sender),
    ),
    ...Object.values(HANDOVERS).map(
      (facts) => (sender: SenderProfile) => wordRotationLetter({ ...facts, language }, sender),
    ),
  ]);

  it('are one line after the signature of every letter to a manager, at the address that it names to check', () => {
    for (const letter of letters.map((make) => make(SENDER))) {
      const { language } = letter;
      const at = letter.blocks.findIndex(({ kind }) => kind === 'links');
      expect(pagesOf(letter)).toEqual([
        [language === 'fr' ? 'Vos données' : 'Your data', `${SENDER.door}/donnees?langue=${language}`],
        [
          language === 'fr' ? 'Accessibilité' : 'Accessibility',
          `${SENDER.door}/accessibilite?langue=${language}`,
        ],
      ]);
      expect(JSON.stringify(letter.blocks[at - 1])).toContain(SENDER.itService.email);
      // Nothing but the way through the portal follows.
      expect(['line', undefined]).toContain(letter.blocks[at + 1]?.kind);
      expect(body(letter)).not.toMatch(/aucun lien à suivre|no link to follow/);
    }
  });

  it('are named nowhere without the page, and then a letter says that it gives no link', () => {
    for (const letter of letters.map((make) => make({ ...SENDER, door: null })))
      expect(pagesOf(letter)).toEqual([]);
    const bare = word('near', {}, { ...SENDER, door: null });
    expect(body(bare)).toContain('ne donne aucun lien à suivre');
  });
});
