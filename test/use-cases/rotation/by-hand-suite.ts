// A password that a person types into a product: asked for, told, shown, claimed, proven, whatever is cut off meanwhile.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatabasePlace } from '../../../src/adapters/database/database.ts';
import { openFleetQueries } from '../../../src/adapters/database/fleet.ts';
import { openConnectorReads } from '../../../src/adapters/database/rotations/connectors.ts';
import { openTaskRepository } from '../../../src/adapters/database/tasks.ts';
import { adviceOf } from '../../../src/cli/monitoring/task-advice.ts';
import { taskTitle } from '../../../src/content/letters/digest/task-list.ts';
import { adopt } from '../../../src/domain/monitoring/adoption.ts';
import { reconcile } from '../../../src/domain/rotation/publication.ts';
import { announce, withdraw } from '../../../src/domain/rotation/receive.ts';
import type { RotationAggregate, RotationDecision } from '../../../src/domain/rotation/rotation.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { listConnectors } from '../../../src/use-cases/connectors/list.ts';
import { digestFacts } from '../../../src/use-cases/reminders/digest.ts';
import { enrol } from '../../../src/use-cases/rotation/enrol.ts';
import { openTaskActions } from '../../../src/use-cases/tasks/tasks.ts';
import { rulesWith } from '../../fakes/rules.ts';
import { type FakeSink, fakeSink } from '../../fakes/sink.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';

const NOVA = { product: 'NOVA', place: 'NOVA › Paramètres › Chorus' };
const [FIRST, SECOND] = ['aB3(xyzKLm9_', 'kK2(made_Up[9z'] as const;
const MINUTE = 60_000;
const AGENT = { channel: 'command', by: 'agent' } as const;

/** Runs over a database of either kind. */
export function byHandSuite(place: () => Promise<DatabasePlace>): void {
  let world: World;
  let nova: FakeSink;
  beforeEach(async () => {
    nova = fakeSink('nova', { byHand: NOVA, canHold: false, readsBack: false, hasHook: false });
    world = await openWorld({ place: await place(), sinks: [nova, fakeSink('file')] });
    await renew(FIRST);
  });
  afterEach(() => world.close());

  /** Hands in a password that Chorus Pro accepts, and does all that is due. */
  async function renew(password: string) {
    world.later(MINUTE);
    world.chorus.alive.set(LOGIN, password);
    await world.submit(password);
    await world.advance();
  }

  const actions = () =>
    openTaskActions({ ...world, tasks: openTaskRepository(world.database) }, world.validity);
  const open = () => actions().list({ done: false });
  async function theTask() {
    const [one] = await open();
    if (one === undefined) throw new Error('no task is open');
    return one;
  }
  const claim = async () => actions().done((await theTask()).task.number, { by: 'agent', why: 'typed' });
  const decide = (work: (aggregate: RotationAggregate) => RotationDecision<unknown>) =>
    world.ports.rotations.update(world.id, work);
  /** How the password in service stands in its sinks, and its rotation. */
  async function stand() {
    const { rotations, publications } = await world.aggregate();
    const current = rotations.find(({ standing }) => standing === 'current');
    const own = publications.filter(({ rotationId }) => rotationId === current?.id);
    return [current?.stage, Object.fromEntries(own.map(({ sink, stage }) => [sink, stage]))];
  }
  async function trail(what: string) {
    const lines = await Array.fromAsync(world.audit.lines());
    return lines.filter((line) => line.what === what && line.sink === 'nova');
  }
  const told = async (kind: string) =>
    (
      await world.database.db
        .selectFrom('alarms')
        .select('id')
        .where('kind', '=', kind as never)
        .execute()
    ).map(({ id }) => id.split('/').at(-1));

  test('nothing of ours writes there: a person is asked, and it is published once that person says so', async () => {
    expect(await stand()).toEqual(['publishing', { nova: 'asked', file: 'done' }]);
    world.later(24 * 60 * MINUTE);
    await world.advanceAll();
    expect(await stand()).toEqual(['publishing', { nova: 'asked', file: 'done' }]);
    const one = await theTask();
    expect([one.task.kind, one.task.facts.product, one.task.facts.text]).toEqual([
      'by-hand',
      'NOVA',
      'NOVA › Paramètres › Chorus',
    ]);
    expect(taskTitle(one, 'fr')).toBe('Saisir le nouveau mot de passe : NOVA › Paramètres › Chorus');
    expect(adviceOf(one).commands).toEqual(['releve task reveal 1', 'releve task done 1 --why typed']);
    expect(await claim()).toMatchObject({ closed: true });
    expect(await stand()).toEqual(['published', { nova: 'done', file: 'done' }]);
    expect(await trail('published')).toMatchObject([
      { who: 'agent', check: 'typed in by hand', detail: 'task 1' },
    ]);
    expect(await open()).toEqual([]);
    expect(nova.writes).toEqual([]);
  });

  test('a crash between the word and the closing of the task: it is published, and the task closes by itself', async () => {
    const { task } = await theTask();
    await world.byHand.claim(task);
    expect(await stand()).toEqual(['published', { nova: 'done', file: 'done' }]);
    expect(await open()).toEqual([]);
    // A second process that had read the task before says it again.
    await world.byHand.claim(task);
    expect(await trail('published')).toHaveLength(1);
  });

  test('a newer password supersedes what nobody typed in, and asks anew', async () => {
    const before = await theTask();
    await renew(SECOND);
    const [after, ...others] = await open();
    expect(others).toEqual([]);
    expect(after?.task.number).not.toBe(before.task.number);
    await world.byHand.claim(before.task);
    expect(await stand()).toEqual(['publishing', { nova: 'asked', file: 'done' }]);
    expect(await world.byHand.reveal(before)).toBe('not-asked');
  });

  test('a reveal is of the version in service, is in the trail before it is shown, and each is an act of its own', async () => {
    const one = await theTask();
    const first = await world.byHand.reveal(one);
    if (typeof first === 'string') throw new Error(first);
    expect([first.password.reveal(), first.version]).toEqual([FIRST, 2]);
    expect(await trail('revealed')).toMatchObject([{ who: 'agent', detail: 'task 1, version 2' }]);
    await world.byHand.reveal(one);
    expect(await trail('revealed')).toHaveLength(2);
    expect(await first.isAsked()).toBe(true);
    await renew(SECOND);
    expect(await first.isAsked()).toBe(false);
    expect(await world.byHand.reveal(one)).toBe('not-asked');
    const next = await theTask();
    const second = await world.byHand.reveal(next);
    if (typeof second === 'string') throw new Error(second);
    expect(second.password.reveal()).toBe(SECOND);
    await claim();
    expect(await second.isAsked()).toBe(false);
    expect(await world.byHand.reveal(next)).toBe('not-asked');
    expect(await trail('revealed')).toHaveLength(3);
  });

  test('told at once, in the night too, after two working hours, then each working day, each once', async () => {
    await Promise.all([world.tick(), world.tick()]);
    expect(await told('by-hand')).toEqual(['first']);
    const [mail] = world.alarms();
    const text = JSON.stringify(mail?.letter);
    expect(text).toContain('releve task reveal 1');
    expect(text).toContain('NOVA › Paramètres › Chorus');
    expect(text).not.toContain(FIRST);
    // Monday ten o’clock: two hours later is Monday noon; then from Tuesday on.
    for (const at of ['T11:58', 'T12:02', 'T17:00', 'T23:00']) await world.at(`2027-03-01${at}`);
    expect(await told('by-hand')).toEqual(['first', 'again']);
    for (const at of ['02T03:00', '02T09:00', '05T09:00', '06T12:00', '07T12:00', '08T09:00'])
      await world.at(`2027-03-${at}`);
    expect((await told('by-hand')).toSorted()).toEqual(
      ['2027-03-02', '2027-03-05', '2027-03-08', 'again', 'first'].toSorted(),
    );
    await claim();
    await world.at('2027-03-09T09:00');
    expect(await told('by-hand')).toHaveLength(5);
    expect((await told('publication-stuck')).length + (await told('item-failed')).length).toBe(0);
  });

  test('publish asks again where it was typed in wrongly, and the kind of a sink may change', async () => {
    await claim();
    const again = (all: boolean, askAgain: boolean) =>
      decide((aggregate) => reconcile(aggregate, { all, askAgain }, world.rules, world.now()));
    world.later(MINUTE);
    await again(true, false);
    await world.advance();
    expect((await stand())[1]).toEqual({ nova: 'done', file: 'done' });
    await again(true, true);
    await world.advance();
    expect((await stand())[1]).toEqual({ nova: 'asked', file: 'done' });
    expect((await theTask()).task.number).toBe(2);
    Object.assign(nova, { byHand: null });
    await again(false, false);
    await world.advance();
    expect((await stand())[1]).toEqual({ nova: 'done', file: 'done' });
    expect(nova.held.get(LOGIN)).toBe(FIRST);
    expect(await open()).toEqual([]);
  });

  test('its hold is a sentence to a person, and nothing says that it was held', async () => {
    await claim();
    const id = 'announced';
    await decide((aggregate) => announce(aggregate, { actor: AGENT, id }, world.rules, world.now()));
    await world.advance();
    await decide((aggregate) => announce(aggregate, { actor: AGENT, id }, world.rules, world.now()));
    const { holds } = await world.aggregate();
    expect(holds.map(({ sink, wanted, applied }) => [sink, wanted, applied]).toSorted()).toEqual([
      ['file', true, true],
      ['nova', true, false],
    ]);
    expect(await told('stop-by-hand')).toHaveLength(1);
    expect((await open()).map(({ task }) => [task.kind, task.facts.text])).toEqual([
      ['stop-by-hand', NOVA.place],
    ]);
    world.later(60 * MINUTE);
    await world.advanceAll();
    expect(await told('hold-stuck')).toEqual([]);
    await decide((aggregate) => withdraw(aggregate, AGENT, 'not today', world.now()));
    expect(await told('start-by-hand')).toHaveLength(1);
    expect(await open()).toEqual([]);
  });

  test('after a reset the task to type it in says to start the product again; no other does', async () => {
    await claim();
    await decide((aggregate) => announce(aggregate, { actor: AGENT, id: 'one' }, world.rules, world.now()));
    await renew(SECOND);
    expect((await open()).map(({ task }) => task.kind).toSorted()).toEqual(['by-hand', 'stop-by-hand']);
    const typed = (await open()).find(({ task }) => task.kind === 'by-hand');
    await actions().done(typed?.task.number ?? 0, { by: 'agent', why: 'typed' });
    expect(await open()).toEqual([]);
    expect(await told('start-by-hand')).toEqual([]);
  });

  test('the list of connectors has who waits and who was typed in', async () => {
    const list = async () => {
      const { connectors } = await listConnectors(openConnectorReads(world.database), world.sinks);
      return connectors[0]?.accounts[0]?.record?.publication;
    };
    expect(await list()).toMatchObject({ stage: 'asked', claimedAt: null });
    await claim();
    expect(await list()).toMatchObject({ stage: 'done', readBack: false, claimedAt: world.now() });
  });

  test('claimed, and not proven after five working days: a line in the digest, until something proves it', async () => {
    await claim();
    const { database } = world;
    const ports = { overview: openFleetQueries(database), tasks: openTaskRepository(database) };
    const typed = async (at: string) => {
      const now = Temporal.ZonedDateTime.from(`${at}[Europe/Paris]`).toInstant();
      const facts = await digestFacts(ports, 'fr', now, rulesWith());
      return facts.typed.map(({ since, place }) => [since, place]);
    };
    expect(await typed('2027-03-07T09:00')).toEqual([]);
    expect(await typed('2027-03-08T09:00')).toEqual([['2027-03-01', NOVA.place]]);
    const saw = (workedAt: number, state: 'working' | 'doubtful' = 'working') =>
      database.db.updateTable('health').set({ state, worked_at: workedAt }).execute();
    const at = world.now();
    await saw(at + 23 * 60 * MINUTE);
    expect(await typed('2027-03-08T09:00')).toHaveLength(1);
    await saw(at + 24 * 60 * MINUTE, 'doubtful');
    expect(await typed('2027-03-08T09:00')).toHaveLength(1);
    await saw(at + 24 * 60 * MINUTE);
    expect(await typed('2027-03-08T09:00')).toEqual([]);
    await saw(at);
    await decide((aggregate) =>
      adopt(
        aggregate,
        { version: aggregate.user.version, who: 'nova', connector: null },
        world.ports.rules,
        world.now(),
      ),
    );
    expect(await typed('2027-03-08T09:00')).toEqual([]);
  });

  test('an enrolled password is in use there already: nobody is asked', async () => {
    await world.close();
    world = await openWorld({ place: await place(), sinks: [nova] });
    world.chorus.alive.set(LOGIN, FIRST);
    const parts = { ports: world.ports, validity: world.validity, pause: async () => undefined };
    const { end } = await enrol(parts, await world.user(), new Secret(FIRST), AGENT);
    expect(end).toEqual({ kind: 'enrolled' });
    expect(await stand()).toEqual(['closed', { nova: 'done' }]);
    expect(await open()).toEqual([]);
  });
}
