// A list that is put in again: it takes back nothing that Relève has learnt since, and what is new in it is applied.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLines } from '../../../src/adapters/csv/read-lines.ts';
import { openRegistry } from '../../../src/adapters/database/registry/registry.ts';
import type { Correction } from '../../../src/domain/registry/registry.ts';
import { takeDate } from '../../../src/domain/rotation/receive.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { correct, register } from '../../../src/use-cases/registry/register.ts';
import { submit } from '../../../src/use-cases/rotation/submit.ts';
import { type Cells, sheet } from '../../adapters/csv/sheet.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { openWorld, type World } from '../../rig/world.ts';

const SIRET = '99990000100001';
const LOGIN = `TECH_1_${SIRET}@cpro.fr`;
const PASSWORD = 'aB3(xyzKLm9_';
/** The case files: the list as it was imported the first time. */
const CHANGED = `siret;structure;login;date_changement;gestionnaire;courriel
99990000100001;Commune de Rochebrise;TECH_1_99990000100001@cpro.fr;12/03/2026;Camille Martin;c.martin@exemple.fr
99990000500002;Commune de Montaigu;TECH_1_99990000500002@cpro.fr;12/03/2026;Zoé Roux;z.roux@exemple.fr
`;
const EXPIRES = `siret;structure;login;date_expiration;gestionnaire;courriel
99990000100001;Commune de Rochebrise;TECH_1_99990000100001@cpro.fr;12/03/2027;Camille Martin;c.martin@exemple.fr
`;

let world: World;
beforeEach(async () => {
  world = await openWorld({ users: [], at: '2026-03-15T10:00' });
});
afterEach(() => world.close());

const registry = () => openRegistry(world.database);
const day = () => world.clock.now().toZonedDateTimeISO('Europe/Paris').toPlainDate();
const importing = (list: string | readonly Cells[], { dryRun = false, from = 'liste.csv' } = {}) =>
  register(
    readLines(typeof list === 'string' ? Buffer.from(list) : sheet(list), day()),
    { dryRun, partial: false },
    { at: world.now(), who: `import ${from} (agent)`, why: null },
    { registry: registry(), validity: world.validity },
  );
const setting = async (subject: string, correction: Correction) => {
  const stamp = { at: world.now(), who: 'set (agent)', why: null };
  const request = { subject, environment: null, correction, dryRun: false };
  const parts = { registry: registry(), rules: rulesWith() };
  expect(await correct(request, stamp, parts)).toMatchObject({ kind: 'corrected', kept: true });
};
/** A password is handed in, and accepted by Chorus Pro. */
const handOver = async (expiry = '') => {
  world.chorus.alive.set(LOGIN, PASSWORD);
  const user = await world.userOf(LOGIN);
  await submit(world.ports, user, {
    ...{ channel: 'command', by: 'agent', changedOn: null, choice: null, keepUnclear: false },
    typed: { password: new Secret(PASSWORD), login: '', expiry },
  });
  await world.advanceOf(user.id);
};
/** The manager gives the date that a letter asked for. */
const dateGiven = async (date: string) => {
  const { id, version } = await world.userOf(LOGIN);
  const actor = { channel: 'form', by: 'Camille Martin <c.martin@exemple.fr>' } as const;
  const given = { actor, day: date, plausible: true, version, wasOdd: false, id: 'date' };
  const taken = await world.ports.rotations.updateWithTasks(id, (aggregate, tasks) =>
    takeDate(aggregate, { ...given, tasks }, world.rules, world.now()),
  );
  expect(taken).toBe('given');
};
/** What `releve list` and `show` say of the account. */
const known = async () => {
  const { version, facts, principal, secondaries, home, further } = await world.userOf(LOGIN);
  return {
    version,
    changed: facts.changedOn?.toString() ?? null,
    expires: facts.portalOn?.toString() ?? null,
    manager: principal && [principal.name, principal.email],
    spoken: principal && [principal.phone, principal.language],
    deputies: secondaries.map(({ name, email }) => `${name} <${email}>`),
    structure: [home.name, home.phone],
    further: further.map(({ siret }) => siret),
  };
};
const remembered = () =>
  world.database.db.selectFrom('imported_lines').selectAll().orderBy('siret').execute();
/** As a database of 0.6.0 is after its upgrade. */
const forget = () => world.database.db.deleteFrom('imported_lines').execute();
const LINE: Cells = {
  ...{ siret: SIRET, structure: 'Commune de Rochebrise', login: LOGIN },
  ...{ date_changement: '12/03/2026', gestionnaire: 'Camille Martin', courriel: 'c.martin@exemple.fr' },
};
const told = ({ warnings }: Awaited<ReturnType<typeof importing>>) =>
  warnings
    .filter(({ message }) => !message.includes('wrong check digit'))
    .map(({ line, column, message }) => `${line} ${column}: ${message}`);

test.each([
  ['date_changement', CHANGED, '2026-03-12', 'changed', '2026-11-29'],
  ['date_expiration', EXPIRES, '2027-03-12', 'expires', 'no date read for the password of 2026-11-29'],
])(
  '%s: the list of the first time takes nothing back after a handover',
  async (column, list, cell, option, on) => {
    await importing(list);
    world.clock.set('2026-11-29T10:00');
    await handOver();
    const after = await known();
    expect(after).toMatchObject({ version: 2, changed: '2026-11-29', expires: null });
    const rows = await remembered();
    world.clock.set('2026-11-30T10:00');
    const trial = await importing(list, { dryRun: true });
    const once = await importing(list);
    expect(once).toMatchObject({ changed: 0, refused: [], changes: [], kept: true });
    expect(told(once)).toEqual([
      `2 ${column}: the list says ${cell}, as in the last import: no news; left as it is: ${on}, since 2026-11-29, from a password that was handed in; if the list is right: releve set ${LOGIN} --${option} ${cell}`,
    ]);
    expect(told(trial)).toEqual(told(once));
    expect(told(await importing(list))).toEqual(told(once));
    expect([await known(), await remembered()]).toEqual([after, rows]);
    // The first import after an upgrade knows no former cell.
    await forget();
    const upgraded = await importing(list);
    expect(told(upgraded)).toMatchObject([
      expect.stringContaining('and no earlier import is remembered: no news'),
    ]);
    expect(await known()).toEqual(after);
    expect(await remembered()).toEqual(rows);
    // A list that was put right, and then an old one: what Chorus Pro accepted stays, whatever the list said in between.
    const caughtUp = list.replaceAll('12/03/2026', '29/11/2026').replaceAll('12/03/2027', '28/11/2027');
    expect(told(await importing(caughtUp))).toEqual([]);
    const right = await known();
    expect(right).toMatchObject({ version: 2, changed: '2026-11-29' });
    const [old = ''] = told(await importing(list));
    expect(old).toContain(`2 ${column}: the list says ${cell}; left as it is: `);
    expect(old).toContain(`releve set ${LOGIN} --${option} ${cell}`);
    expect(await known()).toEqual(right);
    expect(told(await importing(list))[0]).toContain('as in the last import: no news');
    expect(await known()).toEqual(right);
  },
);

test('a list that gave a later date hides no handover from older lists, in whatever order they come', async () => {
  const older: Cells[] = [
    { ...LINE, date_expiration: '12/03/2027' },
    { ...LINE, date_changement: '', date_expiration: '20/04/2027' },
    { ...LINE, date_changement: '20/10/2026', date_expiration: '' },
    { ...LINE, date_changement: '29/11/2026', date_expiration: '28/10/2027' },
  ];
  await importing(older.slice(0, 1));
  world.clock.set('2026-11-29T10:00');
  await handOver();
  world.clock.set('2026-12-02T10:00');
  // It caught up with the handover, a day too late.
  await importing([{ ...LINE, date_changement: '30/11/2026' }]);
  const after = await known();
  expect(after).toMatchObject({ version: 3, changed: '2026-11-30', expires: null });
  expect(told(await importing(older.slice(0, 1)))).toEqual([
    `2 date_changement: the list says 2026-03-12; left as it is: 2026-11-30, since 2026-12-02, from import liste.csv (agent); the list contradicts a password that was handed in, on 2026-11-29; if the list is right: releve set ${LOGIN} --changed 2026-03-12`,
    `2 date_expiration: the list says 2027-03-12, as in the last import: no news; left as it is: no date read for the password of 2026-11-30, since 2026-12-02, from import liste.csv (agent); if the list is right: releve set ${LOGIN} --expires 2027-03-12`,
  ]);
  for (const order of [older, older.toReversed()]) {
    for (const line of order) {
      const { changes, warnings } = await importing([line]);
      expect([line, changes, await known()]).toEqual([line, [], after]);
      expect(warnings.length).toBeGreaterThan(0);
      // Nor where no former cell is known.
      await forget();
      expect((await importing([line])).changes).toEqual([]);
    }
  }
  // Beside a later change, the expiry of a former password is none of the new one's.
  await forget();
  const mixed = await importing([{ ...LINE, date_changement: '30/11/2026', date_expiration: '15/04/2027' }]);
  expect(told(mixed).join()).toContain('the list contradicts a password that was handed in, on 2026-11-29');
  const later = await importing([{ ...LINE, date_changement: '01/12/2026', date_expiration: '16/04/2027' }]);
  expect(told(later)).toEqual([
    `2 date_expiration: the list says 2027-04-16; left as it is: a later change; the list contradicts a password that was handed in, on 2026-11-29; if the list is right: releve set ${LOGIN} --expires 2027-04-16`,
  ]);
  expect(await known()).toMatchObject({ version: 4, changed: '2026-12-01', expires: null });
  // What is later than the handover's day and has its full validity is heard.
  await importing([{ ...LINE, date_changement: '01/12/2026', date_expiration: '30/11/2027' }]);
  expect(await known()).toMatchObject({ version: 4, changed: '2026-12-01', expires: '2027-11-30' });
});

test('the same cell is the same however it is spelt', async () => {
  await importing([
    { ...LINE, secondaires: 'Jean <jean@exemple.fr>, zoe@exemple.fr', telephone: '0353011234' },
  ]);
  world.clock.set('2026-11-29T10:00');
  await handOver();
  await setting(SIRET, {
    manager: { name: 'Zoé Roux', email: 'z.roux@exemple.fr' },
    deputies: [],
    name: 'Ville',
  });
  const after = await known();
  for (const date of ['2026-03-12', '12-03-2026', ' 12/03/2026 ']) {
    const spelt = {
      ...{ ...LINE, date_changement: date, courriel: 'C.Martin@exemple.fr', telephone: '+33 3 53 01 12 34' },
      ...{ secondaires: 'ZOE@exemple.fr | Jean <jean@exemple.fr>', siret: '99990 000 100 001' },
    };
    const report = await importing([spelt]);
    const news = told(report).filter((line) => !line.includes('no news'));
    expect([report.changes, news]).toEqual([[], []]);
    expect(await known()).toEqual(after);
  }
});

test.each<[string, string, Correction, Cells, Cells, string]>([
  [
    'set --changed',
    LOGIN,
    { changed: '2026-11-29' },
    {},
    { date_changement: '13/03/2026' },
    '--changed 2026-03-13',
  ],
  [
    ...(['set --expires', LOGIN, { expires: '2027-03-20' }, { date_expiration: '12/03/2027' }] as const),
    ...([{ date_expiration: '13/03/2027' }, '--expires 2027-03-13'] as const),
  ],
  [
    ...(['set --expires none', LOGIN, { expires: 'none' }, { date_expiration: '12/03/2027' }] as const),
    ...([{ date_expiration: '13/03/2027' }, '--expires 2027-03-13'] as const),
  ],
  [
    ...(['set --manager', LOGIN, { manager: { name: 'Zoé', email: 'zoe@exemple.fr' } }, {}] as const),
    ...([{ gestionnaire: 'Ada', courriel: 'ada@exemple.fr' }, '--manager "ada@exemple.fr"'] as const),
  ],
  [
    ...(['set --email', 'c.martin@exemple.fr', { email: 'camille@exemple.fr' }, {}] as const),
    ...([{ courriel: 'cmartin@exemple.fr' }, '--manager "cmartin@exemple.fr"'] as const),
  ],
  [
    'set --name of a person',
    'c.martin@exemple.fr',
    { name: 'Camille' },
    {},
    { gestionnaire: 'C. Martin' },
    '--name',
  ],
  [
    ...(['set --phone of a person', 'c.martin@exemple.fr', { phone: '03 53 01 00 91' }] as const),
    ...([{ telephone: '0353011234' }, { telephone: '0353011235' }, '--phone'] as const),
  ],
  [
    'set --phone none',
    'c.martin@exemple.fr',
    { phone: 'none' },
    { telephone: '0353011234' },
    { telephone: '0353011235' },
    '--phone',
  ],
  ['set --language', 'c.martin@exemple.fr', { language: 'en' }, { langue: 'fr' }, {}, ''],
  ['set --name', SIRET, { name: 'Ville de Rochebrise' }, {}, { structure: 'Rochebrise' }, '--name'],
  [
    ...(['set --phone', SIRET, { phone: '03 53 01 00 90' }, { telephone_structure: '0353011200' }] as const),
    ...([{ telephone_structure: '0353011201' }, '--phone'] as const),
  ],
  [
    ...(['set --deputies', SIRET, { deputies: [{ name: null, email: 'b@exemple.fr' }] }] as const),
    ...([
      { secondaires: 'a@exemple.fr' },
      { secondaires: 'a@exemple.fr, d@exemple.fr' },
      '--deputies',
    ] as const),
  ],
  [
    ...(['set --remove-deputy', SIRET, { removeDeputy: [{ name: null, email: 'a@exemple.fr' }] }] as const),
    ...([
      { secondaires: 'a@exemple.fr, b@exemple.fr' },
      { secondaires: 'a@exemple.fr' },
      '--deputies',
    ] as const),
  ],
  [
    'set --email of a deputy',
    ...([
      'jean@exemple.fr',
      { email: 'j.petit@exemple.fr' },
      { secondaires: 'J <jean@exemple.fr>' },
    ] as const),
    ...([{ secondaires: 'J <jean@exemple.fr>, ada@exemple.fr' }, '--deputies'] as const),
  ],
])(
  '%s stays: the old cell is no news, and another one is told and left',
  async (_, subject, correction, more, other, set) => {
    const first = { ...LINE, ...more };
    await importing([first]);
    world.clock.set('2026-11-20T10:00');
    await setting(subject, correction);
    const after = await known();
    for (const again of [1, 2]) {
      const report = await importing([first]);
      expect([again, report.changes, await known()]).toEqual([again, [], after]);
      expect(told(report).join()).toMatch(/no news; left as it is: .*, since 2026-11-20, from set \(agent\)/);
    }
    await forget();
    expect((await importing([first])).changes).toEqual([]);
    expect(await known()).toEqual(after);
    if (Object.keys(other).length === 0) return;
    const changed = await importing([{ ...first, ...other }]);
    expect(changed).toMatchObject({ changes: [], refused: [] });
    const news = told(changed).filter((line) => !line.includes('no news'));
    expect(news).toMatchObject([expect.stringContaining('the list says ')]);
    expect(news[0]).toContain(', since 2026-11-20, from set (agent); if the list is right: releve set ');
    expect(news[0]).toContain(set);
    expect(told(await importing([{ ...first, ...other }])).join()).toContain('no news');
    expect(await known()).toEqual(after);
  },
);

test.each<[Correction, Cells]>([
  [{ changed: '2026-02-01' }, { date_changement: '12/03/2026' }],
  [{ expires: '2027-02-01' }, { date_expiration: '12/03/2027' }],
])('%j, an earlier date, stays after a list without the column', async (correction, cells) => {
  const full = { ...LINE, date_changement: '', ...cells };
  await importing([full]);
  world.clock.set('2026-03-20T10:00');
  await setting(LOGIN, correction);
  const after = await known();
  await importing(`siret;structure;login\n${SIRET};Commune de Rochebrise;${LOGIN}\n`);
  expect((await importing([full])).changes).toEqual([]);
  expect(await known()).toEqual(after);
});

test.each<[string, string, Correction, Cells, Cells]>([
  ['--changed', LOGIN, { changed: '2026-03-12' }, {}, { date_changement: '11/03/2026' }],
  [
    ...(['--expires', LOGIN, { expires: '2027-03-12' }, { date_expiration: '12/03/2027' }] as const),
    { date_expiration: '13/03/2027' },
  ],
  ['--expires none', LOGIN, { expires: 'none' }, {}, { date_expiration: '13/03/2027' }],
  [
    ...(['--manager', LOGIN, { manager: { name: 'Camille Martin', email: 'c.martin@exemple.fr' } }] as const),
    ...([{}, { gestionnaire: 'Zoé', courriel: 'zoe@exemple.fr' }] as const),
  ],
  [
    ...(['--manager', SIRET, { manager: { name: 'Camille Martin', email: 'c.martin@exemple.fr' } }] as const),
    ...([{}, { gestionnaire: 'C. Martin' }] as const),
  ],
  [
    ...(['--deputies', SIRET, { deputies: [{ name: null, email: 'a@exemple.fr' }] }] as const),
    ...([{ secondaires: 'a@exemple.fr' }, { secondaires: 'b@exemple.fr' }] as const),
  ],
  ['--name', SIRET, { name: 'Commune de Rochebrise' }, {}, { structure: 'Ville' }],
  [
    ...(['--phone', SIRET, { phone: '03 53 01 12 00' }, { telephone_structure: '0353011200' }] as const),
    { telephone_structure: '0353011201' },
  ],
  ['--name', 'c.martin@exemple.fr', { name: 'Camille Martin' }, {}, { gestionnaire: 'C. Martin' }],
  [
    ...(['--email', 'c.martin@exemple.fr', { email: 'c.martin@exemple.fr' }, {}] as const),
    { gestionnaire: 'Camille Petit', courriel: 'petit@exemple.fr' },
  ],
  [
    ...([
      '--phone',
      'c.martin@exemple.fr',
      { phone: '03 53 01 12 34' },
      { telephone: '0353011234' },
    ] as const),
    { telephone: '0353011235' },
  ],
  ['--language', 'c.martin@exemple.fr', { language: 'fr' }, {}, { langue: 'en' }],
])(
  'set %s of %s to what is on record is a person’s word too',
  async (_, subject, correction, more, other) => {
    await importing([{ ...LINE, ...more }]);
    const after = await known();
    // Said twice, it is noted once.
    for (const _again of [1, 2]) await setting(subject, correction);
    const noted = await world.database.db
      .selectFrom('events')
      .selectAll()
      .where('who', '=', 'set (agent)')
      .execute();
    expect(noted.map(({ field }) => field)).toEqual(
      'manager' in correction ? ['gestionnaire', 'name'] : [expect.any(String)],
    );
    expect(noted.every(({ old_value, new_value }) => old_value === new_value)).toBe(true);
    for (const memory of ['remembered', 'upgraded']) {
      if (memory === 'upgraded') await forget();
      const report = await importing([{ ...LINE, ...more, ...other }]);
      expect([report.changes, await known()]).toEqual([[], after]);
      expect(told(report).join()).toContain(
        ', since 2026-03-15, from set (agent); if the list is right: releve set ',
      );
    }
  },
);

test('a later expiry alone is no news against one that a person gave, until the list says the same', async () => {
  const line = (date: string) => [{ ...LINE, date_changement: '', date_expiration: date }];
  await importing(line('12/03/2027'));
  await setting(LOGIN, { expires: '2027-02-01' });
  for (const memory of ['remembered', 'upgraded']) {
    if (memory === 'upgraded') await forget();
    const report = await importing(line(memory === 'upgraded' ? '12/03/2027' : '13/03/2027'));
    expect(told(report).join()).toContain(`left as it is: 2027-02-01, since 2026-03-15, from set (agent)`);
    expect(await known()).toMatchObject({ version: 1, expires: '2027-02-01' });
  }
  await importing(line('01/02/2027'));
  await importing(line('13/03/2027'));
  expect(await known()).toMatchObject({ expires: '2027-03-13' });
});

test('an empty cell leaves what is remembered, except of another manager', async () => {
  const full = { ...LINE, telephone: '0353011234', langue: 'fr', telephone_structure: '0353011200' };
  await importing([full]);
  const [before] = await remembered();
  await importing([{ ...LINE, date_changement: '', gestionnaire: '' }]);
  expect(await remembered()).toEqual([before]);
  await importing([{ ...LINE, gestionnaire: 'Zoé', courriel: 'zoe@exemple.fr' }]);
  const [after] = await remembered();
  expect(JSON.parse(after?.cells ?? '')).toEqual({
    ...{ structure: 'Commune de Rochebrise', date_changement: '2026-03-12' },
    ...{ gestionnaire: 'Zoé', courriel: 'zoe@exemple.fr', telephone_structure: '03 53 01 12 00' },
  });
});

test('a list that has caught up with a correction is heard again', async () => {
  await importing([LINE]);
  await setting(LOGIN, { manager: { name: 'Zoé', email: 'zoe@exemple.fr' } });
  await importing([{ ...LINE, gestionnaire: 'Zoé', courriel: 'zoe@exemple.fr' }]);
  const report = await importing([{ ...LINE, gestionnaire: 'Ada', courriel: 'ada@exemple.fr' }]);
  expect(report.changes).toMatchObject([{ field: 'gestionnaire', old: 'Zoé <zoe@exemple.fr>' }]);
  expect(await known()).toMatchObject({ manager: ['Ada', 'ada@exemple.fr'] });
});

test('a later change is another password, and the date beside it is news only where it changed', async () => {
  await importing([{ ...LINE, date_expiration: '12/03/2027' }]);
  world.clock.set('2026-11-29T10:00');
  await handOver();
  world.clock.set('2027-02-02T10:00');
  const report = await importing([{ ...LINE, date_changement: '01/02/2027', date_expiration: '12/03/2027' }]);
  expect(await known()).toMatchObject({ version: 3, changed: '2027-02-01', expires: null });
  expect(told(report)).toMatchObject([
    expect.stringMatching(
      /^2 date_expiration: the list says 2027-03-12, as in the last import: no news; left as it is: a later change;/,
    ),
  ]);
  await importing([{ ...LINE, date_changement: '01/02/2027', date_expiration: '30/01/2028' }]);
  expect(await known()).toMatchObject({ version: 3, changed: '2027-02-01', expires: '2028-01-30' });
});

test('a date that was read for the new password is applied, one of the former password is not', async () => {
  await importing([LINE]);
  world.clock.set('2026-11-29T10:00');
  await handOver();
  expect(told(await importing([{ ...LINE, date_expiration: '12/03/2027' }])).join('\n')).toMatch(
    /date_expiration: the list says 2027-03-12; left as it is: no date read for the password of 2026-11-29, since 2026-11-29, from a password that was handed in/,
  );
  expect(await known()).toMatchObject({ expires: null });
  await importing([{ ...LINE, date_expiration: '27/11/2027' }]);
  expect(await known()).toMatchObject({ version: 2, changed: '2026-11-29', expires: '2027-11-27' });
});

test('a date that came with the password, and one that the manager gave, stay', async () => {
  await importing([{ ...LINE, date_changement: '' }]);
  await dateGiven('2027-03-12');
  const again = await importing([{ ...LINE, date_changement: '', date_expiration: '01/03/2027' }]);
  expect(told(again)).toMatchObject([
    expect.stringContaining('2027-03-12, since 2026-03-15, from Camille Martin <c.martin@exemple.fr>; if'),
  ]);
  world.clock.set('2026-11-29T10:00');
  await handOver('28/11/2027');
  await importing([{ ...LINE, date_expiration: '01/11/2027' }]);
  expect(await known()).toMatchObject({ version: 2, changed: '2026-11-29', expires: '2027-11-28' });
});

test('a structure that a correction took away is not added again', async () => {
  const second = { ...LINE, siret: '99990000500002', structure: 'Montaigu' };
  await importing([LINE, second]);
  await setting(LOGIN, { removeStructure: '99990000500002' });
  for (const memory of ['remembered', 'upgraded']) {
    if (memory === 'upgraded') await forget();
    const report = await importing([LINE, second]);
    expect(report).toMatchObject({ changes: [], refused: [] });
    expect(told(report).filter((line) => line.includes('does not serve'))).toMatchObject([
      expect.stringContaining(`releve set ${LOGIN} --add-structure 99990000500002`),
    ]);
    expect(await known()).toMatchObject({ further: [] });
  }
});

test.each([`TECH_1_${SIRET}`, `mailto:${LOGIN}`])(
  'an account that 0.6.0 registered as %s gets no second one beside it',
  async (login) => {
    await importing([LINE]);
    const row = { login, login_key: login.toLowerCase() };
    await world.database.db.updateTable('technical_users').set(row).execute();
    const other = { ...LINE, login: `TECH_2_${SIRET}@cpro.fr` };
    for (const typed of [login, LOGIN]) {
      expect(await importing([{ ...LINE, login: typed }, other])).toMatchObject({
        ...{ created: 0, possible: { created: 1 }, kept: false },
        refused: [
          {
            ...{ line: 2, column: 'login' },
            message: `${LOGIN} is registered as ${login}: a second account would stand beside it; put that one aside, and import again: releve set ${login} --retire`,
          },
        ],
      });
    }
    await setting(login, { retire: true });
    expect(await importing([LINE, other])).toMatchObject({ created: 2, refused: [], kept: true });
    expect(await importing([LINE, other])).toMatchObject({ created: 0, unchanged: 2, refused: [] });
  },
);

test('a retired account stays retired, and a trial run remembers nothing', async () => {
  await importing([LINE], { dryRun: true });
  expect(await remembered()).toEqual([]);
  await importing([LINE]);
  await setting(LOGIN, { retire: true });
  await importing([{ ...LINE, telephone: '0353011234' }], { dryRun: true });
  expect((await remembered()).map(({ cells }) => JSON.parse(cells))).toEqual([
    {
      ...{ structure: 'Commune de Rochebrise', date_changement: '2026-03-12' },
      ...{ gestionnaire: 'Camille Martin', courriel: 'c.martin@exemple.fr' },
    },
  ]);
  expect((await importing([LINE])).changed).toBe(0);
  expect((await world.userOf(LOGIN)).retired).toBe(true);
});

test('a deputy who has become the manager is told as that, and nobody else is left out', async () => {
  await importing([{ ...LINE, secondaires: 'jean@exemple.fr' }]);
  await setting(SIRET, { manager: { name: null, email: 'jean@exemple.fr' } });
  const list = [{ ...LINE, secondaires: 'jean@exemple.fr' }];
  const [alone] = told(await importing(list));
  expect(alone).toBe('2 secondaires: the principal manager stands among the deputies too; left out there');
  await setting(SIRET, { deputies: [{ name: null, email: 'ada@exemple.fr' }] });
  expect(told(await importing(list)).join()).toContain(
    `the list says nobody but the principal manager, as in the last import: no news; left as it is: ada@exemple.fr, since 2026-03-15, from set (agent); if the list is right: releve set ${SIRET} --deputies none`,
  );
});

test('many lines that lag behind are one remark for each column', async () => {
  const list = Array.from({ length: 5 }, (_, place) => ({
    ...LINE,
    login: `TECH_${place + 1}_${SIRET}@cpro.fr`,
  }));
  await importing(list);
  await setting(SIRET, { manager: { name: 'Zoé', email: 'zoe@exemple.fr' }, name: 'Ville' });
  expect(told(await importing(list)).map((line) => line.replace(/: .*;/, ' …;'))).toEqual([
    '2 structure …; the same on 4 more lines',
    '2 courriel …; the same on 4 more lines',
  ]);
});

// Further cases of the kind, as operators of other programs reported them.

// SEED-platform/seed#1646: a value was corrected by hand; its owner updates other cells of the line, and the old value comes with them.
test('a corrected value stays while another cell of the line is applied', async () => {
  const old = { ...LINE, secondaires: 'jean@exemple.fr' };
  await importing([old]);
  await setting(SIRET, { name: 'Commune nouvelle de Rochebrise' });
  await importing([{ ...old, secondaires: 'jean@exemple.fr, ada@exemple.fr', telephone: '0353011234' }]);
  expect(await known()).toMatchObject({
    structure: ['Commune nouvelle de Rochebrise', null],
    deputies: ['jean@exemple.fr <jean@exemple.fr>', 'ada@exemple.fr <ada@exemple.fr>'],
    spoken: ['03 53 01 12 34', 'fr'],
  });
});

// The same within a cell: a list of people of which one was corrected by hand and another is new.
test('a deputy whose name was corrected keeps it when the list of deputies changes', async () => {
  await importing([{ ...LINE, secondaires: 'J. Petit <jean@exemple.fr>' }]);
  await setting('jean@exemple.fr', { name: 'Jean Petit' });
  await importing([{ ...LINE, secondaires: 'J. Petit <jean@exemple.fr>, Ada <ada@exemple.fr>' }]);
  expect((await known()).deputies).toEqual(['Jean Petit <jean@exemple.fr>', 'Ada <ada@exemple.fr>']);
  const report = await importing([
    { ...LINE, secondaires: 'Jeannot <jean@exemple.fr>, Ada <ada@exemple.fr>' },
  ]);
  expect((await known()).deputies[0]).toBe('Jean Petit <jean@exemple.fr>');
  expect(told(report)).toMatchObject([
    expect.stringContaining('the list says Jeannot; left as it is: Jean Petit'),
  ]);
});

// baserow/baserow#3746, akeneo/pim-community-dev#6739, pimcore/pimcore#4263: a column that is skipped, or a cell that is empty,
// empties the field; and when it comes back, it must not come back with what was true before.
test('columns that were left out for a time, and cells that were emptied, come back without what they said', async () => {
  const full = {
    ...LINE,
    telephone: '0353011234',
    date_expiration: '12/03/2027',
    secondaires: 'jean@exemple.fr',
  };
  await importing([full]);
  world.clock.set('2026-11-29T10:00');
  await handOver();
  await setting(SIRET, { manager: { name: 'Zoé', email: 'zoe@exemple.fr' }, deputies: [] });
  const after = await known();
  for (const silent of [
    `siret;structure;login\n${SIRET};Commune de Rochebrise;${LOGIN}\n`,
    [{ ...LINE, date_changement: '', gestionnaire: '', courriel: '' }],
  ]) {
    await importing(silent);
    expect(await known()).toEqual(after);
    const back = await importing([full]);
    expect(back.changes).toEqual([]);
    expect(told(back).map((line) => line.split(':')[0])).toEqual([
      ...['2 date_changement', '2 date_expiration', '2 courriel', '2 secondaires'],
    ]);
    expect(await known()).toEqual(after);
  }
});

// obsidianmd/obsidian-importer#647: which is newer, the source or the edit, makes no difference. Meeds-io/social#642: a list of
// users replaces what a password change of each has set since.
test('a list put in every night is heard where it is newer, and only there', async () => {
  const line = (date: string, courriel: string) => [{ ...LINE, date_changement: date, courriel }];
  await importing(line('12/03/2026', 'c.martin@exemple.fr'));
  world.clock.set('2026-11-29T10:00');
  await handOver();
  for (const night of [1, 2, 3]) {
    const { changes } = await importing(line('12/03/2026', 'c.martin@exemple.fr'));
    expect([night, changes]).toEqual([night, []]);
  }
  expect((await importing(line('12/03/2026', 'accueil@exemple.fr'))).changes).toMatchObject([
    { field: 'gestionnaire', new: 'Camille Martin <accueil@exemple.fr>' },
  ]);
  world.clock.set('2027-06-01T10:00');
  await importing(line('30/05/2027', 'accueil@exemple.fr'));
  expect(await known()).toMatchObject({
    version: 3,
    changed: '2027-05-30',
    manager: ['Camille Martin', 'accueil@exemple.fr'],
  });
});

// pluginsGLPI/datainjection#342: fields that are locked are left without a word. CityOfDetroit/bloom#568: people who edit their
// own entry are overwritten by the next survey.
test('what is left is told in a trial run too, with the login’s environment where it is needed', async () => {
  const twins = ['production', 'qualification'].map((environnement) => ({
    ...LINE,
    environnement,
    date_changement: '',
  }));
  await importing(twins);
  await dateGiven('2027-03-12');
  const changed = twins.map((line) => ({ ...line, date_expiration: '01/03/2027' }));
  const trial = await importing(changed, { dryRun: true });
  expect(told(trial)).toMatchObject([
    expect.stringContaining(
      `if the list is right: releve set ${LOGIN} --expires 2027-03-01 --environment production`,
    ),
  ]);
  expect(trial).toMatchObject({ possible: { changed: 1, unchanged: 1 }, kept: false });
  expect(told(await importing(changed))).toEqual(told(trial));
});
