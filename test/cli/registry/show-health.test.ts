// What `releve show`, `releve list` and `releve check` tell of passwords in service and of platforms.
import { afterEach, describe, expect, test } from 'vitest';
import { platformFindings } from '../../../src/cli/admin/check-rotation.ts';
import { runList } from '../../../src/cli/registry/list.ts';
import { runShow } from '../../../src/cli/registry/show.ts';
import { readPlatforms } from '../../../src/composition/command-parts.ts';
import { accountListsOver } from '../../../src/composition/parts.ts';
import { MOST_REFUSALS } from '../../../src/domain/rotation/health.ts';
import { probe, requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { HOUR, MINUTE } from '../../fakes/clock.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { loginOf } from '../../rig/world-fleet.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { aggregatesOf, openProberWorld, type ProberWorld } from '../operator.ts';

let world: ProberWorld;
afterEach(() => world.close());

const ask = async (nth: number) => {
  await requestProbeNow(world.ports, world.userAt(nth).id);
  await probe(world.ports, world.userAt(nth).id, { background: false });
};
const show = async (login: string, json = false) => {
  const { registry, findAccount, ports, io } = world;
  const aggregates = aggregatesOf(ports);
  const shown = { registry, findAccount, rules: rulesWith(), aggregates };
  return (await world.run(() => runShow(login, { json }, shown, io))).out;
};
const healthIn = async (nth: number) => JSON.parse(await show(loginOf(nth), true)).users[0].health;

describe('show', () => {
  test('has no section where no password of ours is in service; one that says so where nobody asked yet', async () => {
    world = await openProberWorld(1);
    expect(await show(LOGIN)).not.toContain('In service');
    expect(JSON.parse(await show(LOGIN, true)).users[0].health).toBeNull();
    expect(await show(loginOf(0))).toMatch(/^In service\nstate +unasked: no probe has asked about it yet$/m);
    await world.database.db.deleteFrom('health').execute();
    expect(await show(loginOf(0))).toMatch(/^In service\nstate +unasked: no probe has asked about it yet$/m);
    expect(await healthIn(0)).toBeNull();
  });

  test('tells refusals, tries without an answer, and a password that outlives its date', async () => {
    world = await openProberWorld(3, {}, [{ changedOn: '2026-01-01' }]);
    await ask(0);
    expect(await show(loginOf(0))).toMatch(
      /^past its date +it worked still on 2027-03-01; its validity may be/m,
    );
    world.chorus.alive.set(loginOf(0), 'somebody else knows');
    await ask(0);
    world.later(11 * MINUTE);
    await ask(0);
    world.later(HOUR);
    world.chorus.silent.set(loginOf(0), 'quota');
    await ask(0);
    const text = await show(loginOf(0));
    expect(text).toMatch(/^state +stopped: Chorus Pro refuses it/m);
    expect(text).toMatch(/^last worked +2027-03-01 10:00:00$/m);
    expect(text).toMatch(/^last answer +2027-03-01 10:11:00$/m);
    expect(text).toMatch(/^refusals +2, the first at 2027-03-01 10:00:00$/m);
    expect(text).toMatch(/^no answer +since 2027-03-01 11:11:00, once$/m);
    expect(text).toMatch(/^cause +the quota of our PISTE application is used up/m);
    // The letter about it stands among the letters under its own name.
    expect(text).toMatch(/^2027-03-01 +stopped +\w+ +maire0@example\.test/m);
    expect(await healthIn(0)).toMatchObject({
      state: 'stopped',
      workedAt: '2027-03-01T09:00:00Z',
      refusals: 2,
      unanswered: 1,
      cause: 'quota',
      workedPast: '2027-03-01',
    });
    expect(JSON.stringify(await healthIn(0))).not.toContain('lease');
  });
});

/** Refused so often that nobody asks about it by itself any more. */
const giveUp = async (n = 0) => {
  const dead = { state: 'stopped', refusals: MOST_REFUSALS, wanted: 0 } as const;
  const { id } = await world.userOf(loginOf(n));
  await world.database.db.updateTable('health').set(dead).where('technical_user_id', '=', id).execute();
};

describe('list', () => {
  const list = async (json = false) => {
    const { registry, io, database } = world;
    const listed = accountListsOver({ registry, rules: rulesWith(), database });
    return (await world.run(() => runList({ sort: 'login', json }, listed, io))).out;
  };

  const short = (nth: number) => loginOf(nth).replace('@cpro.fr', '');

  test('says what is open now, while there is such a thing', async () => {
    world = await openProberWorld(3);
    await ask(1);
    expect(await list()).not.toContain('doubtful');
    world.chorus.alive.set(loginOf(0), 'somebody else knows');
    await ask(0);
    expect(await list()).toMatch(new RegExp(`${short(0)} .* quiet\n    doubtful$`, 'm'));
    expect(await list()).toMatch(new RegExp(`${short(1)} .* quiet$`, 'm'));
    const entries: { health: string | null }[] = JSON.parse(await list(true));
    expect(entries.map(({ health }) => health)).toEqual(['doubtful', 'working', 'unasked']);
    await world.database.db.updateTable('rotations').set({ standing: 'none' }).execute();
    expect(JSON.parse(await list(true))[0].health).toBeNull();
  });

  test('puts what is stopped first, and shows a new password that is on its way', async () => {
    world = await openProberWorld(3);
    await giveUp(1);
    await world.submitFor(await world.userOf(loginOf(2)), 'pQ7)other_O]3w');
    const { registry, io, database } = world;
    const listed = accountListsOver({ registry, rules: rulesWith(), database });
    const { out } = await world.run(() => runList({ sort: 'expires' }, listed, io));
    const rows = out.split('\n').slice(1, 6);
    expect(rows[0]).toContain(short(1));
    expect(rows[1]).toBe('    stopped');
    expect(rows[3]).toContain(short(2));
    expect(rows[4]).toBe('    being checked');
    const entries = JSON.parse(await list(true));
    expect(entries[1]).toMatchObject({ stand: 'stopped', handover: null });
    expect(entries[2]).toMatchObject({ stand: 'in-hand', handover: { stage: 'candidate', refusals: 0 } });
    expect(entries[0]).toMatchObject({ stand: null, handover: null });
  });

  test('goes on naming a dead password that nobody asks about any more', async () => {
    world = await openProberWorld(1);
    await giveUp();
    expect(await list()).toMatch(new RegExp(`${short(0)} .*\n    stopped$`, 'm'));
  });
});

describe('check', () => {
  const config = {
    chorus: {
      production: { verification: 'piste', clientId: 'x' },
      qualification: { verification: 'piste', clientId: null },
    },
  } as unknown as Parameters<typeof platformFindings>[0];
  const findings = async () => {
    const found = platformFindings(config, await readPlatforms(world, world.clock), world.now());
    return new Map(found.map((one) => [one.what, one]));
  };

  test('says how each platform that is asked does, and which passwords are refused', async () => {
    world = await openProberWorld(7);
    await world.database.db.deleteFrom('platforms').execute();
    expect((await findings()).get('platform production')).toMatchObject({ found: 'nothing was heard yet' });
    await ask(0);
    expect([...(await findings()).values()]).toEqual([
      {
        what: 'platform production',
        state: 'ok',
        found: 'an account worked at 2027-03-01 10:00:00',
        todo: '',
      },
      { what: 'passwords in service', state: 'ok', found: '7, none of them refused', todo: '' },
      { what: 'handovers', state: 'ok', found: 'none in hand, nobody is stopped', todo: '' },
    ]);
    for (let nth = 1; nth < 7; nth += 1) {
      world.chorus.alive.set(loginOf(nth), 'somebody else knows');
      await ask(nth);
    }
    expect((await findings()).get('passwords in service')).toMatchObject({
      state: 'look',
      found: expect.stringMatching(/^6 of 7 refused: TECH_1_\S+ \(doubtful\), .*, …$/),
    });
  });

  test('counts the new passwords that are on their way, and who is stopped', async () => {
    world = await openProberWorld(3);
    await giveUp(1);
    await world.submitFor(await world.userOf(loginOf(2)), 'pQ7)other_O]3w');
    expect((await findings()).get('handovers')).toEqual({
      ...{ what: 'handovers', state: 'look', found: '1 in hand (1 being checked); 1 stopped' },
      todo: 'releve today shows each',
    });
  });

  test('goes on naming a dead password that nobody asks about any more', async () => {
    world = await openProberWorld(1);
    await giveUp();
    const found = `1 of 1 refused: ${loginOf(0)} (stopped)`;
    expect((await findings()).get('passwords in service')).toMatchObject({ state: 'look', found });
  });

  test('an outage is a fault with its cause; a closure that is known is none', async () => {
    world = await openProberWorld(3);
    world.chorus.down = 'piste-down';
    await ask(0);
    expect((await findings()).get('platform production')).toMatchObject({ state: 'look' });
    await ask(1);
    await ask(2);
    expect((await findings()).get('platform production')).toEqual({
      what: 'platform production',
      state: 'fault',
      found: 'out: no answer since 2027-03-01 10:00:00',
      todo: 'PISTE does not answer as it should; nothing is to be done but wait',
    });
    const closure = { id: 'abcd', environment: null, from: world.now(), to: world.now() + HOUR };
    await world.ports.platforms.enterMaintenance({ ...closure, why: 'new release', by: 'x', enteredAt: 1 });
    const closed = await findings();
    expect(closed.get('platform production')).toMatchObject({
      state: 'ok',
      found: 'known to be closed until 2027-03-01 11:00:00',
    });
    expect(closed.get('closures')?.found).toBe(
      'both from 2027-03-01 10:00:00 to 2027-03-01 11:00:00 (new release)',
    );
  });
});
