import { afterEach, beforeEach, expect, test } from 'vitest';
import { runSet, type SetOptions, setCommand } from '../../../src/cli/registry/set.ts';
import { pauseOf } from '../../../src/domain/reminder/quiet.ts';
import { goodLine, sheet, siretOf } from '../../adapters/csv/sheet.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { openRegistryWorld, type RegistryWorld } from '../operator.ts';

const S1 = siretOf(1);
const LOGIN1 = `TECH_1_${S1}@cpro.fr`;
let world: RegistryWorld;
beforeEach(async () => {
  world = await openRegistryWorld();
  const keeping = { dryRun: false, partial: false };
  const stamp = { at: 1, who: 'x', why: null };
  const today = Temporal.PlainDate.from('2026-11-21');
  await world.importFile(sheet([goodLine(1), goodLine(2)]), {
    today,
    keeping,
    stamp,
    progress: () => undefined,
  });
});
afterEach(() => world.database.close());

const set = async (subject: string, options: SetOptions) => {
  await runSet(subject, { json: true, ...options }, world, world.io);
  return JSON.parse(world.io.take());
};
const events = () => world.database.db.selectFrom('events').selectAll().where('at', '>', 1).execute();

test('what was typed becomes what is known', async () => {
  const done = await set(LOGIN1, {
    expires: '12/02/2027',
    changed: '2026-02-12',
    validity: 'p1y',
    why: 'read by phone',
  });
  expect(done).toEqual({
    changes: [
      {
        subject: 'technical-user',
        of: LOGIN1,
        field: 'date_changement',
        old: '2026-03-01',
        new: '2026-02-12',
      },
      { subject: 'technical-user', of: LOGIN1, field: 'date_expiration', old: null, new: '2027-02-12' },
      { subject: 'technical-user', of: LOGIN1, field: 'validity', old: null, new: 'P1Y' },
    ],
    warnings: [],
    kept: true,
  });
  const odd = await set(LOGIN1, { expires: '12/02/27', dryRun: true });
  expect(odd.warnings).toEqual(['--expires: “12/02/27” was read as 2027-02-12']);
  expect(await events()).toMatchObject([
    { who: 'set (agent)', why: 'read by phone', field: 'date_changement' },
    { field: 'date_expiration' },
    { field: 'validity' },
  ]);
});

test('people as they are typed', async () => {
  const spaced = `${S1.slice(0, 3)} ${S1.slice(3)}`;
  expect((await set(spaced, { manager: 'Zoé Le Goff <zoe@a.test>' })).changes).toMatchObject([
    { of: `${S1} Commune 1`, field: 'gestionnaire', new: 'Zoé Le Goff <zoe@a.test>' },
  ]);
  expect((await set(S1, { deputies: 'Jean <jean@a.test>, b@a.test' })).changes).toMatchObject([
    { field: 'secondaires', old: null, new: 'Jean <jean@a.test>, b@a.test' },
  ]);
  expect((await set(S1, { deputies: 'none' })).changes).toMatchObject([{ new: null }]);
  expect((await set(S1, { manager: 'Nobody Yet' })).warnings[0]).toMatch(/cannot be written to/);
  // The same person in another spelling: an address, and no other manager.
  expect((await set(S1, { manager: 'Mme NOBODY Yet <yet@a.test>' })).changes).toMatchObject([
    { field: 'name', old: 'Nobody Yet' },
    { field: 'courriel', old: null, new: 'yet@a.test' },
  ]);
  const zoe = 'Zoé Le Goff <zoe@a.test>';
  expect((await set(S1, { manager: `${zoe} 03 53 01 12 34` })).changes).toMatchObject([
    { of: 'Zoé Le Goff', field: 'telephone', old: null, new: '03 53 01 12 34' },
    { field: 'gestionnaire', new: zoe },
  ]);
  expect((await set('zoe@a.test', { phone: '+33 6 39 98 12 34 poste 2' })).changes).toMatchObject([
    { of: 'Zoé Le Goff', field: 'telephone', old: '03 53 01 12 34', new: '06 39 98 12 34 poste 2' },
  ]);
  expect((await set('zoe@a.test', { phone: 'none' })).changes).toMatchObject([{ new: null }]);
  expect((await set(S1, { phone: '0353011200, 0353011201' })).changes).toMatchObject([
    { field: 'telephone_structure', old: null, new: '03 53 01 12 00, 03 53 01 12 01' },
  ]);
});

/** Every option of each kind of subject, as it is typed; what it makes of a field that has that value already. */
const person = 'Zoé Le Goff <zoe@a.test>';
const twice: readonly (readonly [subject: string, SetOptions])[] = [
  [LOGIN1, { expires: '12/02/2027' }],
  [LOGIN1, { expires: 'none' }],
  [LOGIN1, { changed: '2026-02-12' }],
  [LOGIN1, { changed: 'none' }],
  [LOGIN1, { validity: 'P1Y' }],
  [LOGIN1, { validity: 'none' }],
  [LOGIN1, { latest: 'P424D' }],
  [LOGIN1, { latest: 'none' }],
  [LOGIN1, { pauseUntil: '2026-12-20', why: 'she is away' }],
  [LOGIN1, { pauseUntil: 'none' }],
  [LOGIN1, { addStructure: siretOf(2) }],
  [LOGIN1, { retire: true }],
  [LOGIN1, { reinstate: true }],
  [LOGIN1, { manager: person }],
  [LOGIN1, { addDeputy: 'Jean <jean@a.test>' }],
  [S1, { name: 'Commune de Delle' }],
  [S1, { manager: person }],
  [S1, { deputies: 'Jean <jean@a.test>, b@a.test' }],
  [S1, { deputies: 'none' }],
  [S1, { addDeputy: 'b@a.test' }],
  [S1, { phone: '03 53 01 00 90' }],
  [S1, { phone: 'none' }],
  [S1, { manager: 'Zoé Le Goff <zoe@a.test> 03 53 01 00 90' }],
  ['zoe@a.test', { phone: '03 53 01 00 90' }],
  ['zoe@a.test', { name: 'Zoé Le Goff-Martin' }],
  ['zoe@a.test', { email: 'zoe@a.test' }],
  ['zoe@a.test', { language: 'en' }],
  ['zoe@a.test', { addressWorks: true }],
];

test.each(twice)(
  '%s %j, said again, changes nothing: no event, no version, no look by the next tick',
  async (subject, options) => {
    const { db } = world.database;
    await set(S1, { manager: person });
    await set(subject, options);
    await db.updateTable('technical_users').set({ wake_on: '2027-01-01' }).execute();
    const rows = async () => {
      const tables = [
        'technical_users',
        'structures',
        'people',
        'mandates',
        'user_structures',
        'events',
      ] as const;
      return Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()));
    };
    const before = await rows();
    expect(await set(subject, { ...options, why: 'again' })).toMatchObject({ changes: [], kept: true });
    expect(await rows()).toEqual(before);
  },
);

test('each option of set is among those that are said twice, but for what can be taken away once', () => {
  const said = new Set(twice.flatMap(([, { why: _, ...options }]) => Object.keys(options)));
  const command = setCommand(async () => Promise.reject(new Error('not opened')), world.io);
  const all = command.options.map((option) => option.attributeName());
  const once = ['removeStructure', 'removeDeputy', 'environment', 'why', 'dryRun', 'json'];
  expect(all.filter((name) => !said.has(name)).sort()).toEqual(once.sort());
});

test('a trial run writes nothing', async () => {
  expect(await set(LOGIN1, { retire: true, dryRun: true })).toMatchObject({
    kept: false,
    changes: [{ field: 'retired' }],
  });
  expect(await events()).toEqual([]);
});

test('what people read', async () => {
  await runSet(LOGIN1, { expires: '2027-02-12' }, world, world.io);
  expect(world.io.take()).toMatch(/date_expiration +\(nothing\) → 2027-02-12/);
  await runSet(LOGIN1, { expires: '2027-02-12' }, world, world.io);
  expect(world.io.take()).toBe('Nothing changed: it is as you say already.\n');
  await runSet(S1, { name: 'Ville', dryRun: true }, world, world.io);
  expect(world.io.take()).toMatch(/Commune 1 → Ville\nTrial run, nothing was written\.\n$/);
});

const faults: readonly (readonly [subject: string, options: SetOptions, says: RegExp])[] = [
  [LOGIN1, {}, /say what to correct: --expires/],
  [LOGIN1, { expires: '30/02/2027' }, /--expires: “30\/02\/2027” does not exist: February 2027 has 28 days/],
  [LOGIN1, { changed: '22/11/2026' }, /--changed: .*that day is to come/],
  [LOGIN1, { expires: '2026-03-01' }, /not after the last change known/],
  [LOGIN1, { validity: 'one year' }, /--validity: .*P1Y/],
  [LOGIN1, { latest: 'P0D' }, /--latest: .*P424D/],
  [LOGIN1, { validity: 'P11Y' }, /--validity/],
  [LOGIN1, { addStructure: '123' }, /--add-structure: .*14/],
  [LOGIN1, { language: 'en' }, /--language does not fit a login; these do: --expires/],
  [LOGIN1, { name: 'X' }, /--name does not fit a login/],
  [LOGIN1, { retire: true, reinstate: true }, /not both/],
  [LOGIN1, { pauseUntil: '2026-12-20' }, /--pause-until: say why/],
  [LOGIN1, { pauseUntil: '21/11/2026', why: 'x' }, /2026-11-21 is not to come/],
  [
    LOGIN1,
    { pauseUntil: '2027-02-23', why: 'x' },
    /latest possible day is 2027-02-22: 7 days before the date, 2027-03-01/,
  ],
  [
    LOGIN1,
    { pauseUntil: '2027-01-01', expires: '2026-11-28', why: 'x' },
    /nothing rests in the last week .*2026-11-28/,
  ],
  [
    LOGIN1,
    { pauseUntil: '2026-11-29', expires: '2026-11-20', why: 'x' },
    /latest possible day is 2026-11-28: the date has passed/,
  ],
  [
    LOGIN1,
    { pauseUntil: '2026-11-29', changed: 'none', why: 'x' },
    /latest possible day is 2026-11-28: the date is not known/,
  ],
  [LOGIN1, { pauseUntil: '2026-12-20', manager: 'Zoé <z@a.test>', why: 'x' }, /once the manager is named/],
  [S1, { pauseUntil: '2026-12-20', name: 'X', why: 'x' }, /--pause-until does not fit a SIRET/],
  [S1, { manager: 'Zoé\nBcc: x@y.test' }, /--manager: .*line break/],
  [S1, { manager: '' }, /--manager: a person is expected/],
  [S1, { addDeputy: 'Jean' }, /--add-deputy: “Jean” is not a mail address/],
  [S1, { name: '=1+1' }, /--name: .*formula/],
  [S1, { name: ' ' }, /--name: a name is expected/],
  [S1, { phone: ' ' }, /--phone: a telephone number is expected, or none/],
  [S1, { phone: '03 53 01 12' }, /--phone: .*8 digits, a French telephone number has 10/],
  ['maire1@commune.test', { phone: 'x' }, /--phone: “x” is not a telephone number/],
  [LOGIN1, { phone: '0353011234' }, /--phone does not fit a login; .*; give the SIRET/],
  ['maire1@commune.test', { email: 'x' }, /--email: “x” is not a mail address/],
  ['maire1@commune.test', { retire: true }, /--retire does not fit an address/],
  [S1, { name: 'X', why: 'a\nb' }, /--why: .*line break/],
];
test('what is said of an account is taken by whatever names one alone: its SIRET and its manager, too', async () => {
  for (const subject of [S1, 'maire1@commune.test', 'Commune 1'])
    expect(await set(subject, { expires: '2027-02-20', dryRun: true }), subject).toMatchObject({
      changes: [{ of: LOGIN1, field: 'date_expiration', new: '2027-02-20' }],
    });
  await runSet(S1, { pauseUntil: '2026-12-20', why: 'x' }, world, world.io);
  expect(world.io.take()).toContain(`${LOGIN1} (production)\n`);
  await set(S1, { manager: 'Zoé <maire2@commune.test>' });
  await expect(set('maire2@commune.test', { pauseUntil: '2026-12-20', why: 'x' })).rejects.toThrow(
    '2 technical users may be meant',
  );
});

test.each(faults)('%s %j is wrong use', async (subject, options, says) => {
  await expect(set(subject, options)).rejects.toMatchObject({ exitCode: 2 });
  await expect(set(subject, options)).rejects.toThrow(says);
  expect(await events()).toEqual([]);
});

test('who is not known: exit 1, and what looks like it', async () => {
  await expect(set('maire1@comune.test', { name: 'X' })).rejects.toMatchObject({ exitCode: 1 });
  await expect(set('maire1@comune.test', { name: 'X' })).rejects.toThrow(
    'maire1@commune.test (Élodie Maire 1)',
  );
});

test('a date read on the portal that outlives a change by hand is pointed out', async () => {
  await set(LOGIN1, { changed: 'none', expires: '12/02/2027' });
  const { warnings } = await set(LOGIN1, { changed: '2026-11-20' });
  expect(warnings).toEqual([expect.stringMatching(/2027-02-12 .*stays in force.*--expires none/)]);
  expect((await set(LOGIN1, { changed: '2026-11-21', expires: 'none' })).warnings).toEqual([]);
});

test('a pause is on record with its reason, and ends with the date or the manager that it is about', async () => {
  const paused = { pauseUntil: '2026-12-20', why: 'away till Christmas' };
  expect((await set(LOGIN1, paused)).changes).toMatchObject([
    { field: 'paused_until', old: null, new: '2026-12-20' },
  ]);
  expect(await events()).toMatchObject([{ field: 'paused_until', why: 'away till Christmas' }]);
  const rests = async () => (await world.usersOf(LOGIN1)).map((user) => pauseOf(user, rulesWith())?.until);
  expect(await rests()).toEqual(['2026-12-20']);
  await set(LOGIN1, { expires: '2027-02-12' });
  expect(await rests()).toEqual([undefined]);
  // The same day for the new date is another pause.
  expect((await set(LOGIN1, paused)).changes).toMatchObject([{ new: '2026-12-20, pause 2' }]);
  expect(await rests()).toEqual(['2026-12-20']);
  await set(S1, { manager: 'Zoé <zoe@a.test>' });
  expect(await rests()).toEqual([undefined]);
  await set(LOGIN1, paused);
  expect((await set(LOGIN1, { pauseUntil: 'none' })).changes).toMatchObject([{ new: null }]);
  expect(await rests()).toEqual([null]);
  await set(S1, { manager: 'Nobody Yet' });
  await expect(set(LOGIN1, paused)).rejects.toThrow(/no manager is written to/);
});

test('a name means the technical user, and what was taken is said', async () => {
  expect((await set('elodie maire 1', { phone: '03 53 01 12 00' }).catch((error) => error)).exitCode).toBe(2);
  await runSet('commune 1', { expires: '2027-02-12' }, world, world.io);
  expect(world.io.take()).toContain(`Commune 1: ${LOGIN1} (production)\n`);
  const { changes } = await set('commune 1', { expires: '2027-02-13' });
  expect(changes).toMatchObject([{ of: LOGIN1, new: '2027-02-13' }]);
  await expect(set('commune', { expires: '2027-02-14' })).rejects.toMatchObject({ exitCode: 2 });
  // Somebody's login means that one, in whichever environment: nobody else is taken in its place.
  await world.database.db
    .updateTable('structures')
    .set({ name: LOGIN1 })
    .where('siret', '=', siretOf(2))
    .execute();
  await world.database.db
    .updateTable('technical_users')
    .set({ environment: 'qualification' })
    .where('login', '!=', LOGIN1)
    .execute();
  const other = set(LOGIN1, { expires: '2027-02-15', environment: 'qualification' });
  await expect(other).rejects.toMatchObject({ exitCode: 1 });
});

test('nobody is retired by a part of a name: the login, or all of a field', async () => {
  // « mmune » stands inside a word, « commune 1 » is a whole name, « comm 1 » a part of it.
  await expect(set('mmune 1', { retire: true })).rejects.toThrow(/nothing of this name is known/);
  await expect(set('comm 1', { retire: true })).rejects.toThrow(
    `only a part was typed, and this cannot be taken back. If Commune 1: ${LOGIN1} (production) is meant`,
  );
  expect(await events()).toEqual([]);
  const [{ of, field } = {}] = (await set('comm 1', { retire: true, dryRun: true })).changes;
  expect([of, field]).toEqual([LOGIN1, 'retired']);
  expect(world.asides).toEqual([`only a part was typed; meant is Commune 1: ${LOGIN1} (production)`]);
  expect((await set('commune 1', { retire: true })).changes).toHaveLength(1);
});
