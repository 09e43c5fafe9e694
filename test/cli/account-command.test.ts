// How the commands about one technical user open: what they take, and that too much is refused without being repeated.
import { Command } from 'commander';
import { expect, test } from 'vitest';
import type { InContext, OperatorContext } from '../../src/cli/command-context.ts';
import { announceCommand } from '../../src/cli/rotation/announce.ts';
import { submitCommand } from '../../src/cli/rotation/submit.ts';
import { verifyCommand } from '../../src/cli/rotation/verify.ts';
import { withdrawCommand } from '../../src/cli/rotation/withdraw.ts';
import { plant } from '../fakes/fleet.ts';
import { openOperatorWorld } from './operator.ts';

const PASSWORD = 'aB3(dE5_gH7[';

/** Some structures beside the world's own; two have one name, in two environments. */
const TOWNS = [
  {
    login: 'TECH_1_21900012000001@cpro.fr',
    siret: '21900012000001',
    name: 'Commune d’Argiésans',
    manager: 'm@argiesans.test',
  },
  {
    login: 'TECH_1_21900012000002@cpro.fr',
    siret: '21900012000002',
    name: 'Commune de Delle',
    manager: 'm@delle.test',
  },
  {
    login: 'TECH_1_21900012000002@cpro.fr',
    siret: '21900012000002',
    name: 'Commune de Delle',
    environment: 'qualification' as const,
  },
  { login: 'argiesans', siret: '21900012000003', name: 'Un identifiant qui est un nom' },
  ...Array.from({ length: 12 }, (_, nth) => ({
    login: `TECH_1_2190001300${String(nth).padStart(4, '0')}@cpro.fr`,
    siret: `2190001300${String(nth).padStart(4, '0')}`,
    name: `Syndicat ${nth + 1} des eaux et forêts du canton de Fontaine-les-Luxeuil`,
  })),
];

async function opened() {
  const world = await openOperatorWorld();
  let opens = 0;
  const inContext: InContext<OperatorContext> = (work) => {
    opens += 1;
    return work(world.context);
  };
  const commands = [announceCommand, submitCommand, verifyCommand, withdrawCommand].map((make) =>
    make(inContext, world.io),
  );
  const program = new Command().exitOverride();
  for (const command of commands) program.addCommand(command.exitOverride());
  const run = (...args: string[]) =>
    world.run(async () => {
      await program.parseAsync(args, { from: 'user' });
    });
  return { world, commands, run, opens: () => opens };
}

test('too much is refused before anything is opened, and not repeated: exit 2', async () => {
  const { world, commands, run, opens } = await opened();
  for (const command of commands) {
    const ended = await run(command.name(), 'a-login', PASSWORD);
    expect(ended).toMatchObject({ exit: 2, out: '', said: expect.stringMatching(/takes (one|a) login/) });
    expect(ended.said).not.toContain(PASSWORD);
  }
  expect(opens()).toBe(0);
  await world.database.close();
});

test('each takes a login, --environment and --json, and tells of a login that is not known', async () => {
  const { world, commands, run, opens } = await opened();
  for (const command of commands) {
    const ended = await run(command.name(), 'nobody', '--environment', 'qualification', '--json');
    expect(ended).toMatchObject({
      exit: 1,
      said: expect.stringContaining('no technical user of this login'),
    });
    expect((await run(command.name(), 'nobody', '--environment', PASSWORD)).said).toBe(
      '--environment: production or qualification is expected',
    );
  }
  expect(opens()).toBe(2 * commands.length);
  await world.database.close();
});

test('a name, SIRET, address or part stands for the login; each command says whom it took', async () => {
  const { world, commands, run } = await opened();
  await plant(world.database, TOWNS);
  const taken = 'Commune d’Argiésans: TECH_1_21900012000001@cpro.fr (production)\n';
  for (const text of ['commune d argiesans', 'm@argiesans.test', '219 000 120 00001', '21900012000001']) {
    expect(await run('withdraw', text)).toMatchObject({ exit: 0, out: expect.stringContaining(taken) });
  }
  // Beside the output, and for programs too: only a part was typed.
  for (const command of commands.filter((one) => one.name() !== 'withdraw')) {
    world.types(PASSWORD);
    await run(command.name(), 'ARGIÉSANS.', '--json');
    expect(world.asides.splice(0)).toEqual([`only a part was typed; meant is ${taken.trim()}`]);
  }
  const json = await run('withdraw', 'm@argiesans.test', '--json');
  expect(JSON.parse(json.out)).toMatchObject({ login: 'TECH_1_21900012000001@cpro.fr' });
  // A text that is somebody's login means that one, though it is in the name of another.
  expect((await run('withdraw', 'argiesans')).out).toMatch(/^Nothing of argiesans is announced/);
  expect((await run('withdraw', 'argiesans', '--environment', 'qualification')).exit).toBe(1);
  await world.database.close();
});

test('what cannot be taken back is not done by a part of a name, unless a person says yes', async () => {
  const { world, run } = await opened();
  await plant(world.database, TOWNS);
  world.types(PASSWORD);
  expect((await run('submit', 'commune d argiesans')).said).not.toContain('only a part');
  world.asked.length = 0;
  const meant = 'Commune d’Argiésans: TECH_1_21900012000001@cpro.fr (production)';
  for (const args of [
    ['withdraw', 'argiés'],
    ['submit', 'argiés', '--accept-unverified'],
    ['verify', 'argiés', '--accept-unverified', '--yes'],
  ]) {
    const refused = await run(...args);
    expect(refused).toMatchObject({ exit: 2, out: '' });
    expect(refused.said).toContain(
      `only a part was typed, and this cannot be taken back. If ${meant} is meant`,
    );
    expect(world.asked.splice(0)).toEqual([`Only a part was typed. Meant is ${meant}?`]);
  }
  world.confirms(true);
  expect(await run('withdraw', 'argiés')).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/^Taken back/),
  });
  await world.database.close();
});

test('a part counts from the beginning of a word on, never inside one', async () => {
  const { world, run } = await opened();
  await plant(world.database, TOWNS);
  for (const inside of ['giesans', 'esans.test', '0012000001', 'ECH_1_2190001200', 'elle']) {
    expect((await run('announce', inside)).said, inside).toContain('nothing of this name is known');
  }
  for (const begun of ['argié', 'm@argie', '21900012000001', '_21900012000001', 'argiesans.te'])
    expect((await run('announce', begun)).exit, begun).toBe(0);
  await world.database.close();
});

test('where several may be meant they are listed, ten at most, and the text is not repeated: exit 2', async () => {
  const { world, run } = await opened();
  await plant(world.database, TOWNS);
  const both = await run('announce', 'comm de DELLE');
  expect(both).toMatchObject({ exit: 2, out: '' });
  expect(both.said).toBe(
    '2 technical users may be meant; add --environment:\n' +
      '  Commune de Delle  TECH_1_21900012000002  production\n' +
      '  Commune de Delle  TECH_1_21900012000002  qualification',
  );
  expect((await run('withdraw', 'commune de DELLE', '--environment', 'qualification')).exit).toBe(0);
  const { exit, said } = await run('submit', 'FORETS');
  expect(exit).toBe(2);
  expect(said).not.toContain('FORETS');
  expect(said.split('\n')).toHaveLength(12);
  expect(said).toMatch(/^12 technical users may be meant; give the login, or more of the name:\n/);
  expect(said).toMatch(/\n {2}… and 2 more$/);
  for (const line of said.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  await world.database.close();
});
