// Any order of events, with deaths of the process at any step: what must hold of rotations holds all the time.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { announce, withdraw } from '../../../src/domain/rotation/receive.ts';
import { probe, requestProbeNow } from '../../../src/use-cases/monitoring/probe.ts';
import { choose } from '../../../src/use-cases/rotation/submit.ts';
import { HOUR, MINUTE } from '../../fakes/clock.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { atNight } from '../../rig/at-night.ts';
import { probeRound } from '../../rig/rounds.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';

const AGENT = { channel: 'command', by: 'agent' } as const;
/** Passwords of the shape that the portal makes. */
const passwordOf = (n: number) => `aB3(xyzKLm${n}_`;

/** The process dies here. */
class Death extends Error {}

type Event =
  | { readonly do: 'reset'; readonly password: number }
  | { readonly do: 'submit'; readonly password: number; readonly unclear: boolean }
  | {
      readonly do:
        | 'choose'
        | 'announce'
        | 'withdraw'
        | 'hand-over'
        | 'tick'
        | 'tick-twice'
        | 'force'
        | 'night';
    }
  /** Somebody insists on an answer about the password in service, so many times. */
  | { readonly do: 'want'; readonly times: number }
  | { readonly do: 'outage'; readonly down: boolean }
  | { readonly do: 'sink-fault'; readonly sink: number; readonly faulty: boolean }
  | { readonly do: 'later'; readonly minutes: number }
  /** The process dies at the nth step of the outer world from now. */
  | { readonly do: 'die'; readonly steps: number };

const password = fc.integer({ min: 1, max: 4 });
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reset' as const), password }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('submit' as const), password, unclear: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('choose' as const, 'announce' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('hand-over' as const, 'tick' as const, 'tick-twice' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('withdraw' as const, 'force' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('night' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('want' as const), times: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('outage' as const), down: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sink-fault' as const), sink: fc.nat(1), faulty: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('later' as const), minutes: fc.integer({ min: 0, max: 200 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('die' as const), steps: fc.integer({ min: 1, max: 8 }) }),
  },
);

/** A world whose process can be made to die at any of its steps into the outer world. */
async function mortalWorld() {
  const world = await openWorld({ sinks: [fakeSink('file'), fakeSink('keyring')] });
  const fuse = { left: Number.POSITIVE_INFINITY };
  const step = () => {
    fuse.left -= 1;
    if (fuse.left <= 0) throw new Death();
  };
  world.chorus.before = step;
  for (const sink of world.sinks) sink.at = step;
  return { world, fuse };
}

/** What the history of a run has to be judged by. */
interface Past {
  /** Passwords that an agent put into service on his own word. */
  readonly forced: Set<string>;
}

async function play(world: World, fuse: { left: number }, one: Event, past: Past): Promise<void> {
  const { ports } = world;
  switch (one.do) {
    case 'reset':
      world.chorus.alive.set(LOGIN, passwordOf(one.password));
      return;
    case 'submit': {
      const text = passwordOf(one.password);
      await world.submit(one.unclear ? `${text} ` : text, { keepUnclear: true });
      return;
    }
    case 'choose':
      await choose(ports, await world.user(), 'clean', AGENT);
      return;
    case 'announce':
      await ports.rotations.update(world.id, (aggregate) =>
        announce(aggregate, { actor: AGENT, id: ports.newId() }, ports.rules, world.now()),
      );
      return;
    case 'withdraw':
      await ports.rotations.update(world.id, (aggregate) =>
        withdraw(aggregate, AGENT, 'on a whim', world.now()),
      );
      return;
    case 'force': {
      const forced = await ports.rotations.update(world.id, (aggregate) =>
        acceptUnproven(aggregate, 'agent', ports.rules, world.now()),
      );
      const kept = forced?.credential == null ? null : await ports.rotations.credential(forced.credential);
      if (kept !== null) past.forced.add(ports.vault.open(kept.name, kept.sealed).reveal());
      return;
    }
    case 'hand-over':
      return world.advance();
    case 'tick':
      await world.advanceAll();
      return;
    case 'tick-twice':
      await Promise.all([world.advanceAll(), world.advanceAll(), world.advance()]);
      return;
    case 'night':
      for (let half = 0; half < 48; half += 1) {
        world.later(30 * MINUTE);
        await Promise.all([probe(ports, world.id, { background: true }), probeRound(ports)]);
      }
      return;
    case 'want':
      for (let nth = 0; nth < one.times; nth += 1) {
        await requestProbeNow(ports, world.id);
        await probeRound(ports);
      }
      return;
    case 'outage':
      world.chorus.down = one.down ? 'piste-down' : null;
      return;
    case 'sink-fault': {
      const sink = world.sinks[one.sink];
      if (sink !== undefined) sink.fault = one.faulty ? 'read-only' : null;
      return;
    }
    case 'later':
      world.later(one.minutes * MINUTE);
      return;
    case 'die':
      fuse.left = one.steps;
  }
}

/** Plays one event; a process that dies begins again with all its steps. */
async function survive(world: World, fuse: { left: number }, one: Event, past: Past): Promise<void> {
  try {
    await play(world, fuse, one, past);
  } catch (error) {
    if (!(error instanceof Death)) throw error;
    fuse.left = Number.POSITIVE_INFINITY;
  }
}

/** What holds after every event. */
async function invariants(world: World, past: Past): Promise<void> {
  const { rotations } = await world.aggregate();
  expect(rotations.filter(({ standing }) => standing === 'current').length).toBeLessThanOrEqual(1);
  const proven = new Set(
    world.chorus.answers.filter(({ kind }) => kind === 'accepted').map((answer) => answer.password),
  );
  for (const sink of world.sinks) {
    const versions = sink.writes.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    for (const { password: written } of sink.writes) {
      expect(proven.has(written) || past.forced.has(written)).toBe(true);
    }
  }
  const current = rotations.find(({ standing }) => standing === 'current');
  if (current !== undefined) {
    const kept = await world.ports.rotations.credential(current.credential ?? '');
    if (kept === null) throw new Error('the password in service is lost');
    const text = world.vault.open(kept.name, kept.sealed).reveal();
    expect(current.proven === 'unverified' ? past.forced.has(text) : proven.has(text)).toBe(true);
  }
  const { health, holds } = await world.aggregate();
  if (health?.state === 'stopped') {
    const kept = await world.ports.rotations.credential(current?.credential ?? '');
    const text = kept === null ? '' : world.vault.open(kept.name, kept.sealed).reveal();
    const refused = world.chorus.answers.filter((one) => one.kind === 'refused' && one.password === text);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    // The connector is not sent on with a password that is known to be dead.
    expect(holds.every(({ wanted }) => wanted)).toBe(true);
  }
  const failures = world.chorus.answers.filter(({ kind }) => kind === 'refused').map(({ at }) => at);
  for (const at of failures) {
    expect(failures.filter((other) => other >= at && other < at + HOUR).length).toBeLessThanOrEqual(3);
  }
}

describe('rotations', () => {
  test('never have two passwords in service, one that nobody vouched for, an older one in a sink, or too many failures', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
        const { world, fuse } = await mortalWorld();
        const past: Past = { forced: new Set() };
        try {
          for (const one of events) {
            await survive(world, fuse, one, past);
            await invariants(world, past);
          }
          expect(await world.audit.verify()).toMatchObject({ ok: true });
        } finally {
          await world.close();
        }
      }),
      { numRuns: atNight(2_000, 40) },
    );
  });

  test('never lose a candidate that is good: once all is well it is in service, and in every sink', async () => {
    // Without the moves by which a person takes something back or overrules the proof.
    const blind = event.filter((one) => one.do !== 'withdraw' && one.do !== 'force' && one.do !== 'choose');
    await fc.assert(
      fc.asyncProperty(fc.array(blind, { minLength: 1, maxLength: 25 }), password, async (events, good) => {
        const { world, fuse } = await mortalWorld();
        const past: Past = { forced: new Set() };
        try {
          for (const one of events) {
            await survive(world, fuse, one.do === 'reset' ? { ...one, password: good } : one, past);
          }
          const text = passwordOf(good);
          world.chorus.alive.set(LOGIN, text);
          const taken = await world.submit(text);
          // Refused to the end while it was not alive yet: it is never sent again, and its bringer is told.
          fc.pre(taken.kind !== 'known' || taken.as !== 'refused');
          await world.submit(passwordOf(9));
          fuse.left = Number.POSITIVE_INFINITY;
          world.chorus.down = null;
          for (const sink of world.sinks) sink.fault = null;
          for (let quarter = 0; quarter < 60; quarter += 1) {
            await world.advanceAll();
            world.later(15 * MINUTE);
          }
          for (const sink of world.sinks) expect(sink.held.get(LOGIN)).toBe(text);
          const { health, holds } = await world.aggregate();
          expect(health?.state).not.toBe('stopped');
          expect(holds.filter(({ wanted, applied }) => wanted || applied)).toEqual([]);
          expect(
            (await world.aggregate()).rotations.find(({ standing }) => standing === 'current')?.stage,
          ).toMatch(/published|closed/);
        } finally {
          await world.close();
        }
      }),
      { numRuns: atNight(1_000, 20) },
    );
  });
});
