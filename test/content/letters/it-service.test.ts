// The letters to the IT service: alarms and the weekly digest.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderLetter } from '../../../src/adapters/smtp/render.ts';
import { wordAlarm } from '../../../src/content/letters/alarm/alarm.ts';
import { wordDigest } from '../../../src/content/letters/digest/digest.ts';
import { taskTitle } from '../../../src/content/letters/digest/task-list.ts';
import type { AlarmLetterFacts, DigestFacts } from '../../../src/domain/notification/letter-facts.ts';
import type { Task } from '../../../src/domain/notification/task.ts';
import { technicalUser } from '../../fakes/fleet.ts';
import { plain } from './reading.ts';
import { LANGUAGES, SENDER } from './sample-facts.ts';
import { ALARMS, DIGESTS } from './sample-it.ts';

/** The text part with ordinary spaces and no line breaks, as one reads it. */
const read = (letter: Parameters<typeof renderLetter>[0]) =>
  plain(renderLetter(letter).text).replace(/\s+/g, ' ');

function alarm(name: string, changes: Partial<AlarmLetterFacts> = {}) {
  const facts = ALARMS[name];
  if (facts === undefined) throw new Error(`no sample ${name}`);
  return wordAlarm({ ...facts, ...changes }, SENDER);
}

function digest(name: string, changes: Partial<DigestFacts> = {}) {
  const facts = DIGESTS[name];
  if (facts === undefined) throw new Error(`no sample ${name}`);
  return wordDigest({ ...facts, ...changes }, SENDER);
}

describe('an alarm', () => {
  it.each([
    ['no-address', "faute d'adresse valable", 'aucune adresse valable'],
    ['refused', 'refusé par le serveur', '550 5.1.1 <mairie@bavilliers.example>'],
    ['gave-up', 'malgré plusieurs essais', '452 4.2.2 Mailbox full'],
  ])('%s says what happened and the command that mends it', (name, event, fact) => {
    const letter = alarm(name);
    expect(letter.firstLine).toContain('Commune de Bavilliers');
    expect(plain(letter.firstLine)).toContain(event);
    expect(read(letter)).toContain(fact);
    expect(read(letter)).toContain('releve set TECH_1_25900096600020@cpro.fr --manager "Nom <adresse>"');
    expect(letter.subject).toContain('Commune de Bavilliers');
  });

  it('says by when, or leaves it out when nobody knows', () => {
    expect(alarm('refused').firstLine).toContain('avant le vendredi 12 mars 2027.');
    expect(alarm('gave-up').firstLine).toMatch(/essais\.$/);
    const today = alarm('refused', { today: Temporal.PlainDate.from('2027-03-12') });
    expect(plain(today.firstLine)).toContain("aujourd'hui, vendredi");
    expect(alarm('refused', { today: Temporal.PlainDate.from('2027-03-13') }).firstLine).toContain(
      'depuis le',
    );
    expect(alarm('refused', { language: 'en' }).firstLine).toContain('before Friday 12 March 2027.');
  });

  it('gathers many: each account once, what to do once for each kind', () => {
    const letter = alarm('many');
    expect(letter.subject).toContain('3 alertes');
    expect(letter.firstLine).toContain('vendredi 26 février 2027');
    expect(letter.blocks.filter(({ kind }) => kind === 'facts')).toHaveLength(3);
    expect(letter.blocks.filter(({ kind }) => kind === 'steps')).toHaveLength(3);
    expect(read(letter)).toContain('releve set IDENTIFIANT --manager');
  });
});

it('an alarm gives the numbers to call, each unbroken, and one of them once', () => {
  const rows = (
    changes: Partial<AlarmLetterFacts['alarms'][number]['facts']>,
    language: 'fr' | 'en' = 'fr',
  ) => {
    const [one] = ALARMS.refused?.alarms ?? [];
    if (one === undefined) throw new Error('no sample');
    const letter = alarm('refused', { language, alarms: [{ ...one, facts: { ...one.facts, ...changes } }] });
    const all = letter.blocks.flatMap((block) => (block.kind === 'facts' ? block.rows : []));
    return all.filter(([, value]) => /^0[36]/.test(value));
  };
  const [desk, mobile, house] = ['03 53 01 12 34', '06 39 98 12 34', '03 53 01 12 00'].map((number) =>
    number.replaceAll(' ', '\u00a0'),
  );
  expect(rows({})).toEqual([
    ['Téléphone', `${desk}, ${mobile}`],
    ['Tél. de la structure', house],
  ]);
  expect(rows({ structurePhone: '03 53 01 12 34', phone: '03 53 01 12 34' }, 'en')).toEqual([
    ['Telephone', desk],
  ]);
  expect(rows({ phone: null }, 'en')).toEqual([['Structure’s telephone', house]]);
  expect(rows({ phone: null, structurePhone: null })).toEqual([]);
});

describe('the weekly digest', () => {
  it('says so when nothing is wrong', () => {
    expect(digest('calm').subject).toMatch(/bilan du lundi 1er mars 2027.: rien à signaler$/);
    expect(read(digest('calm'))).toContain('Tout va bien');
    expect(digest('calm', { language: 'en' }).subject).toContain('nothing to report');
    expect(read(digest('empty'))).toContain("Aucune échéance à venir n'est connue");
  });

  it('counts what is wrong, and gives the commands', () => {
    const letter = digest('busy');
    const text = read(letter);
    expect(plain(letter.firstLine)).toContain(
      "98 comptes techniques suivis, 2 mots de passe refusés, 3 échéances dépassées, 1 gestionnaire injoignable, 1 date inconnue, 1 adresse hors d'usage, 1 courriel refusé, 1 saisie sans preuve.",
    );
    expect(text).not.toContain('Tout va bien');
    expect(text).toContain('releve set IDENTIFIANT --manager "Nom <adresse>"');
    expect(text).toContain('releve set IDENTIFIANT --expires JJ/MM/AAAA');
    expect(text).toContain('dépassée de 1 jour, date calculée');
    expect(text).toContain('non renseigné');
    expect(text).toContain('550 5.1.1');
  });

  it('names the passwords refused first, since when, and how to look at them', () => {
    const [first, second] = digest('busy').blocks.filter((block) => block.kind === 'table');
    expect(first?.caption).toBe('Comptes dont le mot de passe en service est refusé');
    expect(first?.head.map(plain)[0]).toBe('Refusé depuis');
    expect(first?.rows.map((row) => row.map(plain))).toEqual([
      [
        'dimanche 28 février 2027',
        'Commune de Bavilliers (259 000 966 00020)',
        'TECH_1_25900096600020@cpro.fr',
        'Anne Martin, 03 53 01 12 34',
      ],
      [
        'lundi 1er mars 2027',
        'CCAS de Bavilliers (269 000 123 00017)',
        'TECH_1_25900096600020@cpro.fr',
        'non renseigné, structure : 03 53 01 12 00',
      ],
    ]);
    expect(second?.caption).toContain('échéance est dépassée');
    expect(read(digest('busy'))).toContain('releve show IDENTIFIANT');
    expect(read(digest('calm'))).toContain('Mots de passe refusés 0');
  });

  it('gives the number of whoever is to be called, and of nobody else', () => {
    const numbers = digest('busy').blocks.flatMap((block) =>
      block.kind === 'table'
        ? [
            [
              plain(block.caption),
              block.rows.map((row) => /0[36] .*/.exec(plain(row.join(' ')))?.[0]),
            ] as const,
          ]
        : [],
    );
    const [own, ofStructure] = ['03 53 01 12 34', '03 53 01 12 00'];
    expect(numbers).toEqual([
      ['Comptes dont le mot de passe en service est refusé', [own, ofStructure]],
      ["Comptes dont l'échéance est dépassée", [own, ofStructure]],
      ['Comptes dont le mot de passe a été accepté après son échéance', [undefined]],
      ['Mots de passe dits saisis, que rien ne confirme', [undefined]],
      ['Comptes sans gestionnaire principal joignable', [ofStructure]],
      ['Comptes dont la date est inconnue', [own]],
      ["Adresses hors d'usage et réponse du serveur", [expect.stringMatching(/^06 39 98 12 34/)]],
      ['Prochaines échéances, la plus proche en premier', [undefined, undefined, undefined]],
    ]);
    const [stopped] = digest('busy', { language: 'en' }).blocks.filter((block) => block.kind === 'table');
    expect(stopped?.rows[1]?.map(plain).at(-1)).toBe('not on record, structure: 03 53 01 12 00');
  });

  it('shows a validity that may be too short, as a date that has passed', () => {
    for (const language of LANGUAGES) {
      const { workedPast = [] } = DIGESTS.busy ?? {};
      const letter = digest('calm', { language, workedPast });
      expect(plain(letter.subject)).toMatch(/1 échéance dépassée$|1 date passed$/);
      expect(read(letter)).not.toMatch(
        /Tout va bien|All is well|peut-être déjà à l.arrêt|may already be stopped/,
      );
      const [table] = letter.blocks.filter((block) => block.kind === 'table');
      expect(table?.rows).toHaveLength(1);
      expect(table?.rows[0]?.map(plain).slice(0, 2)).toEqual(
        language === 'fr'
          ? ['dimanche 28 février 2027 (dépassée de 1 jour, date calculée)', 'lundi 1er mars 2027']
          : ['Sunday 28 February 2027 (1 day ago, reckoned date)', 'Monday 1 March 2027'],
      );
      expect(read(letter)).toMatch(
        /durée de validité réglée est peut-être trop courte|validity set may be too short/,
      );
    }
  });

  it('asks to call for the date alone where the password works past it', () => {
    const service = { state: 'unasked', workedAt: Date.parse('2027-03-01T09:00Z'), refusedAt: null } as const;
    const facts = { version: 1, deadline: '2027-02-28', personId: 1, day: null, text: null };
    const opened: Omit<Task, 'facts'> = {
      number: 1,
      id: 'call',
      kind: 'call',
      userId: 1,
      forWhom: 'it-service',
      since: 0,
      done: null,
    };
    const task = { ...opened, facts };
    const user = technicalUser(1, { portalOn: '2027-02-28' });
    expect(plain(taskTitle({ task, user }, 'fr'))).toMatch(/, mot de passe à renouveler$/);
    expect(plain(taskTitle({ task, user: { ...user, service } }, 'fr'))).toMatch(
      /mais le mot de passe fonctionne : date à relire sur le portail$/,
    );
    expect(taskTitle({ task, user: { ...user, service } }, 'en')).toMatch(/read again on the portal$/);

    // Once somebody else is the manager, nothing that another one said stands under the new name.
    const another = { ...task, kind: 'successor', facts: { ...facts, personId: 7 } } as const;
    expect(plain(taskTitle({ task: another, user }, 'fr'))).toBe(
      "le gestionnaire principal d'alors n'exerce plus ce rôle ; est désigné : non précisé",
    );
    expect(taskTitle({ task: another, user }, 'en')).toMatch(
      /^the principal manager of that time is no longer/,
    );
  });

  it('suggests a setting that exists', () => {
    const settings = parse(readFileSync(new URL('../../../config/default.yaml', import.meta.url), 'utf8'));
    const named = read(digest('busy')).match(/validity\.\w+\.\w+/g) ?? [];
    expect(named).toHaveLength(2);
    for (const name of named) {
      const [, environment = '', key = ''] = name.split('.');
      expect(settings.validity[environment]).toHaveProperty(key);
    }
  });

  it('lists the open tasks, is not calm with one, and says how to see more than fifty', () => {
    const user = technicalUser(1, {});
    const facts = { version: 1, deadline: null, personId: user.principal?.id ?? null, day: null, text: null };
    const task: Task = {
      ...{ id: 'x', number: 7, userId: 1, facts, since: 0, done: null },
      ...{ kind: 'stopped', forWhom: 'it-service' },
    };
    const letter = digest('calm', { tasks: [{ task, user }] });
    expect(plain(letter.subject)).toContain('1 tâche en attente');
    const [table] = letter.blocks.filter((block) => block.kind === 'table');
    expect(table?.rows[0]?.map(plain)).toEqual([
      '7',
      "Appeler Person 1 : mot de passe en service refusé, plus aucune facture n'arrive",
      'Commune 1',
      user.login,
      'jeudi 1er janvier 1970 à 1 h 00',
    ]);
    expect(read(letter)).not.toContain('Tout va bien');
    const many = digest('calm', { tasks: Array.from({ length: 51 }, () => ({ task, user })) });
    expect(read(many)).toContain('Et 1 de plus ; pour tout voir : releve task list');
  });

  it.each(['stopped', 'overdue', 'unknown', 'unreachable'] as const)(
    'is not calm with something %s',
    (key) => {
      const lines = DIGESTS.busy?.[key] ?? [];
      expect(read(digest('calm', { [key]: lines }))).not.toContain('Tout va bien');
    },
  );

  it('cuts a long table and says how to see the rest', () => {
    const letter = digest('crowded');
    const [table] = letter.blocks.filter((block) => block.kind === 'table');
    expect(table?.rows).toHaveLength(50);
    expect(read(letter)).toContain('Et 10 de plus ; pour tout voir : releve list');
    expect(letter.firstLine).toContain('60 dates inconnues');
  });
});

it('letters to the IT service leave nothing unfilled, in either language', () => {
  for (const language of LANGUAGES) {
    const letters = [
      ...Object.keys(ALARMS).map((name) => alarm(name, { language })),
      ...Object.keys(DIGESTS).map((name) => digest(name, { language })),
    ];
    for (const letter of letters) {
      expect(JSON.stringify(letter)).not.toMatch(/[{]\w+[}]|undefined|\bnull\b|\bNaN\b|\[object/);
      expect(letter.subject).not.toMatch(/\p{Cc}/u);
      expect(letter.calendar).toEqual([]);
    }
  }
});
