// What a link answers beyond the password itself: the date that was odd, the success for who comes back, the password of a neighbour.
import { afterEach, describe, expect, test } from 'vitest';
import { openOutbox } from '../../../src/adapters/database/letters/outbox.ts';
import { openRegistry } from '../../../src/adapters/database/registry/registry.ts';
import { openTaskRepository } from '../../../src/adapters/database/tasks.ts';
import { loadTechnicalUsers } from '../../../src/adapters/database/technical-users.ts';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { currentRotation, findOpenRotation } from '../../../src/domain/rotation/rotation.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { linkFacts, sendLink } from '../../../src/use-cases/reminders/send-link.ts';
import { openManagerActions } from '../../../src/use-cases/rotation/manager-actions.ts';
import { openOperatorActions } from '../../../src/use-cases/rotation/operator-actions.ts';
import { openToolActions } from '../../../src/use-cases/rotation/tool-actions.ts';
import { settleTasks } from '../../../src/use-cases/tasks/tasks.ts';
import { DAY, HOUR, MINUTE } from '../../fakes/clock.ts';
import type { Planted } from '../../fakes/fleet.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';
import { LASTS, managerScene } from './manager-scene.ts';

const GOOD = 'aB3(xyzKLm9_';
const OTHER = 'Qw7[rtyUIo2)';
/** A year after the day of the world. */
const COMPUTED = { on: '2028-03-01', source: 'computed' };

let world: World;
afterEach(() => world?.close());

const open = async (users?: readonly Planted[]) => {
  world = await openWorld(users === undefined ? {} : { users });
  world.chorus.alive.set(LOGIN, GOOD);
};
const { parts, actions, freshToken } = managerScene(() => world);

const typed = (password: string, expiry = '') => ({ password: new Secret(password), login: '', expiry });
const datesOf = async () => {
  const { version, facts } = await world.user();
  return { version, changedOn: facts.changedOn?.toString(), portalOn: facts.portalOn?.toString() ?? null };
};

const openTasks = () =>
  settleTasks({ tasks: openTaskRepository(world.database) }, world.clock.now(), world.validity);

describe('an odd date', () => {
  test.each([
    ['12/13/2028', 'expiry-malformed'],
    ['12/03/2020', 'expiry-past'],
    ['12/03/2031', 'expiry-too-far'],
  ] as const)(
    '%s never costs a password: proven, published, and asked for afterwards',
    async (date, code) => {
      await open();
      const token = await freshToken();
      expect(await actions().submit(token, typed(GOOD, date))).toMatchObject({
        kind: 'received',
        progress: { phase: 'proven', published: true, oddDate: code, expiry: COMPUTED },
      });
      expect(world.sinks[0]?.held.get(LOGIN)).toBe(GOOD);
      const back = {
        kind: 'done',
        visit: { progress: { phase: 'proven', oddDate: code, expiry: COMPUTED } },
      };
      expect(await actions().visit(token)).toMatchObject(back);

      // Odd once more: the computed one holds, and it can be given again.
      expect(await actions().giveDate(token, 'bientôt')).toMatchObject({
        kind: 'odd',
        code: 'expiry-malformed',
        progress: { phase: 'proven', expiry: COMPUTED },
      });
      expect(await actions().visit(token)).toMatchObject(back);
      expect(await datesOf()).toEqual({ version: 2, changedOn: '2027-03-01', portalOn: null });

      expect(await actions().giveDate(token, '12/03/2028')).toMatchObject({
        kind: 'given',
        progress: { phase: 'proven', oddDate: null, expiry: { on: '2028-03-12', source: 'portal' } },
      });
      expect(await datesOf()).toEqual({ version: 2, changedOn: '2027-03-01', portalOn: '2028-03-12' });
      expect(await actions().visit(token)).toMatchObject({
        kind: 'done',
        visit: { progress: { oddDate: null, expiry: { on: '2028-03-12', source: 'portal' } } },
      });
      // Asked for once: another one is not taken.
      expect(await actions().giveDate(token, '12/04/2028')).toEqual({ kind: 'known' });
      expect((await datesOf()).portalOn).toBe('2028-03-12');
    },
  );

  test('is told while the password waits, and after a choice; who gave the date is in the trail', async () => {
    await open();
    const token = await freshToken();
    world.chorus.down = 'network';
    await actions().submit(token, typed(` ${GOOD}`, 'bientôt'));
    expect(await actions().visit(token)).toMatchObject({
      visit: {
        progress: {
          phase: 'unclear',
          findings: [{ code: 'surrounding-blanks' }, { code: 'expiry-malformed' }],
        },
      },
    });
    await actions().choose(token, 'clean');
    const waits = { phase: 'proving', oddDate: 'expiry-malformed', findings: [], expiry: null };
    expect(await actions().visit(token)).toMatchObject({ kind: 'open', visit: { progress: waits } });
    // None is in service yet that the date could belong to.
    expect(await actions().giveDate(token, '12/03/2028')).toEqual({ kind: 'known' });
    world.chorus.down = null;
    world.later(MINUTE);
    await world.advance();
    expect(await actions().visit(token)).toMatchObject({
      kind: 'done',
      visit: { progress: { oddDate: 'expiry-malformed' } },
    });
    await actions().giveDate(token, '12/03/2028');
    const lines = [];
    for await (const line of world.audit.lines()) lines.push(line);
    expect(lines.at(-1)).toMatchObject({
      who: 'Madame Maire <maire@example.test>',
      what: 'expiry given',
      channel: 'form',
      detail: '2028-03-12',
    });
    const events = await world.database.db.selectFrom('events').selectAll().orderBy('id', 'desc').execute();
    expect(events[0]).toMatchObject({
      field: 'expires',
      new_value: '2028-03-12',
      why: 'its manager gave the date',
    });
  });

  test('given again with the same password takes its place while that waits', async () => {
    await open();
    const token = await freshToken();
    world.chorus.down = 'network';
    await actions().submit(token, typed(GOOD, 'bientôt'));
    expect(await actions().submit(token, typed(GOOD, '12/03/2028'))).toMatchObject({
      progress: { phase: 'proving', oddDate: null },
    });
    expect(findOpenRotation(await world.aggregate())?.portalOn).toBe('2028-03-12');
  });

  test('that is not after the change is not recorded, nor one for a version that is gone', async () => {
    await open();
    const token = await freshToken();
    await actions().submit(token, typed(GOOD, 'bientôt'));
    await world.database.db.updateTable('technical_users').set({ changed_on: '2028-05-01' }).execute();
    expect(await actions().giveDate(token, '12/03/2028')).toEqual({ kind: 'noted' });
    expect((await datesOf()).portalOn).toBeNull();
    await world.database.db
      .updateTable('technical_users')
      .set({ changed_on: '2027-03-01', version: 9 })
      .execute();
    expect(await actions().giveDate(token, '12/03/2028')).toEqual({ kind: 'known' });
  });

  test('by a link that asks for the next password is not taken for the one in service', async () => {
    await open();
    await actions().submit(await freshToken(), typed(GOOD, 'bientôt'));
    world.later(MINUTE);
    const next = await freshToken();
    expect(await actions().visit(next)).toMatchObject({
      visit: { progress: { phase: 'ready', oddDate: null } },
    });
    expect(await actions().giveDate(next, '12/03/2028')).toEqual({ kind: 'noted' });
    expect((await datesOf()).portalOn).toBeNull();
    expect(await actions().giveDate('x', '12/03/2028')).toEqual({ kind: 'ended', why: 'unknown' });
  });

  test('is not asked for where none was odd: a link that has done its work changes nothing more', async () => {
    await open();
    const token = await freshToken();
    await actions().submit(token, typed(GOOD));
    for (const date of ['12/03/2028', 'bientôt'])
      expect(await actions().giveDate(token, date)).toEqual({ kind: 'known' });
    expect((await datesOf()).portalOn).toBeNull();
  });

  test('for the second time is not lost: an agent looks at it, where it can be read', async () => {
    await open();
    const token = await freshToken();
    await actions().submit(token, typed(GOOD, '12/03/2020'));
    for (const _ of [1, 2]) expect(await actions().giveDate(token, '12/03/2020')).toEqual({ kind: 'noted' });
    expect((await openTasks()).map(({ task }) => task)).toMatchObject([
      { kind: 'date', facts: { version: 2, deadline: '2028-03-01', day: '2020-03-12' } },
    ]);
    expect(await actions().giveDate(token, '12/03/2028')).toMatchObject({ kind: 'given' });
    expect(await openTasks()).toEqual([]);
  });

  test('of a tool is told beside the answer about the password', async () => {
    await open();
    const usersOf = (login: string) => loadTechnicalUsers(world.database.db, { login });
    const tools = openToolActions({ ...parts(), tools: {} as never, usersOf });
    const submission = { login: LOGIN, environment: null, typed: typed(GOOD, 'soon'), choice: null };
    expect(await tools.submit('glpi', submission)).toMatchObject({
      kind: 'received',
      progress: { phase: 'proven', oddDate: 'expiry-malformed' },
    });
  });
});

describe('a date alone', () => {
  const UNDATED = [{ login: LOGIN, changedOn: null, manager: 'maire@example.test' }] as const;
  const asks = async (token: string) => {
    const found = await actions().visit(token);
    return found.kind === 'open' ? found.visit.asksDate : found;
  };
  const given = (on: string) => ({ kind: 'given', progress: { expiry: { on, source: 'portal' } } });
  /** A password in service that still worked this morning, with those dates. */
  const worked = async (dates: { changed_on: string | null; portal_on: string | null }) => {
    await open();
    await world.handIn(GOOD);
    await world.database.db.updateTable('technical_users').set(dates).execute();
    await world.database.db.updateTable('health').set({ state: 'working' }).execute();
  };
  const trail = async () => {
    const lines = [];
    for await (const line of world.audit.lines()) lines.push(line);
    return lines;
  };

  test('of an account whose date nobody knows is recorded at once, in the name of who gave it', async () => {
    await open(UNDATED);
    const token = await freshToken();
    expect(await asks(token)).toBe(true);
    await world.database.db.updateTable('technical_users').set({ wake_on: '2027-06-01' }).execute();
    expect(await actions().giveDate(token, 'le 12/03/2028')).toMatchObject(given('2028-03-12'));
    expect(await datesOf()).toEqual({ version: 1, changedOn: undefined, portalOn: '2028-03-12' });
    const [event] = await world.database.db.selectFrom('events').selectAll().orderBy('id', 'desc').execute();
    const who = 'Madame Maire <maire@example.test>';
    expect(event).toMatchObject({ who, field: 'expires', old_value: null, new_value: '2028-03-12' });
    expect((await trail()).at(-1)).toMatchObject({ who, what: 'expiry given', channel: 'form' });
    const [row] = await world.database.db.selectFrom('technical_users').select('wake_on').execute();
    expect(row?.wake_on).toBe('');
    // The link is not spent, and a page that is loaded again changes nothing.
    expect(await asks(token)).toBe(false);
    const before = (await trail()).length;
    expect(await actions().giveDate(token, '12/03/2028')).toEqual({ kind: 'known' });
    expect(await trail()).toHaveLength(before);
    expect(await openTasks()).toEqual([]);
    expect(await actions().submit(token, typed(GOOD))).toMatchObject({ progress: { phase: 'proven' } });
  });

  test.each([null, '2027-02-01'])(
    'is taken in place of one past which the password worked (portal: %s)',
    async (portal_on) => {
      await worked({ changed_on: '2026-01-10', portal_on });
      const token = await freshToken();
      expect(await asks(token)).toBe(true);
      // No password came by this link: beside an odd date no success of one is told.
      expect(await actions().giveDate(token, 'bientôt')).toMatchObject({
        kind: 'odd',
        progress: { phase: 'ready', expiry: null },
      });
      expect(await actions().giveDate(token, '12/03/2028')).toMatchObject(given('2028-03-12'));
      expect(await datesOf()).toEqual({ version: 2, changedOn: '2026-01-10', portalOn: '2028-03-12' });
      expect(currentRotation(await world.aggregate())?.portalOn).toBe('2028-03-12');
      expect(await asks(token)).toBe(false);
    },
  );

  test('that nobody asks for waits for an agent, once, and the agent’s command ends the task', async () => {
    await open();
    const token = await freshToken();
    expect(await asks(token)).toBe(false);
    const before = (await trail()).length;
    for (const _ of [1, 2]) expect(await actions().giveDate(token, '12/03/2028')).toEqual({ kind: 'noted' });
    expect((await datesOf()).portalOn).toBeNull();
    const [one, ...others] = await openTasks();
    expect(others).toEqual([]);
    expect(one?.task).toMatchObject({
      kind: 'date',
      forWhom: 'it-service',
      facts: { deadline: '2027-03-01', day: '2028-03-12' },
    });
    expect((await trail()).slice(before)).toMatchObject([
      {
        what: 'expiry given, to be looked at',
        who: 'Madame Maire <maire@example.test>',
        detail: '2028-03-12',
      },
    ]);
    await world.database.db.updateTable('technical_users').set({ portal_on: '2028-03-12' }).execute();
    expect(await openTasks()).toEqual([]);
    expect(await actions().giveDate(token, '12/03/2028')).toEqual({ kind: 'known' });
  });

  test.each([
    ['past', '12/03/2020', '2020-03-12'],
    ['too far', '12/03/2031', '2031-03-12'],
  ])('that is %s waits for an agent too', async (_what, date, day) => {
    await open(UNDATED);
    const token = await freshToken();
    expect(await actions().giveDate(token, date)).toEqual({ kind: 'noted' });
    expect((await openTasks()).map(({ task }) => task.facts.day)).toEqual([day]);
    expect((await datesOf()).portalOn).toBeNull();
    expect(await asks(token)).toBe(true);
  });

  test('that cannot be read is asked for again, and nothing is kept', async () => {
    await open(UNDATED);
    const before = (await trail()).length;
    for (const text of ['bientôt', '', `12/03/2028${' x'.repeat(500)}`])
      expect(await actions().giveDate(await freshToken(), text)).toMatchObject({
        kind: 'odd',
        code: 'expiry-malformed',
      });
    expect(await openTasks()).toEqual([]);
    expect(await trail()).toHaveLength(before);
  });

  test.each(['2026-01-10', null])(
    'of a password that is refused is not asked for, nor taken by itself (%s)',
    async (changed_on) => {
      await worked({ changed_on, portal_on: null });
      const token = await freshToken();
      await world.stops();
      expect(await asks(token)).toBe(false);
      expect(await actions().giveDate(token, '12/03/2028')).toEqual({ kind: 'noted' });
    },
  );

  test('belongs to no password while another one is being proven', async () => {
    await open(UNDATED);
    const token = await freshToken();
    world.chorus.down = 'network';
    await actions().submit(token, typed(GOOD));
    expect(await actions().giveDate(token, '12/03/2028')).toEqual({ kind: 'known' });
    expect((await datesOf()).portalOn).toBeNull();
    expect(await openTasks()).toEqual([]);
  });

  test('counts for the password of the moment it was given, and once', async () => {
    const during = (meanwhile: () => Promise<unknown>) => {
      const { rotations } = world.ports;
      const updateWithTasks: typeof rotations.updateWithTasks = async (...decision) => {
        await meanwhile();
        return rotations.updateWithTasks(...decision);
      };
      return openManagerActions({
        ...parts(),
        ports: { ...world.ports, rotations: { ...rotations, updateWithTasks } },
      });
    };
    await open();
    const token = await freshToken();
    await actions().submit(token, typed(GOOD, 'bientôt'));
    const users = world.database.db.updateTable('technical_users');
    const other = during(() => users.set({ portal_on: '2028-02-02' }).execute());
    expect(await other.giveDate(token, '12/03/2028')).toEqual({ kind: 'noted' });
    expect((await datesOf()).portalOn).toBe('2028-02-02');
    world.close();
    await open(UNDATED);
    const renewed = during(() => world.handIn(GOOD));
    expect(await renewed.giveDate(await freshToken(), '12/03/2028')).toEqual({ kind: 'known' });
    expect(await datesOf()).toMatchObject({ version: 2, portalOn: null });
    expect(await openTasks()).toEqual([]);
  });

  test('is taken while a reset is only announced', async () => {
    await open(UNDATED);
    const token = await freshToken();
    await actions().announce(token);
    expect(await actions().giveDate(token, '12/03/2028')).toMatchObject(given('2028-03-12'));
  });
});

describe('a link for the first password', () => {
  const NEW = [{ login: LOGIN, changedOn: null, manager: 'maire@example.test' }] as const;
  const visit = async (token: string) => {
    const found = await actions().visit(token);
    return found.kind === 'ended' ? found.why : found.visit;
  };
  const creating = { isFirst: true, asksDate: false, procedure: { name: 'first' } };

  test('shows how to create the account, and takes the password as any other', async () => {
    await open(NEW);
    const asks = () => world.links.asksFirst(world.id, world.now());
    const usual = await freshToken();
    expect(await asks()).toBe(false);
    world.later(MINUTE);
    const token = await freshToken({ isFirst: true });
    expect(await asks()).toBe(true);
    expect(await world.links.asksFirst(world.id + 1, world.now())).toBe(false);
    expect(await world.links.asksFirst(world.id, world.now() + LASTS)).toBe(false);
    expect(await visit(token)).toMatchObject(creating);
    expect(await visit(usual)).toMatchObject({
      isFirst: false,
      asksDate: true,
      procedure: { name: 'current' },
    });
    // An account that is hours old answers later: the password is not lost.
    world.chorus.alive.delete(LOGIN);
    expect(await actions().submit(token, typed(GOOD))).toMatchObject({
      kind: 'received',
      progress: { phase: 'proving', refusals: 1 },
    });
    expect(await visit(token)).toMatchObject(creating);
    world.chorus.alive.set(LOGIN, GOOD);
    world.later(30 * MINUTE);
    await world.advance();
    expect(await visit(token)).toMatchObject({
      isFirst: true,
      progress: { phase: 'proven', published: true },
    });
    expect(world.sinks[0]?.held.get(LOGIN)).toBe(GOOD);
    expect(await asks()).toBe(false);
  });

  test('takes no date of a password that does not exist yet: an agent is told of it', async () => {
    await open(NEW);
    const token = await freshToken({ isFirst: true });
    expect(await actions().giveDate(token, '12/03/2028')).toEqual({ kind: 'noted' });
    expect(await datesOf()).toMatchObject({ portalOn: null });
  });

  test('of the test platform shows its own way', async () => {
    await open([{ ...NEW[0], environment: 'qualification' }]);
    expect(await visit(await freshToken({ isFirst: true }))).toMatchObject({
      procedure: { name: 'first-qualification' },
    });
  });

  test('is one for the next password, once another way has brought the first', async () => {
    await open(NEW);
    const token = await freshToken({ isFirst: true });
    await world.handIn(GOOD);
    await world.database.db.updateTable('links').set({ spent_at: null }).execute();
    expect(await visit(token)).toMatchObject({ isFirst: false, procedure: { name: 'current' } });
  });

  test('is neither sent nor left to leave where a password is in service', async () => {
    await open(NEW);
    const outbox = openOutbox(world.database);
    const { audit, clock } = world;
    const { aggregate } = world.ports.rotations;
    const send = async () => {
      const how = { who: 'agent', isFirst: true };
      return sendLink({ outbox, audit, clock, aggregate }, await world.user(), how);
    };
    expect(await send()).toMatchObject({ address: 'maire@example.test' });
    const [letter] = await world.fleet.waiting();
    const [to] = letter?.recipients ?? [];
    if (letter === undefined || to === undefined) throw new Error('no letter waits');
    const context = {
      aggregate,
      canLink: async () => true,
      asksFirst: async () => true,
      linkFor: async () => 'x',
    };
    const facts = async () => linkFacts(letter, to, await world.user(), context);
    expect(await facts()).toMatchObject({ isFirst: true, link: 'x' });
    await world.handIn(GOOD);
    // An enrolled password has no version of its own.
    await world.database.db.updateTable('technical_users').set({ version: 1 }).execute();
    expect(await facts()).toBe('a password is in service since');
    expect(await send()).toBe('in-service');
  });
});

describe('who comes back by a link that has done its work', () => {
  const submitted = async () => {
    await open();
    const token = await freshToken();
    await actions().submit(token, typed(GOOD));
    return token;
  };
  const spent = { kind: 'ended', why: 'spent' };

  test('is told the success, and hands in nothing any more', async () => {
    const token = await submitted();
    expect(await actions().visit(token)).toMatchObject({
      kind: 'done',
      visit: { login: LOGIN, stopped: false, progress: { phase: 'proven', published: true, proven: true } },
    });
    expect(await actions().submit(token, typed(OTHER))).toEqual(spent);
    expect(await actions().announce(token)).toEqual(spent);
  });

  test('is not, once Chorus Pro refuses that password', async () => {
    const token = await submitted();
    await world.stops();
    expect(await actions().visit(token)).toEqual(spent);
    expect(await actions().giveDate(token, '12/03/2028')).toEqual(spent);
  });

  test('is not, while another one is in hand', async () => {
    const token = await submitted();
    world.later(MINUTE);
    await actions().announce(await freshToken());
    expect(await actions().visit(token)).toEqual(spent);
  });

  test('is not, where the account has another manager by now, or the time of the link is over', async () => {
    const token = await submitted();
    const people = world.database.db.updateTable('people');
    await people.set({ email: 'autre@example.test' }).execute();
    expect(await actions().visit(token)).toEqual(spent);
    await people.set({ email: 'maire@example.test' }).execute();
    expect(await actions().visit(token)).toMatchObject({ kind: 'done' });
    world.later(LASTS + MINUTE);
    expect(await actions().visit(token)).toEqual(spent);
  });
});

describe('who comes back after a password that nobody vouches for', () => {
  const NOT_ASKED = { verification: { production: 'none', qualification: 'none' } } as const;
  const taken = { phase: 'proven', proven: false, published: true };
  const submitted = async () => {
    world = await openWorld({ rules: NOT_ASKED });
    const token = await freshToken();
    expect(await actions().submit(token, typed(GOOD))).toMatchObject({ kind: 'received', progress: taken });
    return token;
  };

  test('sees what became of it, not the start, and may hand in another one', async () => {
    const token = await submitted();
    for (let look = 0; look < 2; look += 1)
      expect(await actions().visit(token)).toMatchObject({ kind: 'open', visit: { progress: taken } });
    world.later(MINUTE);
    expect(await actions().submit(token, typed(OTHER))).toMatchObject({ progress: taken });
    expect(world.sinks[0]?.held.get(LOGIN)).toBe(OTHER);
    expect(await actions().visit(token)).toMatchObject({ kind: 'open', visit: { progress: taken } });
    await actions().announce(token);
    expect(await actions().visit(token)).toMatchObject({ visit: { progress: { phase: 'announced' } } });
  });

  test('sees it by the spent link too, and by a link that asks for the next one the start', async () => {
    const token = await submitted();
    world.later(8 * DAY);
    await world.advanceAll();
    expect(currentRotation(await world.aggregate())).toMatchObject({ stage: 'closed', proven: 'unverified' });
    expect(await actions().visit(token)).toMatchObject({ kind: 'done', visit: { progress: taken } });
    expect(await actions().visit(await freshToken())).toMatchObject({
      ...{ kind: 'open', visit: { progress: { phase: 'ready' } } },
    });
  });

  test('sees the form again, once it is refused', async () => {
    const token = await submitted();
    await world.stops();
    expect(await actions().visit(token)).toMatchObject({
      ...{ kind: 'open', visit: { stopped: true, progress: { phase: 'ready' } } },
    });
  });

  test('sees the form where an agent put into service one of several that were refused', async () => {
    await open();
    const token = await freshToken();
    await actions().submit(await freshToken(), typed(GOOD));
    world.chorus.alive.set(LOGIN, 'something else');
    world.later(HOUR);
    const next = await freshToken();
    await actions().submit(next, typed(OTHER));
    expect(await actions().visit(next)).toMatchObject({ visit: { progress: { bothRefused: true } } });
    await world.ports.rotations.update(world.id, (now) =>
      acceptUnproven(now, 'agent', world.rules, world.now()),
    );
    await world.advanceAll();
    expect(await actions().visit(next)).toMatchObject({ visit: { progress: { phase: 'ready' } } });
    expect(await actions().visit(token)).toMatchObject({ kind: 'ended', why: 'spent' });
  });
});

describe('the password of another account', () => {
  const MINE = 'TECH_2_21900001200015@cpro.fr';
  const THEIRS = 'TECH_3_21900001200015@cpro.fr';
  const FLEET: readonly Planted[] = [
    { login: LOGIN, changedOn: '2026-03-01', manager: 'maire@example.test' },
    {
      login: MINE,
      changedOn: '2026-03-01',
      manager: 'maire@example.test',
      name: 'CCAS de Delle',
      environment: 'qualification',
    },
    { login: THEIRS, changedOn: '2026-03-01', manager: 'autre@example.test' },
  ];
  const ask = () => world.ports.verifier.verify;
  /** Puts a password into service for another account of the fleet. */
  const inService = async (login: string, password: string) => {
    world.chorus.alive.set(login, password);
    const user = await world.userOf(login);
    const taken = await world.submitFor(user, password, { claimsCheck: true });
    if (taken.kind === 'taken') await world.advanceOf(user.id, taken.claimed);
    expect(currentRotation(await world.aggregateOf(user.id))?.proven).toBe('chorus-pro');
  };
  const asked = () => {
    let calls = 0;
    const verify = ask();
    world.chorus.verify = (...check) => {
      calls += 1;
      return verify(...check);
    };
    return () => calls;
  };
  const named = {
    kind: 'wrong',
    findings: [
      {
        field: 'password',
        code: 'other-account',
        account: { login: MINE, environment: 'qualification', structure: 'CCAS de Delle' },
      },
    ],
  };

  test('of the same manager is named, by every channel, and nobody is asked', async () => {
    await open(FLEET);
    await inService(MINE, OTHER);
    const token = await freshToken();
    const calls = asked();
    for (const text of [OTHER, ` ${OTHER}\n`])
      expect(await actions().submit(token, typed(text))).toEqual(named);
    const usersOf = (login: string) => loadTechnicalUsers(world.database.db, { login });
    const tools = openToolActions({ ...parts(), tools: {} as never, usersOf });
    const byTool = { login: LOGIN, environment: null, typed: typed(OTHER), choice: null };
    expect(await tools.submit('glpi', byTool)).toEqual(named);
    const operator = openOperatorActions(
      { ...parts(), usersOf, registry: openRegistry(world.database), pause: async () => undefined },
      'agent',
    );
    const byCommand = { typed: typed(OTHER), changedOn: null, choice: null, acceptUnverified: false };
    expect(await operator.submit(await world.user(), byCommand)).toEqual(named);
    expect(calls()).toBe(0);
    expect(findOpenRotation(await world.aggregate())).toBeNull();
    expect(await actions().submit(token, typed(GOOD))).toMatchObject({ progress: { phase: 'proven' } });
  });

  test('is named when it is chosen too', async () => {
    await open(FLEET);
    const token = await freshToken();
    await actions().submit(token, typed(` ${OTHER}`));
    await inService(MINE, OTHER);
    expect(await actions().choose(token, 'clean')).toEqual(named);
    expect(findOpenRotation(await world.aggregate())?.stage).toBe('unclear');
  });

  test('of another manager is never compared', async () => {
    await open(FLEET);
    await inService(THEIRS, OTHER);
    const calls = asked();
    expect(await actions().submit(await freshToken(), typed(OTHER))).toMatchObject({
      kind: 'received',
      progress: { refusals: 1 },
    });
    expect(calls()).toBeGreaterThan(0);
  });

  test('is compared with what is proven alone: what was refused or only believed there may be this account’s', async () => {
    await open(FLEET);
    const mine = await world.userOf(MINE);
    const taken = await world.submitFor(mine, GOOD, { claimsCheck: true });
    if (taken.kind === 'taken') await world.advanceOf(mine.id, taken.claimed);
    const { provenElsewhere } = world.ports.rotations;
    expect(await provenElsewhere(await world.user(), 200)).toEqual([]);
    await inService(MINE, OTHER);
    await world.database.db.updateTable('rotations').set({ proven: 'unverified' }).execute();
    expect(await provenElsewhere(await world.user(), 200)).toEqual([]);
    expect(await actions().submit(await freshToken(), typed(GOOD))).toMatchObject({
      progress: { phase: 'proven' },
    });
  });

  test('is compared with at most 200 accounts, retired ones and the account itself left out', async () => {
    await open(FLEET);
    await inService(MINE, OTHER);
    const user = await world.user();
    const { provenElsewhere } = world.ports.rotations;
    expect(await provenElsewhere(user, 200)).toHaveLength(1);
    expect(await provenElsewhere(user, 0)).toEqual([]);
    expect(await provenElsewhere({ ...user, principal: null }, 200)).toEqual([]);
    const limits: number[] = [];
    const rotations = {
      ...world.ports.rotations,
      provenElsewhere: async (...[of, limit]: Parameters<typeof provenElsewhere>) => {
        limits.push(limit);
        return provenElsewhere(of, limit);
      },
    };
    const watched = openManagerActions({ ...parts(), ports: { ...world.ports, rotations } });
    await watched.submit(await freshToken(), typed(OTHER));
    expect(limits).toEqual([200]);
    await world.database.db
      .updateTable('technical_users')
      .set({ retired: 1 })
      .where('login', '=', MINE)
      .execute();
    expect(await provenElsewhere(user, 200)).toEqual([]);
  });
});
