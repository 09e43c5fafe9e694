import { afterEach, beforeEach, expect, test } from 'vitest';
import { runShow } from '../../../src/cli/registry/show.ts';
import { goodLine, sheet, siretOf } from '../../adapters/csv/sheet.ts';
import { openRegistryWorld, type RegistryWorld } from '../operator.ts';

const LOGIN1 = `TECH_1_${siretOf(1)}@cpro.fr`;
let world: RegistryWorld;
beforeEach(async () => {
  world = await openRegistryWorld();
  const keeping = { dryRun: false, partial: false };
  const at = Temporal.Instant.from('2026-11-20T23:30:00Z').epochMilliseconds;
  const today = Temporal.PlainDate.from('2026-11-21');
  const lines = [goodLine(1, { secondaires: 'jean@a.test' }), goodLine(2)];
  await world.importFile(sheet(lines), {
    today,
    keeping,
    stamp: { at, who: 'import a.csv', why: null },
    progress: () => undefined,
  });
  const stamp = { at: at + 864e5, who: 'set (agent)', why: 'élections' };
  await world.correct(
    {
      subject: siretOf(1),
      environment: null,
      correction: { manager: { name: 'Zoé', email: 'zoe@a.test' } },
      dryRun: false,
    },
    stamp,
  );
  await world.correct(
    { subject: LOGIN1, environment: null, correction: { addStructure: siretOf(2) }, dryRun: false },
    stamp,
  );
});
afterEach(() => world.database.close());

const show = async (subject: string, json: boolean) => {
  await runShow(subject, { json }, world, world.io);
  return world.io.take();
};

test('what people read about a login', async () => {
  expect(await show(LOGIN1, false)).toMatchInlineSnapshot(`
    "TECH_1_20000000000014@cpro.fr
    environment    production
    structure      Commune 1, SIRET 20000000000014
    also serves    Commune 2, SIRET 20000000000022
    expires        2027-03-01 (computed), 100 days left
    at the latest  2027-04-29
    last change    2026-03-01
    password       version 1
    validity       P1Y, at the latest P424D
    state          quiet
    next step      2026-12-31
    principal      Zoé <zoe@a.test>
    deputy         jean@a.test

    Managers
    role       since       until       who
    principal  2026-11-21  2026-11-22  Élodie Maire 1 <maire1@commune.test>
    secondary  2026-11-21              jean@a.test
    principal  2026-11-22              Zoé <zoe@a.test>

    History
    2026-11-21  import a.csv
      Élodie Maire 1
        name                 (nothing) → Élodie Maire 1
      jean@a.test
        name                 (nothing) → jean@a.test
      20000000000014 Commune 1
        structure            (nothing) → Commune 1
        gestionnaire         (nothing) → Élodie Maire 1 <maire1@commune.test>
        secondaires          (nothing) → jean@a.test
      TECH_1_20000000000014@cpro.fr
        login                (nothing) → TECH_1_20000000000014@cpro.fr
        date_changement      (nothing) → 2026-03-01
    2026-11-22  set (agent): élections
      Zoé
        name                 (nothing) → Zoé
      20000000000014 Commune 1
        gestionnaire         Élodie Maire 1 <maire1@commune.test> → Zoé <zoe@a.test>
      TECH_1_20000000000014@cpro.fr
        further              (nothing) → 20000000000022
    "
  `);
});

test('the answer of a manager, and until when reminders rest because of it', async () => {
  const [user] = JSON.parse(await show(LOGIN1, true)).users;
  const at = Temporal.Instant.from('2026-11-20T09:00:00Z').epochMilliseconds;
  const quiet = { kind: 'will-do', until: '2026-12-02', deadline: '2027-03-01' };
  const given = { kind: 'away', at, day: '2026-12-20', task: 't', version: 1, personId: user.principal.id };
  await world.database.db
    .updateTable('technical_users')
    .set({ answered: JSON.stringify({ ...given, quiet }) })
    .where('login', '=', LOGIN1)
    .execute();
  expect(await show(LOGIN1, false)).toMatch(
    /\nanswered +away 2026-12-20, at 2026-11-20 10:00:00 \(releve task list --done\)\nreminders +to the manager rest until 2026-12-02, who answered will-do;\n +deputies get theirs\nprincipal /,
  );
  expect(JSON.parse(await show(LOGIN1, true)).users[0]).toMatchObject({
    answered: { kind: 'away', day: '2026-12-20', at: '2026-11-20T09:00:00Z' },
    remindersRestUntil: '2026-12-02',
  });
  const then = { ...world.io, now: () => Temporal.Instant.from('2026-12-02T09:00:00Z') };
  await runShow(LOGIN1, {}, world, then);
  const later = world.io.take();
  expect(later).toMatch(/\nanswered /);
  expect(later).not.toMatch(/\nreminders /);
});

test('what programs read', async () => {
  const found = JSON.parse(await show(LOGIN1.toLowerCase(), true));
  expect(found).toMatchObject({
    structure: null,
    users: [
      {
        login: LOGIN1,
        expiresOn: '2027-03-01',
        latestOn: '2027-04-29',
        nextStepOn: '2026-12-31',
        changedOn: '2026-03-01',
        portalOn: null,
        version: 1,
        validity: { workTowards: 'P1Y', latest: 'P424D', own: false },
        principal: { name: 'Zoé' },
        further: [{ siret: siretOf(2) }],
        letters: [],
      },
    ],
  });
  // The days are those of Paris: the import was made after midnight there.
  expect(found.mandates[0]).toMatchObject({ role: 'principal', since: '2026-11-21', until: '2026-11-22' });
  expect(found.history.at(-1)).toMatchObject({ why: 'élections', field: 'further', new: siretOf(2) });
});

test('a SIRET shows the structure and all that serve it, blanks or not', async () => {
  const siret = siretOf(2);
  const found = JSON.parse(await show(`${siret.slice(0, 9)} ${siret.slice(9)}`, true));
  expect(found.structure).toEqual({ siret, name: 'Commune 2', phone: null });
  expect(found.users).toHaveLength(2);
});

test('telephone numbers are shown where there are any', async () => {
  const stamp = { at: 1, who: 'x', why: null };
  const set = (subject: string, phone: string) =>
    world.correct({ subject, environment: null, correction: { phone }, dryRun: false }, stamp);
  await set(siretOf(1), '03 53 01 12 00');
  await set('zoe@a.test', '03 53 01 12 34, 06 39 98 12 34');
  const text = await show(siretOf(1), false);
  expect(text).toMatch(/^Commune 1\nSIRET 20000000000014, telephone 03 53 01 12 00\n/);
  expect(text).toMatch(/\nstructure +Commune 1, SIRET 20000000000014, telephone 03 53 01 12 00\n/);
  expect(text).toMatch(/\nprincipal +Zoé <zoe@a.test>, telephone 03 53 01 12 34, 06 39 98 12 34\n/);
  const [, managers = ''] = /\nManagers\n([\s\S]*?)\n\n/.exec(text) ?? [];
  expect(managers.split('\n').map((row) => row.split(/ {2,}/))).toEqual([
    ['role', 'since', 'until', 'who'],
    ['principal', '2026-11-21', '2026-11-22', 'Élodie Maire 1 <maire1@commune.test>'],
    ['secondary', '2026-11-21', 'jean@a.test'],
    // No number is broken.
    ['principal', '2026-11-22', 'Zoé <zoe@a.test>, telephone 03 53 01 12 34,'],
    ['', '06 39 98 12 34'],
  ]);
  expect(JSON.parse(await show(siretOf(1), true))).toMatchObject({
    structure: { phone: '03 53 01 12 00' },
    users: [{ principal: { name: 'Zoé', phone: '03 53 01 12 34, 06 39 98 12 34' } }],
    mandates: [{ phone: null }, { phone: null }, { phone: '03 53 01 12 34, 06 39 98 12 34' }],
  });
});

test('who is not known: what looks like it', async () => {
  await expect(show(LOGIN1.replace('TECH', 'TEHC'), false)).rejects.toMatchObject({ exitCode: 1 });
  await expect(show(LOGIN1.replace('TECH', 'TEHC'), false)).rejects.toThrow(`near it:\n  ${LOGIN1}`);
  await expect(show('qqqq', false)).rejects.toThrow('releve list shows all');
  await expect(show('Zz9(canary-8Q', false)).rejects.not.toThrow('canary');
});

test('a name or an address shows the technical user; a structure with several, all of them', async () => {
  expect(JSON.parse(await show('zoé', true)).users).toMatchObject([{ login: LOGIN1 }]);
  expect(JSON.parse(await show('ZOE@a.test', true)).users).toMatchObject([{ login: LOGIN1 }]);
  await expect(show('commune', false)).rejects.toThrow(/^2 technical users may be meant/);
  await world.importFile(sheet([goodLine(1, { environnement: 'qualification' })]), {
    today: Temporal.PlainDate.from('2026-11-21'),
    keeping: { dryRun: false, partial: false },
    stamp: { at: 1, who: 'import b.csv', why: null },
    progress: () => undefined,
  });
  const found = JSON.parse(await show('commune 1', true));
  expect(found.structure).toMatchObject({ siret: siretOf(1) });
  expect(found.users).toHaveLength(2);
});
