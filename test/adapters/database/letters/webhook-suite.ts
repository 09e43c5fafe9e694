// The second way out, the same on either engine: events are written with what they tell, leave at least once and by one process alone, and
// leave whatever the mail server does.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DatabasePlace, openDatabase } from '../../../../src/adapters/database/database.ts';
import { openOutbox } from '../../../../src/adapters/database/letters/outbox.ts';
import { openWebhookOutbox } from '../../../../src/adapters/database/webhook/webhook-outbox.ts';
import { openWebhookWork } from '../../../../src/composition/webhook.ts';
import { type NewAlarm, NO_FACTS } from '../../../../src/domain/notification/letter.ts';
import { EVENT_GROUPS, type EventGroup } from '../../../../src/domain/notification/webhook-event.ts';
import { recordAnswer } from '../../../../src/domain/platform/platform.ts';
import { Secret } from '../../../../src/domain/shared/secret.ts';
import type { Verdict } from '../../../../src/domain/verification/verdict.ts';
import { DAY, HOUR, MINUTE } from '../../../fakes/clock.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../../rig/webhook-receiver.ts';
import { openWorld, type World } from '../../../rig/world.ts';
import { LOGIN } from '../../../rig/world-store.ts';

const FIRST = 'kK2(made_Up[9z';
const SECOND = 'pQ7)other_O]3w';
const WRONG = 'xX5(never_W{1q';
const UNREACHABLE = 'TECH_2_21900002000017@cpro.fr';
const SIRET = '21900001200015';

export function webhookSuite(place: () => Promise<DatabasePlace>): void {
  let world: World;
  let receiver: WebhookReceiver;
  let at: DatabasePlace;
  beforeEach(async () => {
    at = await place();
    const users = [
      { login: LOGIN, siret: SIRET, changedOn: '2026-11-01', manager: 'maire@example.test' },
      { login: UNREACHABLE, siret: '21900002000017', changedOn: '2026-03-03', manager: null },
    ];
    world = await openWorld({ place: at, users, at: '2027-03-01T09:00' });
    receiver = await startWebhookReceiver();
  });
  afterEach(async () => {
    receiver.close();
    await world.close();
  });

  const settings = (events: readonly EventGroup[] = EVENT_GROUPS, url: string | null = receiver.url) => ({
    webhook: {
      ...{ url, secretFile: null, caFile: null, events, body: null },
      retry: {
        waits: ['PT10S', 'PT1M', 'PT5M', 'PT15M'].map((wait) => Temporal.Duration.from(wait)),
        giveUpAfter: Temporal.Duration.from('P3D'),
      },
    },
    door: { url: null } as never,
    itService: { language: 'en' } as never,
  });
  const secrets = { signing: [new Secret(`whsec_${Buffer.alloc(32, 'k').toString('base64')}`)], ca: null };
  const workOver = (database = world.database, config = settings()) =>
    openWebhookWork({ config, webhookOutbox: openWebhookOutbox(database) }, secrets, {
      clock: world.clock,
      logger: world.ports.logger,
    });
  const alarmNamed = (id: string): NewAlarm => ({ id, kind: 'vault-shut', facts: NO_FACTS });
  const raise = (id: string) => openOutbox(world.database).raise(alarmNamed(id), world.now());
  const alarms = () => world.database.db.selectFrom('alarms').selectAll().orderBy('raised_at').execute();
  const down = { kind: 'undetermined', cause: 'network', evidence: { call: 'rights' } } as unknown as Verdict;
  const up = { kind: 'accepted', evidence: { call: 'rights' } } as unknown as Verdict;
  const answered = (verdict: Verdict) =>
    world.ports.platforms.update(
      'qualification',
      (platform) =>
        recordAnswer(
          platform,
          { verdict, about: { userId: 1, unjudged: false, closed: false } },
          { outageAlarmAfter: 2 * HOUR },
          world.now(),
        ),
      world.now(),
    );

  it('with mail down for a day each alarm reaches the webhook once, and mail once after', async () => {
    const work = workOver();
    await work.round();
    world.chorus.alive.set(LOGIN, FIRST);
    await world.submit(FIRST);
    await world.advance();
    world.transport.answerWith(() => ({ kind: 'stopped', at: 'connection', reply: 'ECONNREFUSED' }));
    const happens: Readonly<Record<number, () => Promise<unknown>>> = {
      3: async () => {
        world.chorus.alive.set(LOGIN, SECOND);
        await world.handIn(WRONG);
      },
      9: () => answered(down),
      10: () => answered(down),
      11: () => answered(down),
      18: () => answered(down),
      24: () => raise('vault-shut/2027-03-01'),
      30: () => answered(up),
      36: () => world.handIn(SECOND),
    };
    for (let step = 1; step <= 72; step += 1) {
      world.later(20 * MINUTE);
      await happens[step]?.();
      await world.advanceAll();
      await world.tick();
      await work.round();
    }
    const raised = await alarms();
    const kinds = raised.map(({ kind }) => `releve.alarm.${kind}`).toSorted();
    expect(kinds).toEqual(
      expect.arrayContaining(
        ['both-refused', 'outage', 'outage-over', 'vault-shut', 'no-address'].map(
          (kind) => `releve.alarm.${kind}`,
        ),
      ),
    );
    const types = receiver.types();
    expect(types.filter((type) => type.startsWith('releve.alarm.')).toSorted()).toEqual(kinds);
    expect(types.filter((type) => !type.startsWith('releve.alarm.'))).toEqual(
      expect.arrayContaining([
        'releve.mail.down',
        'releve.account.in-hand',
        'releve.account.stopped',
        'releve.task.stopped.opened',
        'releve.platform.out',
        'releve.platform.back',
        'releve.account.renewed',
        'releve.account.works-again',
        'releve.task.stopped.closed',
      ]),
    );
    expect(types.filter((type) => type === 'releve.mail.down')).toHaveLength(1);
    expect(new Set(receiver.calls.map(({ event }) => event.id)).size).toBe(types.length);
    expect(world.transport.taken).toEqual([]);

    world.transport.answerWith(() => undefined);
    world.later(MINUTE);
    await world.tick();
    await work.round();
    await world.tick();
    await work.round();
    const letters = world.alarms();
    expect(new Set(letters.map(({ id }) => id)).size).toBe(letters.length);
    const after = await alarms();
    expect(after).toHaveLength(raised.length);
    expect(after.every(({ letter_id: id }) => letters.some((letter) => letter.id === id))).toBe(true);
    expect(receiver.types().slice(types.length)).toEqual(['releve.mail.back']);
    // Nothing of a person, and nothing typed, is in any of them.
    const bodies = receiver.calls.map(({ body }) => body).join('\n');
    expect(bodies).not.toMatch(/Maire|maire@|siagep|ECONNREFUSED|kK2|pQ7|xX5/);
    const about = receiver.calls.filter(({ event }) => event.subject === LOGIN);
    expect(about.length).toBeGreaterThan(4);
    for (const { event } of about)
      expect(event.data).toMatchObject({ login: LOGIN, siret: SIRET, environment: 'production' });
  });

  describe('of the mail server', () => {
    /** Ticks each minute for so many; the events of mail since the last call. */
    const mailFor = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        await world.tick();
        world.later(MINUTE);
      }
      const { db } = world.database;
      const rows = await db.selectFrom('webhook_events').select('type').orderBy('number').execute();
      await db.deleteFrom('webhook_events').execute();
      return rows.map(({ type }) => type).filter((type) => type.startsWith('mail.'));
    };
    const unreachable = () => ({ kind: 'stopped', at: 'connection', reply: 'ECONNREFUSED' }) as const;
    const busy = () => ({ kind: 'later', reply: '451 try later' }) as const;
    beforeEach(async () => {
      await mailFor(1);
      await openWebhookOutbox(world.database).subscribe(EVENT_GROUPS);
      await raise('a');
    });

    it('it is back when a letter has left, and not when one is put off', async () => {
      world.transport.answerWith(unreachable);
      expect(await mailFor(10)).toEqual(['mail.down']);
      world.transport.answerWith(busy);
      expect(await mailFor(60)).toEqual([]);
      world.transport.answerWith(() => undefined);
      expect(await mailFor(20)).toEqual(['mail.back']);
    });

    it('it is down when it puts off all for an hour, but not for one full mailbox', async () => {
      world.transport.answerWith(busy);
      expect(await mailFor(55)).toEqual([]);
      expect(await mailFor(30)).toEqual(['mail.down']);
      world.transport.answerWith(() => undefined);
      await raise('c');
      expect(await mailFor(20)).toEqual(['mail.back']);
      const { db } = world.database;
      const { id } = await db.selectFrom('people').select('id').executeTakeFirstOrThrow();
      world.transport.answerWith(busy);
      await raise('b');
      await mailFor(1);
      await db.updateTable('deliveries').set({ person_id: id }).where('state', '=', 'waiting').execute();
      expect(await mailFor(90)).toEqual([]);
    });

    it('it is back too where none waits any more, once it lets us in', async () => {
      world.transport.answerWith(unreachable);
      expect(await mailFor(10)).toEqual(['mail.down']);
      const { db } = world.database;
      await db
        .updateTable('deliveries')
        .set({ state: 'withdrawn', settled_at: world.now() })
        .where('state', '=', 'waiting')
        .execute();
      expect(await mailFor(10)).toEqual([]);
      world.transport.answerWith(() => undefined);
      expect(await mailFor(2)).toEqual(['mail.back']);
    });
  });

  it('keeps nothing where nobody has asked, and of what was asked for alone', async () => {
    await raise('a');
    const work = workOver(world.database, settings(['mail', 'task']));
    await work.round();
    await raise('b');
    await work.round();
    expect(receiver.calls).toEqual([]);
    work.replaceWebhook(settings(['alarm']), secrets);
    await work.round();
    await raise('a');
    await raise('c');
    receiver.answer(500);
    await work.round();
    expect(receiver.types()).toEqual(['releve.alarm.vault-shut']);
    // Without an address nothing is kept, not even what waits.
    work.replaceWebhook(settings(['alarm'], null), secrets);
    await work.round();
    await raise('d');
    expect(await openWebhookOutbox(world.database).state()).toEqual({
      waiting: 0,
      oldestAt: null,
      failingSince: null,
    });
  });

  it('two at once send each event once; what one has claimed and lost leaves again with its id', async () => {
    const other = at.engine === 'sqlite' && at.file === ':memory:' ? world.database : await openDatabase(at);
    const [one, two] = [workOver(), workOver(other)];
    await Promise.all([one.round(), two.round()]);
    for (let nth = 0; nth < 20; nth += 1) await raise(`alarm ${nth}`);
    await Promise.all([one.round(), two.round()]);
    const ids = receiver.calls.map(({ event }) => event.id);
    expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
    // Killed between the call and its record.
    await raise('lost');
    const lost = await openWebhookOutbox(other).claim(world.now(), MINUTE);
    await one.round();
    expect(receiver.calls).toHaveLength(20);
    world.later(MINUTE);
    await Promise.all([one.round(), two.round()]);
    expect(receiver.calls.slice(20).map(({ event }) => event.id)).toEqual([lost?.event.id]);
    if (other !== world.database) await other.close();
  });

  it('a dead receiver is called by a table of waits, alarms by mail once, and what waits leaves in its order', async () => {
    const work = workOver();
    await work.round();
    receiver.answer(503);
    for (const id of ['first', 'second', 'third']) await raise(id);
    const calledAt: number[] = [];
    const begin = world.now();
    for (let nth = 0; nth < 80; nth += 1) {
      const before = receiver.calls.length;
      await work.round();
      if (receiver.calls.length > before) calledAt.push((world.now() - begin) / 1000);
      expect(receiver.calls.length - before).toBeLessThanOrEqual(1);
      world.later(nth < 14 ? 5_000 : MINUTE);
    }
    expect(calledAt.slice(0, 5)).toEqual([0, 10, 70, 370, 1270]);
    const stuck = (await alarms()).filter(({ kind }) => kind === 'webhook-stuck');
    expect(stuck).toHaveLength(1);
    await world.tick();
    expect(world.alarms()).toHaveLength(1);
    expect(world.alarms()[0]?.letter.blocks).toContainEqual({
      kind: 'command',
      text: 'releve webhook test',
    });
    receiver.answer(204);
    world.later(15 * MINUTE);
    await work.round();
    const last = receiver.calls.slice(-4).map(({ event }) => event.id);
    expect(last).toEqual(
      (await world.database.db.selectFrom('webhook_events').select('id').orderBy('number').execute()).map(
        ({ id }) => id,
      ),
    );
    expect(receiver.types().filter((type) => type.includes('webhook'))).toEqual([]);
    // The next time is told again.
    receiver.answer(503);
    await raise('fourth');
    for (let nth = 0; nth < 10; nth += 1) {
      await work.round();
      world.later(15 * MINUTE);
    }
    expect((await alarms()).filter(({ kind }) => kind === 'webhook-stuck')).toHaveLength(2);
  });

  /** States of the events, the oldest first. */
  const states = async () =>
    (await world.database.db.selectFrom('webhook_events').select('state').orderBy('number').execute()).map(
      ({ state }) => state,
    );
  /** Calls of one round. */
  const callsOf = async (work: ReturnType<typeof workOver>) => {
    const before = receiver.calls.length;
    await work.round();
    return receiver.calls.length - before;
  };

  it('what a dead receiver never took is given up together, after one last call', async () => {
    const work = workOver();
    await work.round();
    receiver.answer(500);
    for (const id of ['first', 'second', 'third']) await raise(id);
    await work.round();
    world.later(3 * DAY - MINUTE);
    await work.round();
    await raise('late');
    world.later(MINUTE);
    // The oldest, which gives up for all that have waited as long; the late one waits as the receiver does.
    expect([await callsOf(work), await callsOf(work)]).toEqual([1, 0]);
    expect(await states()).toEqual(['refused', 'refused', 'refused', 'waiting']);
    expect(await openWebhookOutbox(world.database).givenUp()).toBe(3);
    receiver.answer(204);
    world.later(5 * MINUTE);
    await work.round();
    expect((await openWebhookOutbox(world.database).state()).waiting).toBe(0);
  });

  it('what happens later waits behind what waits: the receiver’s wait is one for all, and its Retry-After', async () => {
    const work = workOver();
    await work.round();
    receiver.answer({ status: 429, headers: { 'retry-after': '3600' } });
    const calledAt: number[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      if (minute % 5 === 0) await raise(`alarm ${minute}`);
      if ((await callsOf(work)) > 0) calledAt.push(minute);
      world.later(MINUTE);
    }
    expect(calledAt).toEqual([0]);
    receiver.answer(204);
    await raise('last');
    expect(await callsOf(work)).toBe(13);
    const times = receiver.calls.slice(1).map(({ event }) => String(event.time));
    expect(times).toEqual(times.toSorted());
  });

  it('what a killed process had claimed holds up what is newer, and the wait of one address is not another’s', async () => {
    const work = workOver();
    await work.round();
    await raise('first');
    await openWebhookOutbox(world.database).claim(world.now(), MINUTE);
    await raise('second');
    expect(await callsOf(work)).toBe(0);
    world.later(MINUTE);
    receiver.answer(503);
    expect(await callsOf(work)).toBe(1);
    receiver.answer(204);
    expect(await callsOf(work)).toBe(0);
    work.replaceWebhook(settings(EVENT_GROUPS, receiver.url.replace('hook', 'other')), secrets);
    expect(await callsOf(work)).toBe(2);
    expect(await states()).toEqual(['sent', 'sent']);
  });

  it('one that is refused is given up once the receiver takes the next, and holds up nothing; nothing is lost while it refuses all', async () => {
    const work = workOver();
    await work.round();
    receiver.answer(404);
    for (let nth = 0; nth < 5; nth += 1) await raise(`alarm ${nth}`);
    const calls: number[] = [];
    for (let minute = 0; minute < 30; minute += 1) {
      calls.push(await callsOf(work));
      world.later(MINUTE);
    }
    // Two at a time, by the table of waits: the oldest, and another one for a trial.
    expect(calls.filter((count) => count > 0)).toEqual([2, 2, 2, 2, 2]);
    expect(await states()).toEqual(Array(5).fill('waiting'));
    // The first three are of a kind that it never takes.
    const ids = receiver.calls.map(({ event }) => event.id);
    const poison = [...new Set(ids)].slice(0, 3);
    receiver.answer(({ id }) => (poison.includes(id) ? 400 : 204));
    world.later(15 * MINUTE);
    await work.round();
    world.later(15 * MINUTE);
    await work.round();
    expect(await states()).toEqual(['refused', 'refused', 'refused', 'sent', 'sent']);
    receiver.answer(204);
    await raise('later');
    expect(await callsOf(work)).toBe(1);
    world.later(31 * DAY);
    await work.round();
    expect(await states()).toEqual([]);
  });
}
