// The commands about passwords in service as an agent starts them: real processes against a Chorus Pro on the wire.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { freePorts } from '../rig/daemons.ts';
import {
  type HouseGround,
  type HouseUser,
  houseCsv,
  houseSettings,
  houseUsers,
  layGround,
  writeSinks,
} from '../rig/handover-ground.ts';
import { columnsOf, filesBelow } from '../rig/house-evidence.ts';
import { type Ended, endAll, LAUNCHER, releve, startDaemonProcess } from '../rig/process.ts';
import { seek, told } from '../rig/secret-search.ts';
import { onTerminal } from '../rig/terminal.ts';

vi.setConfig({ testTimeout: 120_000 });

const WATER = { siret: '21900000099999', name: "Syndicat de l'eau" };

let building: AsyncDisposableStack;
let ground: HouseGround;
let env: Record<string, string>;
let users: readonly HouseUser[];
let heard: Ended[];

beforeEach(async () => {
  building = new AsyncDisposableStack();
  heard = [];
  users = houseUsers(3);
  ground = await layGround(users, building);
  const [port = 0] = await freePorts(1);
  env = houseSettings(ground, writeSinks(ground, undefined), 1, `http://127.0.0.1:${port}`);
  const csv = join(ground.path, 'fleet.csv');
  // The third is known to Chorus Pro alone.
  writeFileSync(csv, houseCsv(users.slice(0, 2)));
  expect(await run(['import', csv])).toMatchObject({ code: 0 });
});
afterEach(async () => {
  await endAll();
  await building.disposeAsync();
});

async function run(args: readonly string[], input = ''): Promise<Ended> {
  const ended = await releve(args, { env, clock: ground.clock, input });
  heard.push(ended);
  return ended;
}
const json = async (...args: readonly string[]) => {
  const ended = await run([...args, '--json']);
  return { code: ended.code, ...JSON.parse(ended.stdout) };
};
const user = (nth: number): HouseUser => {
  const found = users[nth];
  if (found === undefined) throw new Error(`there is no account ${nth}`);
  return found;
};
const { login: first } = houseUsers(1)[0] ?? { login: '' };

it('probe, discover and maintenance tell what is so, and no password of any account', async () => {
  const passwords = users.map((one) => ground.simulator.accounts.passwordOf(one));
  for (const nth of [0, 1]) {
    expect(await run(['submit', user(nth).login], passwords[nth])).toMatchObject({ code: 0 });
  }
  expect(await json('probe', '--all')).toMatchObject({ code: 0, inService: 2, working: 2 });

  ground.simulator.accounts.change(user(0), { further: [WATER] });
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

  ground.simulator.accounts.change(user(0), { password: 'Zz9(newnewnew_' });
  const refused = await run(['probe', first]);
  expect(refused).toMatchObject({ code: 1, stderr: 'releve: Chorus Pro refuses the password in service\n' });
  expect(refused.stdout).toMatch(/^seen +recuperer\/structures\/actives\/destinataire: HTTP 401/m);
  expect(JSON.parse((await run(['list', '--json'])).stdout)[0]).toMatchObject({ health: 'doubtful' });
  const findings = JSON.parse((await run(['check', '--json'])).stdout) as { what: string; state: string }[];
  expect(findings.find(({ what }) => what === 'platform production')).toMatchObject({ state: 'ok' });
  expect(findings.find(({ what }) => what === 'passwords in service')).toMatchObject({ state: 'look' });

  const command = [LAUNCHER, 'discover', user(2).login, '--environment', 'production'];
  const dialogue = [{ after: 'it is not shown', type: `${passwords[2]}\r` }];
  const unknown = await onTerminal(command, dialogue, { env, clock: ground.clock });
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
  const kept = [...columnsOf(join(ground.data, 'releve.sqlite')), ...filesBelow(ground.path, [ground.sinks])];
  for (const password of passwords) expect(told(seek([...said, ...kept], { password }))).toEqual([]);
});

it('probe beside a running daemon works on the same books', async () => {
  const password = ground.simulator.accounts.passwordOf(user(0));
  const { daemon } = await startDaemonProcess({ env, clock: ground.clock });
  expect(await run(['submit', first], password)).toMatchObject({ code: 0 });
  const asked = await Promise.all([json('probe', first), json('probe', first), json('probe', '--all')]);
  expect(asked.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect((await json('show', first)).users[0].health).toMatchObject({ state: 'working', refusals: 0 });
  daemon.signal('SIGTERM');
  const ended = await daemon.ended;
  expect(ended.code).toBe(0);
  expect(await run(['audit', 'verify'])).toMatchObject({ code: 0 });
});
