// Personal links in letters to managers: only where a password is to be handed in, and never like the fraud they are warned of.
import { describe, expect, it } from 'vitest';
import { wordReminder } from '../../../src/content/letters/reminder/reminder.ts';
import { wordRotationLetter } from '../../../src/content/letters/rotation/rotation-letter.ts';
import type { SenderProfile } from '../../../src/domain/notification/letter.ts';
import type { ReminderFacts } from '../../../src/domain/notification/letter-facts.ts';
import { body, linksOf, plain, stepsOf } from './reading.ts';
import { LANGUAGES, line, linkTo, reminder, SENDER, UNKNOWN } from './sample-facts.ts';
import { HANDOVERS, REMINDERS } from './sample-managers.ts';

function word(name: string, changes: Partial<ReminderFacts> = {}, sender: SenderProfile = SENDER) {
  const facts = REMINDERS[name];
  if (facts === undefined) throw new Error(`no sample ${name}`);
  return wordReminder({ ...facts, ...changes }, sender);
}

describe('a reminder shows links', () => {
  const every = LANGUAGES.flatMap((language) =>
    Object.keys(REMINDERS).map((name) => [name, language] as const),
  );

  it.each(every)('of its dated accounts and no others (%s, %s)', (name, language) => {
    const letter = word(name, { language });
    const dated = REMINDERS[name]?.lines.filter(({ expiry }) => expiry.source !== 'unknown') ?? [];
    // At the end of the ladder a date that is only asked for needs no link.
    const open = name === 'monthly-worked' ? [] : dated;
    const links = open.flatMap(({ link }) => (link === null ? [] : [link]));
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
    ]);
  });

  it('not for a question about a date, even when one was made', () => {
    const lines = [line({ expiry: UNKNOWN, step: null, link: linkTo('aB3') })];
    const letter = wordReminder(reminder(20, lines), SENDER);
    expect(JSON.stringify(letter)).not.toContain('releve.siagep.example');
    expect(body(letter)).toContain('ne donne aucun lien à suivre');
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
    expect(text).toContain('Appelez-nous au numéro que vous avez déjà (03 84 57 65 40)');
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
        'ne demande jamais votre mot de passe personnel, du PIGP ou de Chorus Pro',
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
        'never asks for your own password, for the PIGP or Chorus Pro',
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
    expect(JSON.stringify(done)).not.toContain('https://');
  });
});
