// What the managers' page says at every stage of a handover, of every ended link and for every finding, in both languages.
import { afterEach, describe, expect, it } from 'vitest';
import { wordsIn } from '../../../../src/content/page/words.ts';
import type { Language } from '../../../../src/domain/account/technical-user.ts';
import type { LinkEnd, RotationProgress } from '../../../../src/domain/ports/manager-api.ts';
import { filledFinding } from '../../../../src/domain/submission/finding-sentences.ts';
import type { FindingCode, SubmissionFinding } from '../../../../src/domain/submission/submission.ts';
import type { Cause } from '../../../../src/domain/verification/verdict.ts';
import { procedureOf, READY } from '../../../fakes/manager-actions.ts';
import { NOW, openTestServer, PAGE, type TestServer, textOf } from '../test-server.ts';

let server: TestServer;
afterEach(() => server?.app.close());

const proving: RotationProgress = { ...READY, phase: 'proving', receivedAt: NOW - 30_000 };
const later = { nextTryAt: NOW + 15 * 60_000 - 30_000, waits: 'planned' } as const;
const DONE: RotationProgress = {
  ...READY,
  phase: 'proven',
  proven: true,
  published: true,
  receivedAt: NOW,
};
const down = (cause: Cause): RotationProgress => ({ ...proving, ...later, cause });

/** Each stage: what stands in hand, and what the page must say and offer. */
const STAGES: readonly [string, RotationProgress, { fr: string; en: string }, string[]][] = [
  [
    'ready',
    READY,
    {
      fr: 'Commune de Bavilliers – Étape 1 sur 3 Renouveler le mot de passe du compte technique Trois étapes, une dizaine de minutes',
      en: 'Commune de Bavilliers – Step 1 of 3 Renew the password of the technical account Three steps, about ten minutes',
    },
    ['annonce'],
  ],
  [
    'announced',
    { ...READY, phase: 'announced' },
    {
      fr: 'Étape 2 sur 3 Réinitialiser sur le portail C’est noté : le connecteur attend',
      en: 'Step 2 of 3 Reset on the portal Noted: the connector waits',
    },
    ['steps'],
  ],
  [
    'unclear',
    {
      ...READY,
      phase: 'unclear',
      canClean: true,
      receivedAt: NOW,
      findings: [{ field: 'password', code: 'line-breaks' }],
    },
    { fr: 'Il y a un retour à la ligne', en: 'There is a line break' },
    ['choix'],
  ],
  [
    'proving',
    proving,
    {
      fr: 'vérification en cours auprès de Chorus Pro Le mot de passe est gardé sous scellés. Vous pouvez fermer cette page : un courriel vous dira la suite. Reçu à 10 h 31.',
      en: 'Chorus Pro is being asked',
    },
    ['refresh'],
  ],
  [
    'proving, waits',
    { ...proving, ...later, waits: 'budget' },
    {
      fr: 'Mot de passe reçu ; il sera vérifié à 10 h 47 Des essais récents ont échoué : pour ne pas bloquer le compte, Chorus Pro n’est pas interrogé avant. Le mot de passe',
      en: 'Password received; it will be checked at 10:47 Recent tries have failed',
    },
    [],
  ],
  [
    'proving, waits for a check that leaves with the next round, a second after the minute',
    { ...proving, nextTryAt: NOW + 15 * 60_000 - 1_000, waits: 'turn' },
    {
      fr: 'Mot de passe reçu ; il sera vérifié à 10 h 48 D’autres vérifications passent d’abord.',
      en: 'it will be checked at 10:48 Other checks come first.',
    },
    [],
  ],
  [
    'proving, behind another password of the account',
    { ...proving, receivedAt: NOW - 3_600_000, waits: 'turn' },
    {
      fr: 'Mot de passe reçu ; il sera vérifié plus tard D’autres vérifications passent d’abord.',
      en: 'it will be checked later Other checks come first.',
    },
    [],
  ],
  [
    'proving, in an announced closure',
    { ...proving, receivedAt: NOW - 3_600_000, waits: 'maintenance' },
    {
      fr: 'il sera vérifié plus tard Une fermeture de Chorus Pro est annoncée',
      en: 'it will be checked later A closure of Chorus Pro is announced',
    },
    [],
  ],
  [
    'proving, while no account gets an answer',
    { ...proving, receivedAt: NOW - 3_600_000, waits: 'platform' },
    {
      fr: 'Mot de passe reçu ; Chorus Pro ne répond pas pour le moment',
      en: 'Chorus Pro does not answer',
    },
    [],
  ],
  [
    'proving, soon',
    { ...proving, nextTryAt: NOW + 57_000, waits: 'planned' },
    {
      fr: 'Mot de passe reçu ; il sera vérifié dans moins d’une minute Le mot de passe est gardé sous scellés, et vous n’avez rien à faire.',
      en: 'it will be checked in less than a minute The password',
    },
    ['refresh'],
  ],
  [
    'proving, with an odd date',
    { ...proving, oddDate: 'expiry-past' },
    {
      fr: 'La date donnée avec lui n’a pas été retenue : elle vous sera redemandée ici, une fois le mot de passe vérifié.',
      en: 'The date given with it was not taken',
    },
    ['refresh'],
  ],
  [
    'refused once',
    { ...proving, ...later, refusals: 1, cause: 'password-refused' },
    {
      fr: 'Si vous n’avez pas encore cliqué sur « Soumettre », faites-le maintenant.',
      en: 'Chorus Pro does not accept this password yet',
    },
    ['soumis'],
  ],
  [
    'refused, with no failure left',
    { ...proving, ...later, refusals: 1, cause: 'password-refused', waits: 'budget' },
    {
      fr: 'Prochaine vérification à 10 h 47. Des essais récents ont échoué : pour ne pas bloquer le compte, Chorus Pro n’est pas interrogé avant.',
      en: 'Next check at 10:47. Recent tries have failed: so that the account is not locked, Chorus Pro is not asked before then.',
    },
    ['soumis', 'form'],
  ],
  [
    'refused, while no account gets an answer',
    { ...proving, refusals: 1, cause: 'password-refused', waits: 'platform' },
    {
      fr: 'Reçu à 10 h 31. Chorus Pro ne répond à personne pour le moment : l’heure de la vérification en dépend.',
      en: 'Chorus Pro answers nobody at present: the time of the check depends on it.',
    },
    ['soumis', 'form'],
  ],
  [
    'refused with the former one',
    {
      ...proving,
      ...later,
      refusals: 1,
      cause: 'password-refused',
      currentStillWorks: false,
      bothRefused: true,
    },
    {
      fr: 'et l’ancien aussi Il se peut que le compte soit bloqué pour une heure',
      en: 'and the old one too The account may be locked for an hour',
    },
    ['soumis'],
  ],
  [
    'refused with the former one, held before',
    {
      ...proving,
      ...later,
      refusals: 1,
      currentStillWorks: false,
      bothRefused: true,
      heldBefore: true,
      retryRequestedAt: NOW,
    },
    {
      fr: 'et l’ancien aussi Il se peut que la réinitialisation soit faite',
      en: 'You said that you had submitted, and asked for a check, at 10:32.',
    },
    ['soumis'],
  ],
  [
    'never submitted',
    { ...proving, ...later, refusals: 2, currentStillWorks: true },
    { fr: 'il reste à cliquer sur « Soumettre »', en: '“Soumettre” remains to be pressed' },
    ['soumis'],
  ],
  [
    'Chorus Pro down',
    down('chorus-pro-down'),
    {
      fr: 'Ce n’est pas de votre fait. Votre mot de passe est gardé sous scellés',
      en: 'Chorus Pro does not answer',
    },
    [],
  ],
  [
    'PISTE down',
    down('piste-down'),
    { fr: 'Chorus Pro ne répond pas pour le moment', en: 'This is not your doing' },
    [],
  ],
  ['network', down('network'), { fr: 'vous n’avez rien à faire', en: 'you have nothing to do' }, []],
  [
    'our clock',
    down('our-clock'),
    { fr: 'une difficulté de notre côté', en: 'a difficulty on our side' },
    [],
  ],
  [
    'our token',
    down('token-refused'),
    {
      fr: 'Le service informatique en sera averti si cela dure',
      en: 'The IT service will be told if it lasts',
    },
    [],
  ],
  [
    'no right',
    down('not-entitled'),
    { fr: 'il manque un droit au compte', en: 'the account lacks a right' },
    [],
  ],
  [
    'done',
    DONE,
    {
      fr: 'C’est fait : le nouveau mot de passe est vérifié, le connecteur l’utilise Vous n’avez plus rien à faire. Merci de votre aide ; un courriel vous le confirme. Reçu à 10 h 32. Commune de Bavilliers',
      en: 'Done: the new password is checked, and the connector uses it',
    },
    [],
  ],
  [
    'done, by a command that nobody can read back',
    { ...DONE, readBack: false },
    {
      fr: 'C’est fait : le nouveau mot de passe est vérifié et remis au connecteur Vous n’avez plus rien à faire.',
      en: 'Done: the new password is checked, and handed over to the connector',
    },
    [],
  ],
  [
    'done, with its date',
    { ...DONE, expiry: { on: '2028-03-12', source: 'portal' } },
    {
      fr: 'Il expire le dimanche 12 mars 2028, d’après le portail.',
      en: 'It expires on Sunday 12 March 2028, as the portal shows.',
    },
    [],
  ],
  [
    'done, with an odd date',
    { ...DONE, oddDate: 'expiry-malformed', expiry: { on: '2028-03-11', source: 'computed' } },
    {
      fr: 'Il expire le samedi 11 mars 2028, d’après notre calcul. La date d’expiration, si vous l’avez encore sous les yeux Seule la date donnée avec le mot de passe n’a pas été retenue ; sans elle, la date calculée vaut. Cette date n’est pas comprise',
      en: 'Only the date given with the password was not taken; without it, the computed date holds. This date cannot be read',
    },
    ['date'],
  ],
  [
    'proven',
    { ...READY, phase: 'proven', proven: true, receivedAt: NOW },
    { fr: 'Sa remise au connecteur est en cours', en: 'It is being handed to the connector' },
    [],
  ],
  [
    'taken as received',
    { ...READY, phase: 'proven', published: true, receivedAt: NOW },
    {
      fr: 'Nous n’avons pas pu le vérifier nous-mêmes auprès de Chorus Pro',
      en: 'We could not check it with Chorus Pro ourselves',
    },
    [],
  ],
  [
    'received, no proof',
    { ...READY, phase: 'proven', receivedAt: NOW },
    {
      fr: 'Mot de passe reçu Sa remise au connecteur est en cours.',
      en: 'Password received It is being handed',
    },
    [],
  ],
  [
    'refused',
    { ...READY, phase: 'refused', refusals: 4, currentStillWorks: false, receivedAt: NOW - 86_400_000 },
    { fr: 'Reçu le 11 mars à 10 h 32.', en: 'Received on 11 March at 10:32.' },
    ['annonce'],
  ],
  [
    'refused, former works',
    { ...READY, phase: 'refused', refusals: 4, currentStillWorks: true },
    { fr: 'la réinitialisation est à refaire', en: 'the reset has to be done again' },
    ['annonce'],
  ],
];

describe.each<Language>(['fr', 'en'])('the page (%s)', (language) => {
  it.each(STAGES)('%s', async (_name, progress, sentence, offers) => {
    server = openTestServer();
    server.actions.shows({ language, progress });
    const { statusCode, headers, body } = await server.get();
    const text = textOf(body);
    expect(statusCode).toBe(200);
    expect(body).toContain(`<html lang="${language}">`);
    expect(text).toContain(sentence[language]);
    // Always: whose account, and whom to call.
    for (const fact of [
      'Commune de Bavilliers',
      '259 000 966 00020',
      'TECH_1_25900096600020@cpro.fr',
      '03 84 57 65 40',
    ])
      expect(text).toContain(fact);
    expect(body.includes(`action="${PAGE}/annonce"`)).toBe(offers.includes('annonce'));
    expect(body.includes(`action="${PAGE}/choix"`)).toBe(offers.includes('choix'));
    expect(body.includes(`action="${PAGE}/soumis"`)).toBe(offers.includes('soumis'));
    expect(body.includes(`action="${PAGE}/date"`)).toBe(offers.includes('date'));
    expect(body).not.toContain('<textarea');
    expect(
      text.includes(language === 'fr' ? 'Cliquez ensuite sur « Soumettre »' : 'Then press “Soumettre”'),
    ).toBe(offers.includes('steps'));
    expect(headers.refresh).toBe(offers.includes('refresh') ? '5' : undefined);
    expect(body.match(/<h1/g)).toHaveLength(1);
    if (language === 'fr') expect(body.replace(/<[^>]*>/g, '')).not.toMatch(/ [;!?:»]|« |\p{L}'\p{L}/u);
  });

  it.each<RotationProgress['phase']>(['ready', 'announced', 'unclear', 'proving', 'refused', 'proven'])(
    'shows the field alone where it is asked for, and not after the success: %s',
    async (phase) => {
      server = openTestServer();
      server.actions.shows({ language, progress: { ...READY, phase, proven: phase === 'proven' } });
      const { body } = await server.get(`${PAGE}?vue=formulaire`);
      expect(body.match(/<form/g)?.length ?? 0).toBe(phase === 'proven' ? 0 : 1);
      expect(body.includes('<textarea')).toBe(phase !== 'proven');
      expect(body.match(/<h1/g)).toHaveLength(1);
      expect(body).not.toContain('<ol');
    },
  );

  it.each<[RotationProgress['phase'], boolean]>([
    ['ready', false],
    ['announced', true],
    ['unclear', true],
    ['proving', true],
    ['refused', false],
    ['proven', false],
  ])(
    'shows the steps where they are asked for, but never before an announcement: %s',
    async (phase, shown) => {
      server = openTestServer();
      server.actions.shows({ language, progress: { ...READY, phase } });
      const { body } = await server.get(`${PAGE}?vue=etapes`);
      expect(body.includes('<ol')).toBe(shown);
      if (shown) expect(body).not.toContain('<form');
    },
  );

  it('says first password where the account has none yet, and asks for no date', async () => {
    server = openTestServer();
    const first = { language, isFirst: true, asksDate: true, procedure: procedureOf('first') };
    server.actions.shows(first);
    const start = await server.get();
    server.actions.shows({ ...first, progress: { ...READY, phase: 'announced' } });
    const steps = textOf((await server.get()).body);
    const paste = textOf((await server.get(`${PAGE}?vue=formulaire`)).body);
    const said = language === 'fr' ? 'premier mot de passe' : 'first password';
    const done = { kind: 'done-already', at: NOW, day: null, quietUntil: null, check: 'unasked' } as const;
    server.actions.shows({ ...first, answered: done });
    const answered = textOf((await server.get()).body);
    expect(answered).toContain(
      language === 'fr' ? 'il nous faut encore le mot de passe' : 'still need the password',
    );
    expect(answered).not.toMatch(/ancien|the old/i);
    for (const text of [textOf(start.body), paste]) {
      expect(text.toLowerCase()).toContain(said);
      expect(text).not.toMatch(
        /ancien|réinitialis|renouvel|nouveau mot|the old|reset|renew|new password of/i,
      );
    }
    expect(steps).toMatch(/Création d.un compte technique/);
    expect(steps).not.toMatch(/ancien|réinitialis|the old|reset/i);
    expect(start.body).toContain(`action="${PAGE}/annonce"`);
  });

  it('says at its beginning who asks, and how to check it', async () => {
    server = openTestServer();
    server.actions.shows({ language });
    const text = textOf((await server.get()).body);
    for (const fact of ['1 avenue de la Gare', 'service.informatique@siagep.example', 'CCAS de Bavilliers'])
      expect(text).toContain(fact);
  });

  it.each<[LinkEnd, number, { fr: string; en: string }]>([
    ['unknown', 404, { fr: 'Ce lien n’est pas reconnu', en: 'This link is not recognised' }],
    [
      'spent',
      200,
      { fr: 'Ce lien a déjà servi Le mot de passe remis par ce lien', en: 'This link has done its work' },
    ],
    ['expired', 410, { fr: 'Ce lien n’est plus valable', en: 'no longer valid' }],
    ['retired', 410, { fr: 'n’est plus suivi', en: 'no longer look after' }],
  ])('of a link that is %s', async (why, status, sentence) => {
    server = openTestServer({ language });
    server.actions.shows(why);
    for (const answer of [await server.get(), await server.post(PAGE, { password: 'Abc123(xyz_Q' })]) {
      expect(answer.statusCode).toBe(status);
      expect(textOf(answer.body)).toContain(sentence[language]);
      expect(textOf(answer.body)).toContain('03 84 57 65 40');
    }
    expect(server.actions.changes).toEqual([]);
  });

  it.each(Object.keys(wordsIn(language).findings) as FindingCode[])(
    'finding %s has its sentence',
    async (code) => {
      const field: SubmissionFinding['field'] = code.startsWith('expiry')
        ? 'expiry'
        : code.includes('login') && code !== 'is-login' && code !== 'login-and-password-block'
          ? 'login'
          : 'password';
      server = openTestServer();
      server.actions.shows({ language });
      const account = { login: 'TECH_2_1@cpro.fr', environment: 'production', structure: 'Delle' } as const;
      const finding = { field, code, count: 7, account };
      server.actions.answers({ kind: 'wrong', findings: [finding] });
      const typed = {
        password: 'Abc123(xyz_Q',
        login: 'TECH_9_25900096600020@cpro.fr',
        expiry: '12/03/2028',
      };
      const { statusCode, body } = await server.post(PAGE, typed);
      expect(statusCode).toBe(422);
      const sentence = filledFinding(wordsIn(language).findings[code], finding).replace(
        /[\u00A0\u202F]/g,
        ' ',
      );
      expect(sentence).not.toMatch(/[{?}]/);
      expect(textOf(body).split(sentence)).toHaveLength(3);
      expect(body).toContain(`<a href="#${field}">`);
      const control = new RegExp(`<(?:input|textarea)[^>]*id="${field}"[^>]*>`).exec(body)?.[0] ?? '';
      expect(control).toContain('aria-invalid="true"');
      expect(control).toContain(`aria-describedby="${field}-hint ${field}-fault"`);
      expect(body.match(/aria-invalid/g)).toHaveLength(1);
      // The login and the date come back, the password never.
      expect(body).toContain('value="TECH_9_25900096600020@cpro.fr"');
      expect(body).toContain('value="12/03/2028"');
      expect(body).not.toContain('Abc123');
    },
  );

  it('has another sentence for each finding, cause and refusal', () => {
    const words = wordsIn(language);
    const said = [...Object.values(words.findings), ...Object.values(words.notices.known)];
    expect(new Set(said).size).toBe(said.length);
    expect(Object.keys(words.findings).toSorted()).toEqual(Object.keys(wordsIn('fr').findings).toSorted());
  });
});
