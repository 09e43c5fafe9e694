// What an agent is told who asks whether passwords in service still work, or when each is asked about.
import { afterEach, describe, expect, test } from 'vitest';
import { shortLogin } from '../../../src/content/terminal/formats.ts';
import { claimProbe } from '../../../src/domain/monitoring/probe-claim.ts';
import { announce } from '../../../src/domain/rotation/receive.ts';
import { probe, requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { HOUR, MINUTE } from '../../fakes/clock.ts';
import { loginOf, passwordOf } from '../../rig/world-fleet.ts';
import { openProberWorld, type ProberWorld, probing } from '../operator.ts';

let world: ProberWorld;
const open = async (...given: Parameters<typeof openProberWorld>) => {
  world = await openProberWorld(...given);
};
afterEach(() => world.close());

const { ask, asked, rulesWith } = probing(() => world);

describe('about one account', () => {
  test('that works: exit 0, with its rights, its structures, and when it is asked about next', async () => {
    await open(2);
    world.chorus.rights.set(loginOf(0), { entitled: true, structures: [world.userAt(0).home] });
    const { exit, said, out } = await ask(loginOf(0));
    expect({ exit, said }).toEqual({ exit: 0, said: '' });
    expect(out).toContain(`${loginOf(0)} (production): the password in service works.\n`);
    expect(out).toContain(
      'Failures that count now: 0 of 3; a probe that is refused is one more, and never the last.',
    );
    expect(out).toMatch(/^state +working$/m);
    expect(out).toMatch(/^last worked +2027-03-01 10:00:00$/m);
    expect(out).toMatch(/^rights +may receive invoices$/m);
    expect(out).toMatch(/^structures +those that are registered$/m);
    expect(out).toMatch(/^next question +2027-03-02 0[1-5]:\d\d:\d\d$/m);
    expect(out).not.toMatch(/refusals|no answer|seen/);
    expect(out).not.toContain(passwordOf(0));
    expect(world.chorus.answers).toHaveLength(1);
  });

  test('on other structures than registered: all is named, and it works', async () => {
    await open(1);
    const other = { siret: '21900000000009', name: 'Syndicat des eaux' };
    world.chorus.rights.set(loginOf(0), { entitled: false, structures: [other] });
    const { exit, out } = await ask(loginOf(0));
    expect(exit).toBe(0);
    expect(out).toMatch(/^rights +MAY NOT RECEIVE INVOICES$/m);
    expect(out).toMatch(/^structures +served, not registered: 21900000000009 Syndicat des eaux$/m);
    expect(out).toContain(`registered, not served: ${world.userAt(0).home.siret}`);
    expect((await asked(loginOf(0))).health).toMatchObject({ entitled: false, unregistered: [other] });
  });

  test('that is refused: exit 1, what was seen, and when it is looked at again', async () => {
    await open(2);
    world.chorus.alive.set(loginOf(0), 'somebody else knows');
    const first = await ask(loginOf(0));
    expect(first).toMatchObject({ exit: 1, said: 'Chorus Pro refuses the password in service' });
    expect(first.out).toContain('(refusal 1). That proves nothing yet');
    expect(first.out).toContain('The daemon asks again at 2027-03-01 10:10:00.');
    expect(first.out).toMatch(/^cause +Chorus Pro does not believe this login with this password$/m);
    expect(first.out).toMatch(/^seen +recuperer\/structures\/actives\/destinataire: HTTP 401$/m);
    world.later(11 * MINUTE);
    const second = await asked(loginOf(0));
    expect(second).toMatchObject({ exit: 1, outcome: 'stopped', health: { state: 'stopped', refusals: 2 } });
    expect(await world.lettersWritten()).toEqual(['stopped']);
    world.later(HOUR);
    expect((await ask(loginOf(0))).out).toContain(
      `releve submit ${loginOf(0)} --environment production hands in the new password.`,
    );
  });

  test('that gives no answer: exit 1, the cause, and who asks again', async () => {
    await open(2, { daemonRuns: false });
    world.chorus.silent.set(loginOf(0), 'network');
    const ended = await ask(loginOf(0));
    expect(ended).toMatchObject({ exit: 1, said: 'there was no answer about the password in service' });
    expect(ended.out).toContain(
      'no answer about the password in service: PISTE or Chorus Pro cannot be reached',
    );
    expect(ended.out).toContain(
      `ask again with releve probe ${loginOf(0)} --environment production, not before 2027-03-01 10:0`,
    );
    expect(ended.out).toMatch(/^no answer +since 2027-03-01 10:00:00, once$/m);
  });

  test('is not asked beyond the budget of failures, and says from when on it may be', async () => {
    await open(3, {}, []);
    world.chorus.alive.set(loginOf(0), 'somebody else knows');
    const exits = [];
    for (let turn = 0; turn < 3; turn += 1) {
      exits.push((await ask(loginOf(0))).exit);
      world.later(MINUTE);
    }
    expect(exits).toEqual([1, 1, 1]);
    const before = world.chorus.answers.length;
    const ended = await asked(loginOf(0));
    expect(ended).toMatchObject({ exit: 1, said: 'nobody was asked', notAsked: 'budget' });
    expect(ended.notBefore).toMatch(/^2027-03-01T10:00:00\.001Z$/);
    expect((await ask(loginOf(0))).out).toContain('It may be asked about from 2027-03-01 11:00:00 on.');
    expect(world.chorus.answers).toHaveLength(before);
  });
});

describe('where nobody can be asked, a sentence says why: exit 1', () => {
  const saidBy = async () => {
    const { exit, out } = await ask(loginOf(0));
    expect(exit).toBe(1);
    expect(world.chorus.answers).toEqual([]);
    return out;
  };

  test('no password of ours in service', async () => {
    await open(1);
    await world.database.db.updateTable('rotations').set({ standing: 'none' }).execute();
    expect(await saidBy()).toContain(`no password of ours is in service. releve submit ${loginOf(0)}`);
  });

  test('a retired account', async () => {
    await open(1);
    await world.database.db.updateTable('technical_users').set({ retired: 1 }).execute();
    expect(await saidBy()).toContain(
      `it is retired. releve set ${loginOf(0)} --environment production --reinstate`,
    );
  });

  test('a platform without proofs, or no probes at all', async () => {
    await open(1, rulesWith({}, { verification: { production: 'none', qualification: 'piste' } }));
    expect(await saidBy()).toContain('chorus.production.verification is none');
    await world.close();
    await open(1, rulesWith({ enabled: false }));
    expect(await saidBy()).toContain('probe.enabled is false');
    expect((await ask(undefined, { plan: true })).out).toBe(
      'probe.enabled is false: nobody is asked about any password in service.\n',
    );
  });

  test('a reset that is announced', async () => {
    await open(1);
    const { ports } = world;
    await ports.rotations.update(world.userAt(0).id, (aggregate) =>
      announce(
        aggregate,
        { actor: { channel: 'command', by: 'agent' }, id: ports.newId() },
        ports.rules,
        world.now(),
      ),
    );
    expect(await saidBy()).toContain(
      `releve verify ${loginOf(0)} --environment production tells how the new one stands`,
    );
  });

  test('a platform that is known to be closed', async () => {
    await open(1);
    await world.ports.platforms.enterMaintenance({
      ...{ id: 'abcd', environment: 'production', from: world.now() - HOUR, to: world.now() + HOUR },
      ...{ why: 'new release', by: 'agent', enteredAt: 1 },
    });
    expect(await saidBy()).toContain(
      'production is known to be closed until 2027-03-01 11:00:00 (new release). Once it is open: releve maintenance end abcd.',
    );
  });

  test('a login that is not known, or too much of everything: exit 2', async () => {
    await open(1);
    expect(await ask('TECH_1_99999999999999@cpro.fr')).toMatchObject({ exit: 1, out: '' });
    for (const options of [{}, { all: true, plan: true }]) {
      expect(await ask(undefined, options)).toMatchObject({ exit: 2 });
    }
    expect(await ask(loginOf(0), { all: true })).toMatchObject({ exit: 2 });
  });
});

describe('beside a daemon', () => {
  test('that is asking already, it waits for the answer; Chorus Pro is asked once', async () => {
    let pauses = 0;
    await open(1, {
      pause: async () => {
        pauses += 1;
        if (pauses < 3) return;
        // The daemon comes to its end.
        await world.ports.rotations.update(world.userAt(0).id, (aggregate) => {
          const { health } = aggregate;
          if (health === null) throw new Error('nothing is known');
          const answered = {
            ...health,
            state: 'working' as const,
            workedAt: world.now(),
            askedAt: world.now(),
          };
          const free = { ...answered, wanted: false, lease: null, leaseUntil: null };
          const none = { rotations: [], publications: [], holds: [], attempts: [], kept: [], destroyed: [] };
          const changes = { at: world.now(), ...none, user: null, linksSpent: false };
          const words = { audit: [], letters: [], alarms: [], tasks: [], answered: null };
          return { changes: { ...changes, ...words, health: free }, answer: null };
        });
      },
    });
    world.chorus.alive.set(loginOf(0), 'somebody else knows');
    await ask(loginOf(0));
    world.chorus.answers.length = 0;
    const { rotations, rules } = world.ports;
    await requestProbeNow(world.ports, world.userAt(0).id);
    // Until it is answered it counts as the last failure that a probe may cause.
    await rotations.update(world.userAt(0).id, (aggregate) =>
      claimProbe(aggregate, 'daemon', rules, world.now()),
    );
    expect(await asked(loginOf(0))).toMatchObject({ exit: 0, outcome: 'works' });
    expect(pauses).toBe(3);
    expect(world.chorus.answers).toEqual([]);
  });

  test('that never comes to an end, it gives up after a minute', async () => {
    let pauses = 0;
    await open(1, {
      pause: async () => {
        pauses += 1;
      },
    });
    const { rotations, rules } = world.ports;
    await requestProbeNow(world.ports, world.userAt(0).id);
    await rotations.update(world.userAt(0).id, (aggregate) =>
      claimProbe(aggregate, 'daemon', rules, world.now()),
    );
    expect(await asked(loginOf(0))).toMatchObject({ exit: 1, notAsked: 'busy' });
    expect(pauses).toBe(239);
  });
});

describe('--all', () => {
  test('asks about each, tells how far it is, and ends with a table of those that do not work', async () => {
    await open(4, {}, [{}, {}, {}, { environment: 'qualification' }]);
    world.chorus.alive.set(loginOf(1), 'somebody else knows');
    const ended = await ask(undefined, { all: true });
    expect(ended).toMatchObject({
      exit: 1,
      said: '1 of 4 password(s) in service are not known to work',
    });
    expect(ended.out).toMatch(/^4 password\(s\) in service: 3 work, 1 refused, to be asked about again\.$/m);
    expect(ended.out).toMatch(
      new RegExp(
        `^${shortLogin(loginOf(1))} +refused +2027-03-01 10:00:00\n +Chorus Pro does not .*; next question\\s+2027-03-01 10:10:00$`,
        'm',
      ),
    );
    for (const line of ended.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(ended.out).not.toContain(loginOf(2));
    expect(world.shown).toContain(`asking Chorus Pro about ${loginOf(3)} (4 of 4)…`);
    expect(world.chorus.answers).toHaveLength(4);
    world.chorus.alive.set(loginOf(1), passwordOf(1));
    expect(await asked(undefined, { all: true })).toMatchObject({ exit: 0, inService: 4, working: 4 });
  });

  test('counts no account for which nothing is expected', async () => {
    await open(2);
    await world.database.db
      .updateTable('technical_users')
      .set({ retired: 1 })
      .where('id', '=', world.userAt(0).id)
      .execute();
    const { exit, out } = await ask(undefined, { all: true });
    expect({ exit, out }).toEqual({
      exit: 0,
      out: '1 password(s) in service: 1 work.\n1 not asked about, as they are retired or the settings do without proofs.\n',
    });
  });

  test('asks about one account alone of a platform that is out, and leaves the others be', async () => {
    await open(6, {}, [{}, {}, {}, {}, {}, { environment: 'qualification' }]);
    for (let nth = 0; nth < 5; nth += 1) world.chorus.silent.set(loginOf(nth), 'piste-down');
    for (let nth = 0; nth < 3; nth += 1) {
      await requestProbeNow(world.ports, world.userAt(nth).id);
      await probe(world.ports, world.userAt(nth).id, { background: false });
    }
    world.chorus.answers.length = 0;
    world.later(5 * MINUTE);
    const ended = await ask(undefined, { all: true });
    expect(world.chorus.answers.map(({ login }) => login)).toEqual([loginOf(0), loginOf(5)]);
    expect(ended.out).toContain('1 work');
    expect(ended.out).toMatch(
      new RegExp(
        `^${shortLogin(loginOf(4))} .*\n +no account of the platform gets an answer; next question`,
        'm',
      ),
    );
  });
});
