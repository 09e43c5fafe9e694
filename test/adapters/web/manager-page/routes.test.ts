// What the managers' page does with each form, and that looking at it changes nothing.
import { afterEach, describe, expect, it, test } from 'vitest';
import type { TypedAnswer } from '../../../../src/domain/parsing/answer.ts';
import type {
  DateResult,
  GivenAnswer,
  RotationProgress,
  SubmissionResult,
} from '../../../../src/domain/ports/manager-api.ts';
import { fakeActions, procedureOf, READY, RECEIVED, TOKEN } from '../../../fakes/manager-actions.ts';
import { NOW, openTestServer, PAGE, type TestServer, textOf } from '../test-server.ts';

let server: TestServer;
afterEach(() => server?.app.close());

const proving: RotationProgress = { ...READY, phase: 'proving', receivedAt: NOW - 30_000 };

describe('handing in', () => {
  const typed = { password: ' Abc123(xyz_Q\r\n', login: 'TECH_1', expiry: '12/03/2028' };

  it('passes on what was typed, unchanged, and goes back to the page', async () => {
    server = openTestServer();
    const answer = await server.post(PAGE, typed);
    expect([answer.statusCode, answer.headers.location, answer.body]).toEqual([303, PAGE, '']);
    const [change] = server.actions.changes;
    if (change?.kind !== 'submit') throw new Error('nothing was submitted');
    expect(change.typed.password.reveal()).toBe(typed.password);
    expect([change.typed.login, change.typed.expiry]).toEqual(['TECH_1', '12/03/2028']);
    expect(server.counted).toEqual(['form proving']);
  });

  it.each<[string, SubmissionResult, number, string]>([
    [
      'proven while we wait',
      {
        kind: 'received',
        rotationId: 'r',
        progress: { ...READY, phase: 'proven', proven: true, published: true, receivedAt: NOW },
      },
      303,
      '',
    ],
    [
      'refused to the end',
      { kind: 'received', rotationId: 'r', progress: { ...READY, phase: 'refused', refusals: 4 } },
      303,
      '',
    ],
    [
      'unclear and kept',
      { kind: 'unclear', findings: [], canClean: true, lengths: null, kept: true },
      303,
      '',
    ],
    ['the one in service', { kind: 'known', as: 'current' }, 422, 'déjà celui que le connecteur utilise'],
    ['the one before', { kind: 'known', as: 'former' }, 422, 'C’est l’ancien mot de passe'],
    ['refused before', { kind: 'known', as: 'refused' }, 422, 'déjà refusé ce mot de passe'],
    ['no key', { kind: 'shut' }, 503, 'Nous ne pouvons recevoir aucun mot de passe'],
    ['spent meanwhile: the page tells the success', { kind: 'ended', why: 'spent' }, 303, ''],
    ['expired meanwhile', { kind: 'ended', why: 'expired' }, 410, 'Ce lien n’est plus valable'],
  ])('%s', async (_name, handed, status, sentence) => {
    server = openTestServer();
    server.actions.answers(handed);
    const { statusCode, body } = await server.post(PAGE, typed);
    expect(statusCode).toBe(status);
    expect(textOf(body)).toContain(sentence);
  });

  it.each(['', '   ', '\r\n', '\u00A0'])(
    'a button pressed over an empty field calls no action: %j',
    async (password) => {
      server = openTestServer();
      const { statusCode, body } = await server.post(PAGE, { password });
      expect(statusCode).toBe(422);
      expect(textOf(body)).toContain('Le champ était vide.');
      expect(server.actions.changes).toEqual([]);
    },
  );

  it.each([
    ['Abc123(xyz_Q', '12/03/2028', '', '12/03/2028'],
    ['TECH_1_25900096600020@CPRO.fr', '1er avril', 'TECH_1_25900096600020@CPRO.fr', ''],
    ['moi@mairie.example', '2028-03-12', '', '2028-03-12'],
    ['"><b>', '12 mars 2028', '', '12 mars 2028'],
    ['TECH_2_1@cpro.fr', 'Xy7kL9q2Zb3', 'TECH_2_1@cpro.fr', ''],
  ])(
    'shows login %j and date %j again only where they are what they should be',
    async (login, expiry, keptLogin, keptExpiry) => {
      server = openTestServer();
      server.actions.answers({ kind: 'wrong', findings: [{ field: 'password', code: 'too-long' }] });
      const { body } = await server.post(PAGE, { password: 'x', login, expiry });
      const value = (id: string) => new RegExp(`id="${id}"[^>]* value="([^"]*)"`).exec(body)?.[1];
      expect([value('login'), value('expiry')]).toEqual([keptLogin, keptExpiry]);
    },
  );
});

describe('announcing', () => {
  it('needs the box to be ticked', async () => {
    server = openTestServer();
    const { statusCode, body } = await server.post(`${PAGE}/annonce`, {});
    expect(statusCode).toBe(422);
    expect(textOf(body)).toContain('Cochez cette case, puis appuyez sur le bouton. Rien n’a été changé.');
    expect(server.actions.changes).toEqual([]);
    const ticked = await server.post(`${PAGE}/annonce`, { ready: 'yes' });
    expect([ticked.statusCode, ticked.headers.location]).toEqual([303, PAGE]);
    expect(server.actions.changes).toEqual([{ kind: 'announce' }]);
  });

  it('while a password is in hand leads back to the page', async () => {
    server = openTestServer();
    server.actions.announces({ kind: 'in-hand' });
    expect((await server.post(`${PAGE}/annonce`, { ready: 'yes' })).statusCode).toBe(303);
    server.actions.announces({ kind: 'ended', why: 'spent' });
    expect((await server.post(`${PAGE}/annonce`, { ready: 'yes' })).statusCode).toBe(303);
    server.actions.announces({ kind: 'ended', why: 'expired' });
    expect(textOf((await server.post(`${PAGE}/annonce`, { ready: 'yes' })).body)).toContain(
      'Ce lien n’est plus valable',
    );
  });
});

describe('choosing', () => {
  const unclear: RotationProgress = {
    ...READY,
    phase: 'unclear',
    canClean: true,
    findings: [{ field: 'password', code: 'curly-quotes' }],
  };

  it('needs a choice: nothing is chosen beforehand', async () => {
    server = openTestServer();
    server.actions.shows({ progress: unclear });
    expect((await server.get()).body).not.toMatch(/\schecked/);
    for (const choice of ['', 'both']) {
      const { statusCode, body } = await server.post(`${PAGE}/choix`, { choice });
      expect(statusCode).toBe(422);
      expect(textOf(body)).toContain('Choisissez d’abord');
    }
    expect(server.actions.changes).toEqual([]);
  });

  it.each(['clean', 'as-is'] as const)('passes on %s', async (choice) => {
    server = openTestServer();
    server.actions.shows({ progress: unclear });
    server.actions.answers(RECEIVED);
    expect((await server.post(`${PAGE}/choix`, { choice })).statusCode).toBe(303);
    expect(server.actions.changes).toEqual([{ kind: 'choose', choice }]);
  });

  it('of the button « submitted » takes its word, and leads back to the page', async () => {
    server = openTestServer();
    expect((await server.post(`${PAGE}/soumis`, {})).statusCode).toBe(303);
    expect(server.actions.changes).toEqual([{ kind: 'retry-now' }]);
    expect((await server.get()).statusCode).toBe(200);
    expect(server.actions.changes).toHaveLength(1);
  });

  it('when there is nothing left to choose leads back to the page', async () => {
    server = openTestServer();
    server.actions.answers({ kind: 'wrong', findings: [] });
    expect((await server.post(`${PAGE}/choix`, { choice: 'clean' })).statusCode).toBe(303);
    expect((await server.post(`${PAGE}/choix`, {})).statusCode).toBe(303);
  });

  it('says how many characters stay of how many pasted', async () => {
    server = openTestServer();
    server.actions.shows({ progress: { ...unclear, lengths: { typed: 31, cleaned: 14 } } });
    const text = textOf((await server.get()).body);
    expect(text).toContain(
      ': 14 caractères après correction (31 collés). C’est presque toujours le bon choix.',
    );
    expect(text).toContain('Sans rien y changer : 31 caractères.');
    // What an older version stored was not counted.
    server.actions.shows({ progress: unclear });
    expect(textOf((await server.get()).body)).toContain('ce qui vient d’être signalé. C’est presque');
  });

  it('offers the one reading there is, where nothing can be cleaned', async () => {
    server = openTestServer();
    server.actions.shows({
      progress: { ...unclear, canClean: false, findings: [{ field: 'password', code: 'too-short' }] },
    });
    const { body } = await server.get();
    expect(body).not.toContain('value="clean"');
    expect(body).toMatch(/type="checkbox" name="choice" value="as-is"/);
  });
});

describe('answering without a secret', () => {
  const ANSWERED: GivenAnswer = {
    kind: 'away',
    at: NOW - 60_000,
    day: '2027-03-20',
    quietUntil: '2027-03-21',
    check: null,
  };

  it.each<[Record<string, string>, TypedAnswer]>([
    [
      { answer: 'will-do', 'detail-will-do': '20/03/2027' },
      { kind: 'will-do', day: '20/03/2027' },
    ],
    [
      { answer: 'away', 'detail-away': '20/03/2027' },
      { kind: 'away', day: '20/03/2027' },
    ],
    [
      { answer: 'successor', 'detail-successor': 'Mme X' },
      { kind: 'successor', text: 'Mme X' },
    ],
    [
      { answer: 'call-back', 'detail-call-back': '' },
      { kind: 'call-back', text: '' },
    ],
    [{ answer: 'done-already' }, { kind: 'done-already' }],
    [
      { answer: 'away', 'detail-away': '20/03/2027', 'detail-successor': 'another field' },
      { kind: 'away', day: '20/03/2027' },
    ],
  ])('passes on %j', async (fields, typed) => {
    server = openTestServer();
    server.actions.takes({ kind: 'answered', answered: ANSWERED });
    const answer = await server.post(`${PAGE}/reponse`, fields);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${PAGE}?vue=reponse`]);
    expect(server.actions.changes).toEqual([{ kind: 'answer', typed }]);
    expect(server.counted).toEqual(['answer answered']);
  });

  it.each<Record<string, string>>([{}, { answer: 'resign' }, { 'detail-away': '20/03/2027' }])(
    'needs a choice: %j changes nothing',
    async (fields) => {
      server = openTestServer();
      const { statusCode, body } = await server.post(`${PAGE}/reponse`, fields);
      expect(statusCode).toBe(422);
      expect(textOf(body)).toContain('Choisissez d’abord une réponse');
      expect(body).toContain('<a href="#answer">');
      expect(body).toContain('id="answer"');
      expect(body).not.toMatch(/\schecked/);
      expect(server.actions.changes).toEqual([]);
    },
  );

  it('says what is wrong beside its field; a day comes back, and what may be a password does not', async () => {
    server = openTestServer();
    server.actions.takes({ kind: 'odd', code: 'text-secret' });
    const secret = await server.post(`${PAGE}/reponse`, {
      answer: 'call-back',
      'detail-call-back': 'Abc123(xyz_Q',
    });
    expect(secret.statusCode).toBe(422);
    expect(textOf(secret.body)).toContain('Cela ressemble à un mot de passe');
    expect(secret.body).not.toContain('Abc123');
    expect(secret.body).toContain('<a href="#detail-call-back">');
    expect(secret.body).toMatch(/value="call-back" required checked>/);
    server.actions.takes({ kind: 'odd', code: 'day-too-far' });
    const far = await server.post(`${PAGE}/reponse`, { answer: 'away', 'detail-away': '20/03/2031' });
    expect(far.body).toMatch(/id="detail-away"[^>]*aria-invalid="true"[^>]* value="20\/03\/2031"/);
    expect(far.body.match(/aria-invalid/g)).toHaveLength(1);
    const odd = await server.post(`${PAGE}/reponse`, { answer: 'away', 'detail-away': 'Abc123(xyz_Q' });
    expect(odd.body).not.toContain('Abc123');
  });

  it('of a link that ended meanwhile is told so', async () => {
    server = openTestServer();
    server.actions.takes({ kind: 'ended', why: 'expired' });
    expect((await server.post(`${PAGE}/reponse`, { answer: 'done-already' })).statusCode).toBe(410);
    server.actions.takes({ kind: 'ended', why: 'spent' });
    expect((await server.post(`${PAGE}/reponse`, { answer: 'done-already' })).headers.location).toBe(PAGE);
  });

  it.each<[Partial<GivenAnswer>, string]>([
    [
      {},
      'C’est noté : absence jusqu’au samedi 20 mars 2027 Nos rappels ne reprendront pas avant le dimanche 21 mars',
    ],
    [
      { quietUntil: '2027-03-09' },
      'Nos rappels reprendront avant ce jour, le mardi 9 mars 2027 ; si cela ne convient pas, appelez-nous.',
    ],
    [{ quietUntil: null }, 'Nos rappels continuent comme prévu. Réponse reçue à 10 h 31.'],
    [{ kind: 'will-do' }, 'C’est noté : vous le ferez le samedi 20 mars 2027'],
    [{ kind: 'successor', day: null }, 'ne reçoit rien avant que nous ayons vérifié avec vous'],
    [{ kind: 'call-back', day: null }, 'le service informatique vous rappellera'],
    [{ kind: 'done-already', day: null, check: 'works' }, 'L’ancien mot de passe fonctionne toujours'],
    [{ kind: 'done-already', day: null, check: 'unknown' }, 'C’est noté ; Chorus Pro n’a pas encore répondu'],
  ])('is shown what became of %j, and the ways onward', async (answered, sentence) => {
    server = openTestServer();
    server.actions.shows({ answered: { ...ANSWERED, ...answered } });
    const { body } = await server.get();
    expect(textOf(body)).toContain(sentence);
    expect(body).not.toContain('<form');
    for (const view of ['depart', 'formulaire', 'repondre'])
      expect((await server.get(`${PAGE}?vue=${view}`)).body).toContain('<form');
    // A reset that is announced goes on where it is; the answer is shown to who gives it.
    server.actions.shows({
      answered: { ...ANSWERED, ...answered },
      progress: { ...READY, phase: 'announced' },
    });
    expect(textOf((await server.get()).body)).toContain('Étape 2 sur 3');
    expect(textOf((await server.get(`${PAGE}?vue=reponse`)).body)).toContain(sentence);
  });

  it('asks for the new password where Chorus Pro refuses the old one', async () => {
    server = openTestServer();
    for (const phase of ['ready', 'announced'] as const) {
      server.actions.shows({
        answered: { ...ANSWERED, kind: 'done-already', day: null, check: 'refused' },
        progress: { ...READY, phase },
      });
      for (const path of [PAGE, `${PAGE}?vue=reponse`]) {
        const { body } = await server.get(path);
        expect(textOf(body)).toContain('Chorus Pro refuse l’ancien mot de passe : il nous faut le nouveau.');
        expect(body).toContain('<textarea');
      }
    }
  });
});

describe('giving the date alone', () => {
  it('comes first where the records ask for it, and says how to read it on the portal', async () => {
    server = openTestServer();
    server.actions.shows({ asksDate: true });
    const { body } = await server.get();
    expect(textOf(body)).toContain('Quelle date d’expiration le portail affiche-t-il ?');
    expect(textOf(body)).toContain('crayon en face de la structure (Commune de Bavilliers)');
    expect(textOf(body)).toContain('Ouvrez le Portail Internet de la Gestion Publique');
    expect(textOf(body)).toContain('Ne changez rien.');
    expect(textOf(body)).toContain('1 avenue de la Gare');
    expect([...body.matchAll(/ action="([^"]*)"/g)].map(([, action]) => action)).toEqual([`${PAGE}/date`]);
    expect((await server.get(`${PAGE}?vue=depart`)).body).toContain(`action="${PAGE}/annonce"`);
    // A password that Chorus Pro refuses, a reset that is announced: they come first.
    server.actions.shows({ asksDate: true, stopped: true });
    expect((await server.get()).body).toContain(`action="${PAGE}/annonce"`);
    server.actions.shows({ asksDate: true, progress: { ...READY, phase: 'announced' } });
    expect(textOf((await server.get()).body)).toContain('Étape 2 sur 3');
  });

  it.each<[DateResult, string]>([
    [
      { kind: 'given', progress: { ...READY, expiry: { on: '2028-03-12', source: 'portal' } } },
      'Merci : la date est enregistrée Il expire le dimanche 12 mars 2028, d’après le portail. Nos prochains',
    ],
    [{ kind: 'noted' }, 'Merci : le service informatique va regarder cette date'],
    [{ kind: 'known' }, 'Merci : c’est bien la date que nous avons'],
  ])('is thanked for it: %j', async (result, sentence) => {
    server = openTestServer();
    server.actions.shows({ asksDate: true });
    server.actions.dates(result);
    const { statusCode, body } = await server.post(`${PAGE}/date`, { expiry: '12/03/2028' });
    expect(statusCode).toBe(200);
    expect(textOf(body)).toContain(sentence);
    expect(textOf(body)).not.toContain('{');
    expect(server.actions.changes).toEqual([{ kind: 'give-date', date: '12/03/2028' }]);
  });

  it('is asked again where it is not understood, with what was typed', async () => {
    server = openTestServer();
    server.actions.shows({ asksDate: true });
    server.actions.dates({ kind: 'odd', code: 'expiry-malformed', progress: READY });
    const { statusCode, body } = await server.post(`${PAGE}/date`, { expiry: '31/02/2028' });
    expect(statusCode).toBe(422);
    expect(textOf(body)).toContain('Cette date n’est pas comprise');
    expect(body).toContain('value="31/02/2028"');
    expect((await server.post(`${PAGE}/date`, { expiry: '' })).statusCode).toBe(422);
    expect(server.actions.changes).toHaveLength(1);
  });
});

describe('coming back after the success', () => {
  const done: RotationProgress = { ...READY, phase: 'proven', proven: true, published: true };

  it('is told the success, and changes nothing whatever is posted', async () => {
    server = openTestServer();
    server.actions.shows({ progress: done }, 'done');
    const answers = [
      await server.get(),
      await server.post(PAGE, { password: 'Abc123(xyz_Q' }),
      await server.post(`${PAGE}/annonce`, { ready: 'yes' }),
      await server.post(`${PAGE}/soumis`, {}),
      await server.post(`${PAGE}/choix`, { choice: 'clean' }),
      await server.post(`${PAGE}/reponse`, { answer: 'done-already' }),
    ];
    for (const { statusCode, body } of answers) {
      expect(statusCode).toBe(200);
      expect(textOf(body)).toContain(
        'C’est fait : le nouveau mot de passe est vérifié, le connecteur l’utilise',
      );
      expect(textOf(body)).toContain('Si vous avez réinitialisé le mot de passe encore une fois depuis');
      expect(textOf(body)).not.toContain('a déjà servi');
      expect(body).not.toContain('<form');
    }
    expect(server.actions.changes).toEqual([]);
    expect(server.counted).toEqual([
      'page spent',
      'form spent',
      'announcement spent',
      'press spent',
      'choice spent',
      'answer spent',
    ]);
  });

  it('can give the date that was odd', async () => {
    server = openTestServer();
    const odd: RotationProgress = {
      ...done,
      oddDate: 'expiry-past',
      expiry: { on: '2028-03-11', source: 'computed' },
    };
    server.actions.shows({ progress: odd }, 'done');
    expect((await server.get()).body).toContain(`action="${PAGE}/date"`);

    server.actions.dates({ kind: 'odd', code: 'expiry-malformed', progress: odd });
    const again = await server.post(`${PAGE}/date`, { expiry: '31/02/2028' });
    expect(again.statusCode).toBe(422);
    expect(textOf(again.body)).toContain('La date calculée reste donc en vigueur. Date d’expiration');
    expect(textOf(again.body)).toContain('Cette date n’est pas comprise');
    expect(again.body).toContain('<a href="#expiry">');
    expect(again.body).toMatch(/<title>À corriger.: C’est fait/);

    const progress: RotationProgress = { ...done, expiry: { on: '2028-03-12', source: 'portal' } };
    server.actions.dates({ kind: 'given', progress });
    const given = await server.post(`${PAGE}/date`, { expiry: '12/03/2028' });
    expect([given.statusCode, given.headers.location]).toEqual([303, PAGE]);
    server.actions.shows({ progress }, 'done');
    const shown = (await server.get()).body;
    expect(textOf(shown)).toContain('Il expire le dimanche 12 mars 2028, d’après le portail.');
    expect(shown).not.toContain('<form');

    server.actions.dates({ kind: 'known' });
    expect((await server.post(`${PAGE}/date`, { expiry: '12/03/2028' })).statusCode).toBe(303);
    server.actions.dates({ kind: 'ended', why: 'expired' });
    expect((await server.post(`${PAGE}/date`, { expiry: '12/03/2028' })).statusCode).toBe(410);
    expect(server.actions.changes[0]).toEqual({ kind: 'give-date', date: '31/02/2028' });
    expect(server.counted).toEqual([
      'page spent',
      'date odd',
      'date given',
      'page spent',
      'date known',
      'date ended',
    ]);
  });

  it('posts the date with the mark of the page, or not at all', async () => {
    server = openTestServer();
    server.actions.shows({ progress: done }, 'done');
    expect((await server.post(`${PAGE}/date`, { expiry: '12/03/2028' }, { seal: null })).statusCode).toBe(
      403,
    );
    expect(server.actions.changes).toEqual([]);
  });
});

describe('looking', () => {
  it('a thousand GETs and HEADs of odd agents change nothing', async () => {
    server = openTestServer();
    const agents = [
      '',
      'BarracudaSentinel',
      'Mozilla/5.0 (SafeLinks)',
      '\u00ff\u00fe',
      'curl/8',
      'x'.repeat(4_000),
    ];
    const paths = [
      PAGE,
      `${PAGE}?vue=formulaire`,
      `${PAGE}?vue=fixe&vue=x`,
      `${PAGE}?password=x&seal=y`,
      `${PAGE}/`,
      `${PAGE}/annonce`,
    ];
    const fresh = (await server.get()).body;
    for (let n = 0; n < 1_000; n++) {
      const method = n % 2 === 0 ? 'GET' : 'HEAD';
      const url = paths[n % paths.length] ?? PAGE;
      const answer = await server.app.inject({
        method,
        url,
        headers: { 'user-agent': agents[n % agents.length] ?? '' },
      });
      expect(answer.statusCode).toBe(url.startsWith(`${PAGE}/`) ? 404 : 200);
      if (method === 'HEAD') expect(answer.body).toBe('');
    }
    expect(server.actions.changes).toEqual([]);
    expect((await server.get()).body).toBe(fresh);
  });

  it('leads to the field for another password where nobody vouches for the one in service, until the link is spent', async () => {
    server = openTestServer();
    const progress: RotationProgress = { ...READY, phase: 'proven', published: true };
    const pages = async () => {
      const [plain, form] = [await server.get(), await server.get(`${PAGE}?vue=formulaire`)];
      expect(textOf(plain.body)).toContain('Mot de passe reçu et remis au connecteur');
      return [textOf(plain.body).includes('Remettre un autre mot de passe'), form.body.includes('<textarea')];
    };
    server.actions.shows({ progress });
    expect(await pages()).toEqual([true, true]);
    server.actions.shows({ progress: { ...progress, proven: true } });
    expect((await server.get(`${PAGE}?vue=formulaire`)).body).not.toContain('<textarea');
    server.actions.shows({ progress }, 'done');
    expect(await pages()).toEqual([false, false]);
  });

  it('can be asked not to refresh, or to show the form although a password is being verified', async () => {
    server = openTestServer();
    server.actions.shows({ progress: { ...proving, nextTryAt: NOW + 5_000, waits: 'planned' } });
    const [plain, still, form] = [
      await server.get(),
      await server.get(`${PAGE}?vue=fixe`),
      await server.get(`${PAGE}?vue=formulaire`),
    ];
    expect([plain, still, form].map(({ headers }) => headers.refresh)).toEqual(['5', undefined, undefined]);
    expect([plain, still, form].map(({ body }) => body.includes('<textarea'))).toEqual([false, false, true]);
  });

  it('stops refreshing when the answer does not come soon', async () => {
    server = openTestServer();
    server.actions.shows({ progress: proving });
    expect((await server.get()).headers.refresh).toBe('5');
    server.clock.now += 10 * 60_000;
    expect((await server.get()).headers.refresh).toBeUndefined();
  });

  it('where Chorus Pro refuses the password in service, hurries nobody into a second reset', async () => {
    server = openTestServer();
    expect(textOf((await server.get()).body)).toContain('une dizaine de minutes');
    server.actions.shows({ stopped: true });
    const text = textOf((await server.get()).body);
    expect(text).toContain('Chorus Pro refuse le mot de passe en service');
    expect(text).toContain('collez directement le nouveau');
    server.actions.answers({ kind: 'known', as: 'current' });
    const known = textOf((await server.post(PAGE, { password: 'Abc123(xyz_Q' })).body);
    expect(known).toContain('et Chorus Pro le refuse');
    expect(known).not.toContain('tout est en ordre');
  });

  it('names of structures are shown as they are, and never become markup', async () => {
    server = openTestServer();
    for (const phase of ['ready', 'announced', 'proving'] as const) {
      server.actions.shows({
        home: { siret: '25900096600020', name: "<b>Syndicat d'eau & {login}</b>" },
        procedure: procedureOf('2017'),
        progress: { ...READY, phase },
      });
      const { body } = await server.get();
      expect(body).not.toContain('<b>');
      expect(textOf(body)).toContain("<b>Syndicat d'eau & {login}</b>");
    }
  });

  it('the token is in the addresses of its own page only', async () => {
    server = openTestServer();
    const { body } = await server.get();
    expect(body.replaceAll(/(?:action|href)="[^"]*"/g, '')).not.toContain(TOKEN);
    const mine = [...body.matchAll(/(?:action|href)="([^"]*)"/g)].flatMap(([, to = '']) =>
      to.includes(TOKEN) ? [to] : [],
    );
    expect(mine.length).toBeGreaterThan(1);
    for (const to of mine) expect(to.startsWith(PAGE)).toBe(true);
  });
});

test('the fake actions know their one link only', async () => {
  expect(await fakeActions().link.visit('x')).toEqual({ kind: 'ended', why: 'unknown' });
});
