// What an agent is told who asks which structures an account serves, registered or not.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readLines } from '../../../src/adapters/csv/read-lines.ts';
import { type DiscoverOptions, runDiscover } from '../../../src/cli/registry/discover.ts';
import { quoted } from '../../../src/cli/registry/discover-words.ts';
import { register } from '../../../src/use-cases/registry/register.ts';
import { loginOf, passwordOf } from '../../rig/world-fleet.ts';
import { openProberWorld, type ProberWorld } from '../operator.ts';

const WATER = { siret: '21900000000009', name: "Syndicat de l'eau" };
const NEW = 'TECH_1_21900000000018@cpro.fr';
const TOWN = { siret: '21900000000018', name: 'Mairie de "X"; annexe' };

let world: ProberWorld;
beforeEach(async () => {
  world = await openProberWorld(3);
});
afterEach(() => world.close());

const discover = (login: string, options: DiscoverOptions = {}) =>
  world.run(() => runDiscover(login, options, world.context, world.io));
const discovered = async (login: string, options: DiscoverOptions = {}) => {
  const { exit, said, out } = await discover(login, { ...options, json: true });
  return { exit, said, ...JSON.parse(out || '{}') };
};
const home = (nth: number) => {
  const { siret, name } = world.userAt(nth).home;
  return { siret, name };
};
const serves = (...structures: { siret: string; name: string }[]) =>
  world.chorus.rights.set(loginOf(0), { entitled: true, structures });
const dossier = async () => {
  const found = await world.registry.dossier(loginOf(0), null);
  if (found === null) throw new Error('it is not known');
  return found;
};
const further = async () => (await dossier()).users[0]?.further.map(({ siret, name }) => [siret, name]);

describe('of a registered account', () => {
  test('each structure is told with how it stands, and the corrections as lines for a shell; nothing is written', async () => {
    serves(home(0), WATER, { ...home(1), name: 'Called otherwise at Chorus Pro' });
    const before = (await dossier()).history;
    const { exit, out } = await discover(loginOf(0));
    expect(exit).toBe(0);
    expect(out).toMatch(new RegExp(`^${home(0).siret} +Commune 0 +home structure, served$`, 'm'));
    expect(out).toMatch(/^21900000000009 +Syndicat de l'eau +served, NOT REGISTERED$/m);
    const set = `releve set ${loginOf(0)} --environment production --add-structure`;
    // What the registry knows keeps its name.
    expect(out.split('To correct the registry:\n')[1]).toBe(
      `${set} ${WATER.siret} --name 'Syndicat de l'\\''eau'\n${set} ${home(1).siret}\n`,
    );
    expect(await further()).toEqual([]);
    expect((await dossier()).history).toEqual(before);
  });

  test('is found whichever way its environment is written', async () => {
    serves(home(0));
    expect(await discover(loginOf(0), { environment: 'Production' })).toMatchObject({ exit: 0 });
    expect(await discover(loginOf(0), { environment: 'elsewhere' })).toMatchObject({ exit: 2 });
  });

  test('--apply adds what is missing, each with its line in the history, once; names stay as they are', async () => {
    serves(home(0), WATER, { ...home(1), name: 'Called otherwise at Chorus Pro' });
    const { exit, out } = await discover(loginOf(0), { apply: true });
    expect(exit).toBe(0);
    expect(out).toMatch(/^21900000000009 +Syndicat de l'eau +added now$/m);
    expect(out).not.toContain('To correct the registry');
    expect(await further()).toEqual([
      [WATER.siret, WATER.name],
      [home(1).siret, home(1).name],
    ]);
    const lines = (await dossier()).history.filter(({ field }) => field === 'further');
    expect(lines.map(({ who, why, new: now }) => [who, why, now])).toEqual([
      ['discover (agent)', 'served, by Chorus Pro', WATER.siret],
      ['discover (agent)', 'served, by Chorus Pro', `${WATER.siret}, ${home(1).siret}`],
    ]);
    expect(await discovered(loginOf(0), { apply: true })).toMatchObject({
      exit: 0,
      applied: [],
      commands: [],
    });
    expect((await discover(loginOf(0))).out).toContain('There is nothing to correct in the registry.');
  });

  test('what it serves no more is proposed for removal, and stays; so does the home', async () => {
    serves(WATER);
    await discover(loginOf(0), { apply: true });
    serves(home(2));
    const found = await discovered(loginOf(0), { apply: true });
    expect(found).toMatchObject({ exit: 0, applied: [home(2).siret], entitled: true });
    expect(found.structures).toEqual([
      { ...home(0), registered: 'home', served: false, known: true },
      { ...WATER, registered: 'further', served: false, known: true },
      { ...home(2), registered: null, served: true, known: true },
    ]);
    expect(found.commands).toContain(
      `releve set ${loginOf(0)} --environment production --remove-structure ${WATER.siret}`,
    );
    expect((await further())?.map(([siret]) => siret)).toEqual([WATER.siret, home(2).siret]);
    expect((await dossier()).users[0]?.home).toEqual(world.userAt(0).home);
    expect((await discover(loginOf(0))).out).toContain('It does not serve its home structure');
  });

  test('a name that the registry would not take is left out; none can steer the shell or the terminal', async () => {
    serves(home(0), { siret: WATER.siret, name: "$(rm -rf ~)\u001b[2J'; <b>" });
    const { out } = await discover(loginOf(0));
    expect(out).toContain(`--add-structure ${WATER.siret} --name ${WATER.siret}\n`);
    expect(out).not.toContain('rm -rf');
    expect(quoted("a $(b) 'c'")).toBe(`'a $(b) '\\''c'\\'''`);
  });

  test('where the password does not work, or nothing can be read, it says so: exit 1', async () => {
    expect(await discover(loginOf(0))).toMatchObject({
      exit: 1,
      said: 'the password works, but which structures the account serves could not be read',
    });
    world.chorus.alive.set(loginOf(0), 'somebody else knows');
    serves(WATER);
    const refused = await discover(loginOf(0), { apply: true });
    expect(refused).toMatchObject({ exit: 1, said: 'Chorus Pro refuses the password in service' });
    expect(await further()).toEqual([]);
    expect(world.asked).toEqual([]);
  });
});

describe('of a login that is not registered', () => {
  const unknown = (options: DiscoverOptions = {}) =>
    discover(NEW, { environment: 'qualification', ...options });
  beforeEach(() => {
    world.types(passwordOf(7));
    world.chorus.alive.set(NEW, passwordOf(7));
    world.chorus.rights.set(NEW, { entitled: true, structures: [TOWN, WATER] });
  });

  test('the password is asked for unseen, Chorus Pro once, and lines ready for an import come out; nothing is kept', async () => {
    const tables = ['technical_users', 'structures', 'rotations', 'audit', 'events'] as const;
    const count = async () =>
      Promise.all(
        tables.map(async (table) => (await world.database.db.selectFrom(table).selectAll().execute()).length),
      );
    const before = await count();
    const { exit, out } = await unknown();
    expect(exit).toBe(0);
    expect(world.asked).toEqual([`Password of ${NEW}, which is not registered (it is not shown): `]);
    expect(world.chorus.answers).toHaveLength(1);
    expect(await count()).toEqual(before);
    expect(out + world.asides.join()).not.toContain(passwordOf(7));
    expect(world.asides[0]).toContain(`After that releve submit ${NEW}`);
    const stamp = { at: 1, who: 'agent', why: null };
    const reading = readLines(new TextEncoder().encode(out), Temporal.PlainDate.from('2027-03-01'));
    const report = await register(reading, { dryRun: false, partial: false }, stamp, world);
    expect(report).toMatchObject({ created: 1, refused: [], kept: true });
    const [user] = (await world.registry.dossier(NEW, null))?.users ?? [];
    expect(user).toMatchObject({ environment: 'qualification', home: TOWN, further: [WATER] });
  });

  test('of several structures none of which the login carries, the file names one, and the rest follows by hand', async () => {
    const other = 'TECH_1_21900000099999@cpro.fr';
    world.chorus.alive.set(other, passwordOf(7));
    world.chorus.rights.set(other, { entitled: false, structures: [TOWN, WATER] });
    const { out } = await discover(other, { environment: 'production' });
    expect(out.trim().split('\n')).toHaveLength(2);
    expect(world.asides[0]).toContain(
      `Then: releve set ${other} --environment production --add-structure ${WATER.siret}`,
    );
    expect(world.asides[0]).toContain('may not receive invoices');
  });

  test('programs get the same', async () => {
    const { out } = await unknown({ json: true });
    expect(JSON.parse(out)).toMatchObject({
      registered: false,
      outcome: 'works',
      entitled: true,
      structures: [TOWN, WATER],
      lines: [expect.stringMatching(/^siret;/), expect.anything(), expect.anything()],
    });
  });

  test.each([
    ['refused', () => world.chorus.alive.clear(), 'does not believe this login'],
    ['without an answer', () => world.chorus.silent.set(NEW, 'piste-down'), 'PISTE does not answer'],
    [
      'without structures',
      () => world.chorus.rights.set(NEW, { entitled: false, structures: [] }),
      'it serves no structure',
    ],
    ['unreadable', () => world.chorus.rights.clear(), 'could not be read'],
  ] as const)('%s: exit 1, with what was seen', async (_what, setUp, said) => {
    setUp();
    const ended = await unknown();
    expect(ended).toMatchObject({ exit: 1, out: '', said: expect.stringContaining(said) });
    expect(ended.said).toContain('Seen: recuperer/structures/actives/destinataire: HTTP');
    expect(world.chorus.answers).toHaveLength(1);
    expect(world.asides).toEqual([]);
  });

  test('what is plainly no password is not sent: exit 2', async () => {
    for (const typed of ['', ` ${passwordOf(7)}`, NEW, 'short']) {
      world.types(typed);
      expect(await unknown()).toMatchObject({ exit: 2, said: expect.stringContaining('nobody was asked') });
    }
    expect(world.chorus.answers).toEqual([]);
  });

  test('where no environment is named, or another word: exit 2, and nobody is asked for anything', async () => {
    expect(await discover('TECH_9_99999999999999@cpro.fr')).toMatchObject({
      exit: 2,
      said: expect.stringContaining('add --environment production'),
    });
    expect((await discover(loginOf(0).replace('TECH_1', 'TECH_2'))).said).toContain(loginOf(0));
    expect(await unknown({ environment: passwordOf(7) })).toMatchObject({ exit: 2 });
    expect(await unknown({ apply: true })).toMatchObject({
      exit: 2,
      said: expect.stringContaining('releve import'),
    });
    expect(await discover('two words', { environment: 'production' })).toMatchObject({ exit: 2 });
    expect(world.asked).toEqual([]);
  });
});
