import { describe, expect, it, vi } from 'vitest';
import type { SendOutcome } from '../../../src/domain/ports/mail-transport.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { lettersOver, openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';

const ONE = [{ login: 'T1', manager: 'm1@x.test', portalOn: '2027-03-12', deputies: ['d1@x.test'] }];
const MONDAY = '2027-03-01T10:00';
/** The IT service gets copies from 7 days on. */
const COPIES = rulesWith({ ladder: { ...rulesWith().ladder, itFrom: 7 } });
const never = (reply: string, fault: 'address' | 'letter' = 'address'): SendOutcome => ({
  kind: 'never',
  fault,
  reply,
});

const LINK = 'https://releve.example/m/x';
/** The letters of a world in which that link can be made, or none. */
function withLinks({ database, clock, transport }: World, link: string | null, { isNew = false } = {}) {
  const silent = () => undefined;
  return lettersOver(database, {
    ...{ clock, transport, rules: rulesWith() },
    logger: { info: silent, warn: silent, error: silent },
    letterContext: {
      aggregate: async () => null,
      canLink: async () => link !== null,
      asksFirst: async () => isNew,
      linkFor: async () => link,
    },
  });
}

/** The commands that the first letter of alarms proposes. */
const commandsIn = (world: World) =>
  world.alarms()[0]?.letter.blocks.flatMap((block) => (block.kind === 'command' ? [block.text] : []));

describe('a tick', () => {
  it('sends what is due, once, however often it is run', async () => {
    const world = await openWorld({ users: ONE, at: MONDAY });
    expect((await world.tick()).delivered).toMatchObject({ sent: 3, refused: 0 });
    expect((await world.tick()).delivered).toMatchObject({ sent: 0 });
    expect(world.letters()).toEqual(['2027-03-01 J-15 m1@x.test', '2027-03-01 J-15 d1@x.test']);
    const [first] = world.transport.taken;
    expect(first?.recipients.map(({ field, address }) => [field, address])).toEqual([
      ['to', 'm1@x.test'],
      ['cc', 'd1@x.test'],
    ]);
  });

  it.each([
    [true, 'en qualité de gestionnaire principal, un lien personnel'],
    [false, 'en qualité de gestionnaire principal, un courriel qui dit comment faire'],
  ])(
    'words a copy for its reader, without a link or a way; a link can be made: %s',
    async (canLink, said) => {
      const world = await openWorld({ users: ONE, at: MONDAY });
      await withLinks(world, canLink ? LINK : null).tick();
      const { transport } = world;
      const [toManager, toDeputy] = transport.taken.map(({ letter }) => letter);
      expect(toManager?.blocks.some(({ kind }) => kind === 'link')).toBe(canLink);
      expect(toDeputy?.subject).toBe(`Copie – ${toManager?.subject}`);
      expect(toDeputy?.blocks.map(({ kind }) => kind)).toEqual(['paragraph', 'paragraph', 'paragraph']);
      expect(JSON.stringify(toDeputy)).toContain(said);
      expect(JSON.stringify(toDeputy)).not.toContain('https://');
    },
  );

  it.each([LINK, null])('asks for an unknown date with a link where one can be made: %s', async (link) => {
    const world = await openWorld({ users: [{ login: 'T1', manager: 'm1@x.test' }], at: MONDAY });
    await withLinks(world, link).tick();
    const [letter] = world.transport.taken.map((one) => one.letter);
    const shown = letter?.blocks.flatMap((block) => (block.kind === 'link' ? [block.url] : []));
    expect(shown).toEqual(link === null ? [] : [link]);
  });

  it('asks for no date while the first password of the account is asked for', async () => {
    const users = [
      { login: 'T1', manager: 'm1@x.test' },
      { login: 'T2', manager: 'm2@x.test', portalOn: '2027-03-12' },
    ];
    const world = await openWorld({ users, at: MONDAY });
    const { delivered } = await withLinks(world, LINK, { isNew: true }).tick();
    expect(delivered).toMatchObject({ withdrawn: 1 });
    expect(world.transport.taken.map(({ envelopeTo }) => envelopeTo)).not.toContain('m1@x.test');
    expect(world.transport.taken.map(({ envelopeTo }) => envelopeTo)).toContain('m2@x.test');
  });

  it('goes on past a technical user about whom nothing can be decided, who is an alarm and is looked at tomorrow', async () => {
    const world = await openWorld({
      users: [...ONE, { login: 'T2', manager: 'm2@x.test', portalOn: '2027-03-12' }],
      at: MONDAY,
    });
    // A date that no calendar knows, as a hand in the database may leave it.
    await world.database.db
      .updateTable('technical_users')
      .set({ validity: 'P300000Y', portal_on: null, changed_on: '2026-03-12' })
      .where('login', '=', 'T2')
      .execute();
    await world.tick();
    expect(world.letters()).toEqual(['2027-03-01 J-15 m1@x.test', '2027-03-01 J-15 d1@x.test']);
    const alarms = await world.database.db.selectFrom('alarms').select('kind').execute();
    expect(alarms).toEqual([{ kind: 'item-failed' }]);
    const row = await world.database.db
      .selectFrom('technical_users')
      .select('wake_on')
      .where('login', '=', 'T2')
      .executeTakeFirstOrThrow();
    expect(row.wake_on).toBe('2027-03-02');
  });

  it('lets alarms leave between the portions of a review that is longer than a tick, and lists tasks after all of it', async () => {
    // Their dates are long past, and nobody can be written to: each is an alarm, and a task to call.
    const users = Array.from({ length: 600 }, (_, n) => ({ login: `T${n}`, portalOn: '2026-12-01' }));
    const world = await openWorld({ users, at: MONDAY });
    const clock = performance.now.bind(performance);
    let slow = 0;
    const time = vi.spyOn(performance, 'now').mockImplementation(() => clock() + slow);
    const beforeRound = () => {
      slow += 30_000;
    };
    const { tick } = lettersOver(world.database, {
      ...world,
      logger: world.ports.logger,
      rules: rulesWith(),
      beforeRound,
    });
    const untilEnd = () => {
      const end = performance.now() + 50_000;
      return tick(() => performance.now() < end);
    };
    const listed = async () => {
      const rows = await world.database.db.selectFrom('tasks').select('letter_id').execute();
      return rows.filter(({ letter_id: id }) => id !== null).length;
    };
    try {
      const { delivered } = await untilEnd();
      expect(delivered).toMatchObject({ sent: 1, stopped: null });
      expect(world.alarms().length).toBe(1);
      expect(await listed()).toBe(0);
      expect((await untilEnd()).reviewed).toBe(100);
      expect(world.alarms().length).toBe(3);
      expect(await listed()).toBe(600);
      await untilEnd();
      expect(world.transport.taken.map(({ id }) => id)).toContain('tasks/2027-03-01');
    } finally {
      time.mockRestore();
    }
  });

  it('writes nothing at night, on days without work, or after the window', async () => {
    const world = await openWorld({ users: ONE, at: '2027-02-28T10:00' });
    for (const time of ['2027-02-28T10:00', '2027-03-01T08:29', '2027-03-01T17:00', '2027-03-01T23:59'])
      await world.at(time);
    expect(world.transport.taken).toEqual([]);
    await world.at('2027-03-02T08:30');
    expect(world.letters()).toHaveLength(2);
  });

  it('says after the date how often it wrote before, and once a month only a few words', async () => {
    const world = await openWorld({ users: ONE, at: '2027-03-08T10:00' });
    const words = () => {
      const sent = world.transport.taken
        .filter(({ envelopeTo }) => envelopeTo === 'm1@x.test')
        .at(-1)?.letter;
      return JSON.stringify(sent?.blocks);
    };
    await world.tick();
    expect(words()).not.toContain('déjà écrit');
    await world.at('2027-03-15T10:00');
    expect(words()).toContain('Nous vous avons déjà écrit une fois.');
    await world.at('2027-03-19T10:00');
    expect(words()).toContain('Nous vous avons déjà écrit 2 fois.');
    const long = words().length;
    await world.at('2027-05-26T10:00');
    expect(world.letters()).toContain('2027-05-26 J+74 m1@x.test');
    expect(words().length).toBeLessThan(long / 2);
  });

  it('asks for the true date of a password that Chorus Pro accepted after its date', async () => {
    const world = await openWorld({ at: '2027-03-01T10:00' });
    world.chorus.alive.set(LOGIN, 'kK2(made_Up[9z');
    await world.handIn('kK2(made_Up[9z');
    const set = (changes: Record<string, unknown>) =>
      world.database.db.updateTable('technical_users').set(changes).execute();
    await set({ portal_on: '2027-03-12', wake_on: '' });
    const at = (time: string) =>
      Temporal.PlainDateTime.from(time).toZonedDateTime('Europe/Paris').epochMilliseconds;
    const subjectOn = async (time: string, workedAt: string, state = 'working') => {
      await world.database.db
        .updateTable('health')
        .set({ state: state as 'working', worked_at: at(workedAt) })
        .execute();
      await world.at(time);
      const sent = world.transport.taken.filter(({ id }) => id.includes('/J+')).at(-1);
      return sent?.letter.subject ?? null;
    };
    expect(await subjectOn('2027-03-15T10:00', '2027-03-15T02:10')).toMatch(/à relire/);
    // On its very day it proves nothing, and after a refusal it is no news.
    expect(await subjectOn('2027-03-19T10:00', '2027-03-12T02:10')).not.toMatch(/à relire/);
    expect(await subjectOn('2027-03-26T10:00', '2027-03-26T02:10', 'doubtful')).not.toMatch(/à relire/);
  });

  it('holds a letter over the night when the window closes before it could leave', async () => {
    const world = await openWorld({ users: ONE, at: MONDAY });
    world.transport.answerWith(() => ({ kind: 'later', reply: '450 busy' }));
    await world.at('2027-03-01T16:59');
    world.transport.answerWith(() => undefined);
    await world.at('2027-03-01T17:10');
    expect(world.letters()).toEqual([]);
    await world.at('2027-03-02T08:30');
    expect(world.letters()).toHaveLength(2);
  });

  it('withdraws a letter that is no longer true just before it leaves', async () => {
    const world = await openWorld({ users: ONE, at: MONDAY });
    world.transport.answerWith(() => ({ kind: 'later', reply: '450 busy' }));
    await world.at(MONDAY);
    await world.database.db
      .updateTable('technical_users')
      .set({ version: 2, portal_on: '2028-03-12', wake_on: '' })
      .execute();
    world.transport.answerWith(() => undefined);
    expect((await world.at('2027-03-01T10:30')).delivered).toMatchObject({ withdrawn: 2 });
    expect(world.letters()).toEqual([]);
  });

  it('sends one letter, the most urgent, after days without a mail server; and each as soon as it is back', async () => {
    const world = await openWorld({ users: ONE, at: MONDAY, reminders: COPIES });
    world.transport.answerWith(() => ({ kind: 'stopped', at: 'connection', reply: 'connection refused' }));
    for (const day of ['01', '02', '03', '04', '05', '08', '09']) {
      const { delivered } = await world.at(`2027-03-${day}T10:00`);
      expect(delivered.stopped).toBe('connection refused');
    }
    world.transport.answerWith(() => undefined);
    await world.at('2027-03-09T10:01');
    // The IT service is in copy from 7 days on: three readers of one letter.
    expect(world.letters()).toEqual([
      '2027-03-09 J-3 m1@x.test',
      '2027-03-09 J-3 d1@x.test',
      '2027-03-09 J-3 it@siagep.test',
    ]);
  });

  it('tells the IT service the same day when the mail server refuses an address, and stops writing to it', async () => {
    const world = await openWorld({ users: ONE, at: MONDAY, reminders: COPIES });
    world.transport.answerWith(({ envelopeTo }) =>
      envelopeTo === 'm1@x.test' ? never('550 5.1.1 no such user') : undefined,
    );
    await world.at(MONDAY);
    expect(world.letters()).toEqual(['2027-03-01 J-15 d1@x.test']);
    expect(world.alarms()).toHaveLength(1);
    expect(JSON.stringify(world.alarms()[0]?.letter)).toContain('m1@x.test');
    expect(commandsIn(world)).toEqual(['releve set T1 --manager "Nom <adresse>" --environment production']);
    const tried = world.transport.tried.length;
    await world.at('2027-03-05T10:00');
    const after = world.transport.tried.slice(tried);
    expect(after.some(({ envelopeTo }) => envelopeTo === 'm1@x.test')).toBe(false);
    // The next step still reaches the deputy and the IT service, and says that the manager is out of reach.
    expect(after.map(({ id, envelopeTo }) => [id.split('/')[0], envelopeTo])).toEqual([
      ['alarm', 'it@siagep.test'],
      ['production', 'd1@x.test'],
      ['production', 'it@siagep.test'],
    ]);
  });

  it('raises an alarm when a manager has no address at all, once a step', async () => {
    const world = await openWorld({
      users: [{ login: 'T1', manager: null, portalOn: '2027-03-12' }],
      at: MONDAY,
    });
    await world.at(MONDAY);
    await world.at('2027-03-01T11:00');
    expect(world.alarms()).toHaveLength(1);
    await world.at('2027-03-05T10:00');
    expect(world.alarms()).toHaveLength(2);
  });

  it('gives an alarm the telephone numbers of the minute in which it leaves, and never another person’s', async () => {
    const world = await openWorld({ users: ONE, at: MONDAY });
    const { db } = world.database;
    let isBusy = true;
    world.transport.answerWith(({ envelopeTo, id }) => {
      if (envelopeTo === 'm1@x.test') return never('550 5.1.1 no such user');
      return isBusy && id.startsWith('alarm/') ? { kind: 'later', reply: '450 busy' } : undefined;
    });
    await db.updateTable('people').set({ phone: '03 53 01 12 34' }).execute();
    await db.updateTable('structures').set({ phone: '03 53 01 12 00' }).execute();
    await world.tick();
    await db
      .updateTable('people')
      .set({ phone: '06 39 98 12 34' })
      .where('email', '=', 'm1@x.test')
      .execute();
    isBusy = false;
    await world.at('2027-03-01T10:05');
    const rowsOf = (nth: number) =>
      new Map(
        world.alarms()[nth]?.letter.blocks.flatMap((block) => (block.kind === 'facts' ? block.rows : [])),
      );
    expect(rowsOf(0).get('Adresse')).toBe('m1@x.test');
    expect(rowsOf(0).get('Téléphone')).toBe('06\u00a039\u00a098\u00a012\u00a034');
    expect(rowsOf(0).get('Tél. de la structure')).toBe('03\u00a053\u00a001\u00a012\u00a000');
    // The next step raises an alarm about the same manager, who is another one when it leaves.
    isBusy = true;
    await world.at('2027-03-05T10:00');
    await db.updateTable('mandates').set({ until: 1 }).where('role', '=', 'principal').execute();
    await db.updateTable('structures').set({ phone: null }).execute();
    isBusy = false;
    await world.at('2027-03-05T10:05');
    expect(rowsOf(1).get('Adresse')).toBe('m1@x.test');
    expect([...rowsOf(1).keys()].filter((label) => label.startsWith('Tél'))).toEqual([]);
    const stored = await db.selectFrom('alarms').select('facts').execute();
    expect(JSON.stringify(stored)).not.toMatch(/phone|12 34/i);
  });

  it('gathers the alarms of one tick into one letter', async () => {
    const users = Array.from({ length: 5 }, (_, index) => ({ login: `T${index}`, portalOn: '2027-03-12' }));
    const world = await openWorld({ users, at: MONDAY });
    await world.at(MONDAY);
    expect(world.alarms()).toHaveLength(1);
    const words = JSON.stringify(world.alarms()[0]?.letter);
    for (const { login } of users) expect(words).toContain(login);
  });

  it('tries again by the table of waits, gives up at its bound, and says so', async () => {
    const world = await openWorld({
      users: [{ login: 'T1', manager: 'm1@x.test', portalOn: '2027-03-16' }],
      at: MONDAY,
    });
    world.transport.answerWith(({ envelopeTo }) =>
      envelopeTo === 'm1@x.test' ? { kind: 'later', reply: '450 4.2.0 greylisted' } : undefined,
    );
    for (let minute = 0; minute < 180; minute++) {
      world.clock.set(Temporal.Instant.from('2027-03-01T09:00:00Z').add({ minutes: minute }));
      await world.tick();
    }
    const tries = world.transport.tried
      .filter(({ envelopeTo }) => envelopeTo === 'm1@x.test')
      .map(({ date }) => (date.epochMilliseconds - Date.parse('2027-03-01T09:00:00Z')) / 60_000);
    expect(tries).toEqual([0, 1, 6, 21, 36, 51, 66, 81, 96, 111]);
    expect(world.alarms()).toHaveLength(1);
    expect(JSON.stringify(world.alarms()[0]?.letter)).toContain('greylisted');
    expect(commandsIn(world)).toEqual(['releve set T1 --manager "Nom <adresse>" --environment production']);
  });

  it('keeps trying an alarm that is refused, and never raises an alarm about it', async () => {
    const world = await openWorld({ users: [{ login: 'T1', portalOn: '2027-03-16' }], at: MONDAY });
    world.transport.answerWith(() => never('550 5.1.1 no such user'));
    await world.at(MONDAY);
    await world.at('2027-03-01T10:01');
    const alarms = world.transport.tried.filter(({ id }) => id.startsWith('alarm/'));
    expect(alarms.length).toBe(2);
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(1);
  });

  it('is not stopped by one reader whose domain refuses us: the others get theirs', async () => {
    const users = Array.from({ length: 10 }, (_, index) => ({
      login: `T${index}`,
      manager: `m${index}@x.test`,
      portalOn: '2027-03-16',
    }));
    const world = await openWorld({ users, at: MONDAY });
    world.transport.answerWith(({ envelopeTo }) =>
      envelopeTo === 'm0@x.test'
        ? { kind: 'stopped', at: 'letter', reply: '550 5.7.1 relaying denied' }
        : undefined,
    );
    const { delivered } = await world.tick();
    expect(delivered).toMatchObject({ later: 1, stopped: null });
    expect(world.letters()).toHaveLength(9);
  });

  it('ends when the server refuses us whoever the reader is, and asks no more than a few times', async () => {
    const users = Array.from({ length: 50 }, (_, index) => ({
      login: `T${index}`,
      manager: `m${index}@x.test`,
      portalOn: '2027-03-16',
    }));
    const world = await openWorld({ users, at: MONDAY });
    world.transport.answerWith(() => ({ kind: 'stopped', at: 'letter', reply: '550 5.7.1 relaying denied' }));
    const { delivered } = await world.tick();
    expect(delivered.stopped).toMatch(/relaying denied/);
    // As many as the lanes that were working side by side.
    expect(world.transport.tried.length).toBeLessThanOrEqual(18);
  });

  it('tells the IT service the same day of a refusal that lasts, keeps the address, and goes on trying', async () => {
    const world = await openWorld({
      users: [{ login: 'T1', manager: 'm1@x.test', portalOn: '2027-03-16' }],
      at: MONDAY,
    });
    world.transport.answerWith(({ envelopeTo }) =>
      envelopeTo === 'm1@x.test' ? { kind: 'stopped', at: 'letter', reply: '550 Blocked' } : undefined,
    );
    await world.at(MONDAY);
    await world.at('2027-03-01T10:01');
    expect(world.alarms()).toEqual([]);
    for (const minute of ['10:06', '10:21', '10:36']) await world.at(`2027-03-01T${minute}`);
    expect(world.alarms()).toHaveLength(1);
    expect(JSON.stringify(world.alarms()[0]?.letter)).toContain('550 Blocked');
    const people = await world.database.db.selectFrom('people').select(['email', 'dead_since']).execute();
    expect(people).toContainEqual({ email: 'm1@x.test', dead_since: null });
    world.transport.answerWith(() => undefined);
    await world.at('2027-03-01T10:51');
    expect(world.letters()).toEqual(['2027-03-01 J-15 m1@x.test']);
  });

  it('tells the IT service at once of a refusal after which nothing is tried today', async () => {
    const world = await openWorld({
      users: [{ login: 'T1', manager: 'm1@x.test', portalOn: '2027-03-16' }],
      at: '2027-03-01T16:59',
    });
    world.transport.answerWith(({ envelopeTo }) =>
      envelopeTo === 'm1@x.test' ? { kind: 'stopped', at: 'letter', reply: '550 Blocked' } : undefined,
    );
    await world.tick();
    expect(world.alarms()).toHaveLength(1);
    await world.at('2027-03-01T17:30');
    expect(world.alarms()).toHaveLength(1);
  });

  it('stops, and keeps the letters, when several in a row are called spam', async () => {
    const users = Array.from({ length: 50 }, (_, index) => ({
      login: `T${index}`,
      manager: `m${index}@x.test`,
      portalOn: '2027-03-16',
    }));
    const world = await openWorld({ users, at: MONDAY });
    world.transport.answerWith(() => never('554 5.7.1 looks like spam', 'letter'));
    const { delivered } = await world.tick();
    expect(delivered).toMatchObject({ stopped: '554 5.7.1 looks like spam', refused: 2 });
  });

  const fleetOf = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      login: `T${index}`,
      manager: `m${index}@x.test`,
      portalOn: '2027-03-16',
    }));
  const dead = async ({ database }: World) => {
    const rows = database.db.selectFrom('people').select('id').where('dead_since', 'is not', null);
    return (await rows.execute()).length;
  };

  it('takes eight addresses in a row for dead, whatever the ticks, until a letter is sent', async () => {
    const world = await openWorld({ users: fleetOf(40), at: MONDAY });
    const reply = '550 5.1.1 no such mailbox';
    world.transport.answerWith(() => never(reply));
    const { delivered } = await world.tick();
    expect(delivered).toMatchObject({ sent: 0, stopped: reply });
    const first = await dead(world);
    expect(first).toBeGreaterThan(6);
    expect(first).toBeLessThanOrEqual(8);
    const eachMinute = async (from: number, to: number) => {
      for (let minute = from; minute < to; minute++) await world.at(`2027-03-01T10:${minute}`);
    };
    await eachMinute(10, 20);
    expect(await dead(world)).toBe(first);
    world.transport.answerWith(({ envelopeTo }) => (envelopeTo === 'm39@x.test' ? undefined : never(reply)));
    await eachMinute(20, 40);
    expect(await dead(world)).toBeGreaterThan(first);
  });

  it('tells the IT service of each dead address on the same day, however many stand in a row', async () => {
    const world = await openWorld({ users: fleetOf(24), at: MONDAY });
    world.transport.answerWith(({ envelopeTo }) =>
      envelopeTo.startsWith('m') ? never(`550 5.1.1 <${envelopeTo}>: no such mailbox`) : undefined,
    );
    for (let minute = 0; minute < 7 * 60; minute += 5) {
      await world.at(`2027-03-01T${10 + Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`);
    }
    const told = JSON.stringify(world.alarms().map(({ letter }) => letter.blocks));
    for (const { manager } of fleetOf(24)) expect(told).toContain(manager);
    expect(await dead(world)).toBe(24);
  });

  it('counts no row where a letter is sent between', async () => {
    const world = await openWorld({ users: fleetOf(30), at: MONDAY });
    world.transport.answerWith(({ envelopeTo }) =>
      /^m\d*[05]@/.test(envelopeTo) || envelopeTo.startsWith('it')
        ? undefined
        : never('550 5.1.1 no such mailbox'),
    );
    expect((await world.tick()).delivered).toMatchObject({ refused: 24, stopped: null });
    expect(await dead(world)).toBe(24);
  });

  it('sets a letter aside that cannot be made, and sends the others', async () => {
    const users = Array.from({ length: 3 }, (_, index) => ({
      login: `T${index}`,
      manager: `m${index}@x.test`,
      portalOn: '2027-03-16',
    }));
    const world = await openWorld({ users, at: MONDAY });
    world.transport.answerWith(({ envelopeTo }) => {
      if (envelopeTo === 'm1@x.test') throw new Error('cannot be composed');
      return undefined;
    });
    await world.tick();
    expect(world.letters()).toHaveLength(2);
    expect(world.log.some(({ level, message }) => level === 'error' && /set aside/.test(message))).toBe(true);
    world.transport.answerWith(() => undefined);
    await world.at('2027-03-01T10:59');
    expect(world.letters()).toHaveLength(2);
    await world.at('2027-03-01T11:00');
    expect(world.letters()).toHaveLength(3);
  });

  it('tells the IT service of a letter that could not be made for the third time', async () => {
    const users = [{ login: 'T1', manager: 'm1@x.test', portalOn: '2027-03-16' }];
    const world = await openWorld({ users, at: MONDAY });
    world.transport.answerWith(({ envelopeTo }) => {
      if (envelopeTo === 'm1@x.test') throw new TypeError('a text that nobody must see');
      return undefined;
    });
    await world.tick();
    await world.at('2027-03-01T11:00');
    expect(world.letters()).toHaveLength(0);
    await world.at('2027-03-01T12:00');
    await world.at('2027-03-01T13:00');
    expect(world.letters()).toHaveLength(0);
    const told = JSON.stringify(world.alarms());
    expect(told).toContain('TypeError');
    expect(told).not.toContain('nobody must see');
  });

  it('gives back what it claimed when it is told to stop', async () => {
    const users = Array.from({ length: 20 }, (_, index) => ({
      login: `T${index}`,
      manager: `m${index}@x.test`,
      portalOn: '2027-03-16',
    }));
    const world = await openWorld({ users, at: MONDAY });
    let asked = 0;
    await world.tick(() => ++asked < 6);
    const sent = world.letters().length;
    expect(sent).toBeLessThan(10);
    await world.tick();
    expect(world.letters()).toHaveLength(20);
  });

  it('sends the digest once a week, on a working day, even when all is well', async () => {
    const world = await openWorld({ users: [], at: '2027-03-25T10:00' });
    // Thursday (the week's digest is late), Friday, then Easter Monday, Tuesday.
    for (const day of ['2027-03-25', '2027-03-26', '2027-03-29', '2027-03-30', '2027-03-31'])
      await world.at(`${day}T10:00`);
    expect(world.transport.taken.map(({ id, date }) => [id, date.toString().slice(0, 10)])).toEqual([
      ['digest/2027-03-22', '2027-03-25'],
      ['digest/2027-03-29', '2027-03-30'],
    ]);
  });

  it('withdraws a digest whose week is over', async () => {
    const world = await openWorld({ users: [], at: '2027-03-01T10:00' });
    world.transport.answerWith(() => ({ kind: 'stopped', at: 'connection', reply: 'down' }));
    await world.tick();
    world.transport.answerWith(() => undefined);
    await world.at('2027-03-08T10:00');
    expect(world.transport.taken.map(({ id }) => id)).toEqual(['digest/2027-03-08']);
  });

  it('writes to a successor what the predecessor was told, at the next tick', async () => {
    const world = await openWorld({ users: ONE, at: MONDAY });
    await world.tick();
    const { db } = world.database;
    await db
      .insertInto('people')
      .values({ name: 'Successor', email: 'new@x.test', email_key: 'new@x.test', language: 'en' })
      .execute();
    await db.updateTable('mandates').set({ person_id: 3 }).where('role', '=', 'principal').execute();
    await db.updateTable('technical_users').set({ wake_on: '' }).execute();
    await world.at('2027-03-01T10:01');
    expect(world.letters().slice(2)).toEqual(['2027-03-01 J-15 new@x.test', '2027-03-01 J-15 d1@x.test']);
    expect(world.transport.inboxOf('new@x.test')[0]?.letter.language).toBe('en');
  });
});
