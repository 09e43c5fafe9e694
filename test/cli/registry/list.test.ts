import { afterEach, beforeEach, expect, test } from 'vitest';
import { runList } from '../../../src/cli/registry/list.ts';
import { goodLine, sheet, siretOf } from '../../adapters/csv/sheet.ts';
import { openRegistryWorld, type RegistryWorld } from '../operator.ts';

let world: RegistryWorld;
beforeEach(async () => {
  world = await openRegistryWorld();
  const lines = [
    goodLine(1, { date_changement: '', date_expiration: '21/11/2027', structure: 'Zèbre' }),
    goodLine(2, { date_changement: '01/11/2025', structure: 'Étang' }),
    goodLine(3, { date_changement: '', structure: 'Arbre' }),
    goodLine(4, { date_changement: '', date_expiration: '30/11/2026', environnement: 'qualification' }),
    goodLine(5, { date_changement: '' }),
  ];
  const { io } = world;
  const keeping = { dryRun: false, partial: false };
  const stamp = { at: 1, who: 'x', why: null };
  const today = Temporal.PlainDate.from('2026-11-21');
  await world.importFile(sheet(lines), { today, keeping, stamp, progress: () => undefined });
  await world.correct(
    {
      subject: `TECH_1_${siretOf(5)}@cpro.fr`,
      environment: null,
      correction: { retire: true },
      dryRun: false,
    },
    stamp,
  );
  io.take();
});
afterEach(() => world.database.close());

const entries = async (options: Partial<Parameters<typeof runList>[0]> = {}) => {
  await runList({ sort: 'expires', json: true, ...options }, world, world.io);
  return JSON.parse(world.io.take());
};

test('what programs read', async () => {
  const found = await entries();
  expect(found[0]).toEqual({
    login: `TECH_1_${siretOf(2)}@cpro.fr`,
    siret: siretOf(2),
    structure: 'Étang',
    environment: 'production',
    expiresOn: '2026-11-01',
    expirySource: 'computed',
    daysLeft: -20,
    step: 'J+14',
    state: 'overdue',
    lastLetter: null,
    remindersRestUntil: null,
    health: null,
    stand: null,
    handover: null,
  });
  expect(
    found.map((entry: { state: string; step: string; daysLeft: number }) => [
      entry.state,
      entry.step,
      entry.daysLeft,
    ]),
  ).toEqual([
    ['overdue', 'J+14', -20],
    ['expiring', 'J-15', 9],
    ['unknown', 'unknown', null],
    ['quiet', null, 365],
  ]);
});

test('sorted and filtered', async () => {
  const structures = (found: { structure: string }[]) => found.map((entry) => entry.structure);
  expect(structures(await entries({ sort: 'structure' }))).toEqual(['Arbre', 'Commune 4', 'Étang', 'Zèbre']);
  expect(structures(await entries({ sort: 'login' }))).toEqual(['Zèbre', 'Étang', 'Arbre', 'Commune 4']);
  expect(structures(await entries({ sort: 'days' }))).toEqual(['Étang', 'Commune 4', 'Zèbre', 'Arbre']);
  expect(structures(await entries({ sort: 'state' }))).toEqual(['Étang', 'Commune 4', 'Arbre', 'Zèbre']);
  expect(structures(await entries({ state: 'quiet' }))).toEqual(['Zèbre']);
  expect(structures(await entries({ state: 'retired' }))).toEqual(['Commune 5']);
  expect(await entries({ all: true })).toHaveLength(5);
});

test('what people read', async () => {
  await world.database.db
    .updateTable('technical_users')
    .set({ told_version: 1, told_deadline: '2026-11-01', told_step: 7, told_on: '2026-11-09' })
    .where('changed_on', '=', '2025-11-01')
    .execute();
  await runList({ sort: 'expires' }, world, world.io);
  expect(world.io.take()).toMatchInlineSnapshot(`
    "structure                     login                   expires     days  state
    Étang                         TECH_1_20000000000022  ~2026-11-01   -20  overdue
        last letter 2026-11-09 (J+7)
    Commune 4                     TECH_1_20000000000048   2026-11-30     9  expiring
        qualification
    Arbre                         TECH_1_20000000000030   unknown           unknown
    Zèbre                         TECH_1_20000000000014   2027-11-21   365  quiet

    4 technical users: 1 overdue, 1 expiring, 1 unknown, 1 quiet.
    ~ before a date: computed, not read on the portal.
    "
  `);
});

test('an empty registry says what to do', async () => {
  const empty = await openRegistryWorld();
  await runList({ sort: 'expires' }, empty, empty.io);
  expect(empty.io.take()).toMatch(/releve import FILE\.csv/);
  await runList({ sort: 'expires', json: true }, empty, empty.io);
  expect(JSON.parse(empty.io.take())).toEqual([]);
  await empty.database.close();
});

test('nothing that stands in a name steers the terminal', async () => {
  await world.database.db.updateTable('structures').set({ name: 'A\u001b[2J\u202eB' }).execute();
  await runList({ sort: 'expires' }, world, world.io);
  expect(world.io.take()).toContain('A·[2J·B');
});

test('no row is wider than the terminal, whatever is listed; a wide one has the remarks at the end', async () => {
  const long = 'Communauté d’agglomération de la région de '.repeat(4);
  await world.database.db.updateTable('structures').set({ name: long }).execute();
  await world.database.db
    .updateTable('technical_users')
    .set({ login: 'a-login-that-is-not-like-those-of-chorus-pro-at-all' })
    .where('environment', '=', 'qualification')
    .execute();
  for (const width of [60, 80, 120, 200]) {
    await runList({ sort: 'expires' }, world, { ...world.io, width });
    const text = world.io.take();
    for (const line of text.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(width);
    expect(text.split('\n').filter((line) => line.startsWith('    qualification'))).toHaveLength(
      width < 200 ? 1 : 0,
    );
  }
});
