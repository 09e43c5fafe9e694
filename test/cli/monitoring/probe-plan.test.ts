// The plan of the night as an agent sees it, and as the night then keeps to it.
import { afterEach, describe, expect, test } from 'vitest';
import { shortLogin } from '../../../src/content/terminal/formats.ts';
import { probe, requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
import { loginOf } from '../../rig/world-fleet.ts';
import { openProberWorld, type ProberWorld, probing } from '../operator.ts';

let world: ProberWorld;
const open = async (...given: Parameters<typeof openProberWorld>) => {
  world = await openProberWorld(...given);
};
afterEach(() => world.close());

const { ask, asked, rulesWith } = probing(() => world);

describe('--plan', () => {
  test('lists everybody until the end of the night, in order, and asks nobody', async () => {
    await open(5, {}, [{}, {}, {}, {}, { environment: 'qualification' }]);
    await world.database.db.deleteFrom('health').execute();
    const plan = await asked(undefined, { plan: true });
    expect(plan).toMatchObject({
      exit: 0,
      enabled: true,
      until: '2027-03-02T04:30:00Z',
      quiet: { from: '01:00', to: '05:30' },
      callsPerSecond: 2,
      platforms: [
        { environment: 'production', accounts: 4, calls: 4, atMostSeconds: 2, condition: 'well' },
        { environment: 'qualification', accounts: 1, calls: 1, atMostSeconds: 1, condition: 'well' },
      ],
      closures: [],
    });
    const times: string[] = plan.accounts.map(({ at }: { at: string }) => at);
    expect(times).toEqual(times.toSorted());
    expect(new Set(plan.accounts.map(({ login }: { login: string }) => login)).size).toBe(5);
    const counted = plan.hours.reduce((sum: number, one: { accounts: number }) => sum + one.accounts, 0);
    expect(counted).toBe(5);
    expect(world.chorus.answers).toEqual([]);
  });

  test('is the one that the night keeps to', async () => {
    await open(5);
    const { accounts } = await asked(undefined, { plan: true });
    await world.until('2027-03-02T06:00');
    const kept = world.chorus.answers.map(({ login }) => login);
    expect(kept).toEqual(accounts.map(({ login }: { login: string }) => login));
  });

  test('names closures, platforms that are out, and what is due already', async () => {
    await open(4);
    world.chorus.down = 'chorus-pro-down';
    for (let nth = 0; nth < 3; nth += 1) {
      await requestProbeNow(world.ports, world.userAt(nth).id);
      await probe(world.ports, world.userAt(nth).id, { background: false });
    }
    await world.ports.platforms.enterMaintenance({
      ...{ id: 'abcd', environment: null, from: world.now() + HOUR, to: world.now() + 2 * HOUR },
      ...{ why: 'new release', by: 'agent', enteredAt: 1 },
    });
    await world.ports.platforms.enterMaintenance({
      ...{ id: 'later', environment: null, from: world.now() + DAY, to: world.now() + 2 * DAY },
      ...{ why: 'another', by: 'agent', enteredAt: 1 },
    });
    world.later(20 * MINUTE);
    const { exit, out } = await ask(undefined, { plan: true });
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^4 account\(s\) to be asked about until 2027-03-02 05:30:00, 3 of them now already\.$/m,
    );
    expect(out).toContain(
      'Quiet hours 01:00 to 05:30 (Europe/Paris); one call for each account, at most 2 a second',
    );
    expect(out).toMatch(/^production +4 +4 +2 s +OUT since 2027-03-01 10:00:00,\n +one account at a time/m);
    expect(out).toMatch(/^qualification +0 +0 +0 s +nothing was heard yet$/m);
    expect(out).toMatch(
      /^abcd +to come +both +2027-03-01 11:00 +2027-03-01 12:00\n +new release \(agent\)$/m,
    );
    expect(out).not.toContain('another');
    for (const line of out.split('\n').slice(2)) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(out).toMatch(/^2027-03-01 10:00:00 +3$/m);
    expect(out).toMatch(
      new RegExp(`^2027-03-02 0[1-5]:\\d\\d:\\d\\d +${shortLogin(loginOf(3))} +unasked$`, 'm'),
    );
  });

  test('in the middle of a night tells the rest of it; a platform without proofs is left out', async () => {
    await open(3, rulesWith({}, { verification: { production: 'piste', qualification: 'none' } }), [
      {},
      {},
      { environment: 'qualification' },
    ]);
    const all = (await asked(undefined, { plan: true })).accounts;
    expect(all).toHaveLength(2);
    const [first] = all;
    await world.until(
      Temporal.Instant.from(first.at)
        .toZonedDateTimeISO('Europe/Paris')
        .add({ minutes: 2 })
        .toPlainDateTime()
        .toString(),
    );
    const rest = await asked(undefined, { plan: true });
    expect(rest.until).toBe('2027-03-02T04:30:00Z');
    expect(rest.accounts).toHaveLength(1);
    expect((await ask(undefined, { plan: true })).out).toMatch(
      /^qualification +0 +0 +0 s +not asked: its verification is\n +none$/m,
    );
  });
});
