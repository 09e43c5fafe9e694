// The commands about passwords in service as an agent starts them: real processes against a Chorus Pro on the wire.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { numberedUsers, type WorldUser } from '../rig/installation.ts';
import { type Ended, endAll, LAUNCHER } from '../rig/process.ts';
import { columnsOf, filesBelow } from '../rig/readable-places.ts';
import { seek, told } from '../rig/secret-search.ts';
import { onTerminal } from '../rig/terminal.ts';
import { openRotationWorld, type RotationWorld } from '../rig/world-process-rotation.ts';

vi.setConfig({ testTimeout: 120_000 });

const WATER = { siret: '21900000099999', name: "Syndicat de l'eau" };

let world: RotationWorld;
let users: readonly WorldUser[];
let heard: Ended[];

beforeEach(async () => {
  heard = [];
  // The third is known to Chorus Pro alone.
  world = await openRotationWorld({ users: 3, registered: 2, mail: 1 });
  ({ users } = world);
});
afterEach(async () => {
  await endAll();
  await world.stop();
});

async function run(args: readonly string[], input = ''): Promise<Ended> {
  const ended = await world.run(args, input);
  heard.push(ended);
  return ended;
}
const json = async (...args: readonly string[]) => {
  const ended = await run([...args, '--json']);
  return { code: ended.code, ...JSON.parse(ended.stdout) };
};
const user = (nth: number): WorldUser => {
  const found = users[nth];
  if (found === undefined) throw new Error(`there is no account ${nth}`);
  return found;
};
const { login: first } = numberedUsers(1)[0] ?? { login: '' };

it('probe, discover and maintenance tell what is so, and no password of any account', async () => {
  const passwords = users.map((one) => world.simulator.accounts.passwordOf(one));
  for (const nth of [0, 1]) {
    expect(await run(['submit', user(nth).login], passwords[nth])).toMatchObject({ code: 0 });
  }
  expect(await json('probe', '--all')).toMatchObject({ code: 0, inService: 2, working: 2 });

  world.simulator.accounts.change(user(0), { further: [WATER] });
  const discovered = await json('discover', first, '--apply');
  expect(discovered).toMatchObject({ code: 0, applied: [WATER.siret] });
  expect(await json('probe', first)).toMatchObject({
    code: 0,
    outcome: 'works',
    health: { entitled: true, unregistered: [], missing: [] },
  });

  const added = await run([
    ...['maintenance', 'add', '--from', '2027-03-02T02:00', '--to', '2027-03-02T04:00', '--why', 'release'],
  ]);
  expect(added).toMatchObject({ code: 0 });
  const plan = await json('probe', '--plan');
  expect(plan.closures).toMatchObject([{ from: '2027-03-02T01:00:00Z', why: 'release' }]);
  expect(plan.accounts).toHaveLength(2);
  expect(await run(['maintenance', 'end', plan.closures[0].id])).toMatchObject({ code: 0 });
  expect(JSON.parse((await run(['maintenance', 'list', '--json'])).stdout)).toEqual([]);

  world.simulator.accounts.change(user(0), { password: 'Zz9(newnewnew_' });
  const refused = await run(['probe', first]);
  expect(refused).toMatchObject({ code: 1, stderr: 'releve: Chorus Pro refuses the password in service\n' });
  expect(refused.stdout).toMatch(/^seen +recuperer\/structures\/actives\/destinataire: HTTP 401/m);
  expect(JSON.parse((await run(['list', '--json'])).stdout)[0]).toMatchObject({ health: 'doubtful' });
  const findings = JSON.parse((await run(['check', '--json'])).stdout) as { what: string; state: string }[];
  expect(findings.find(({ what }) => what === 'platform production')).toMatchObject({ state: 'ok' });
  expect(findings.find(({ what }) => what === 'passwords in service')).toMatchObject({ state: 'look' });

  const command = [LAUNCHER, 'discover', user(2).login, '--environment', 'production'];
  const dialogue = [{ after: 'it is not shown', type: `${passwords[2]}\r` }];
  const unknown = await onTerminal(command, dialogue, world.start);
  heard.push(unknown);
  expect(unknown.code).toBe(0);
  expect(unknown.stdout).toContain(`${user(2).siret};${user(2).structure};${user(2).login};production;`);
  for (const args of [
    ['probe', first, `${passwords[2]}`],
    ['discover', first, `--password=${passwords[2]}`],
    ['discover', first, '--environment', `${passwords[2]}`],
  ]) {
    expect(await run(args)).toMatchObject({ code: 2, stdout: '' });
  }
  const said = heard.map(({ stdout, stderr }, place) => ({
    name: `process ${place}`,
    bytes: Buffer.from(stdout + stderr),
  }));
  const kept = [...columnsOf(world.database), ...filesBelow(world.path, [world.sinks])];
  for (const password of passwords) expect(told(seek([...said, ...kept], { password }))).toEqual([]);
});

it('probe beside a running daemon works on the same books', async () => {
  const password = world.simulator.accounts.passwordOf(user(0));
  await world.resume();
  expect(await run(['submit', first], password)).toMatchObject({ code: 0 });
  const asked = await Promise.all([json('probe', first), json('probe', first), json('probe', '--all')]);
  expect(asked.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect((await json('show', first)).users[0].health).toMatchObject({ state: 'working', refusals: 0 });
  expect((await world.halt()).code).toBe(0);
  expect(await run(['audit', 'verify'])).toMatchObject({ code: 0 });
});
