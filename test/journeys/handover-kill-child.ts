// A process that plays stories of handovers, one installation after the other, and is killed by its own hand at a named step.
//
// Its only argument is a list of orders (handover-kill-stories.ts) as JSON; the test is at the other end of its channel.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { reconcile } from '../../src/domain/rotation/publication.ts';
import { currentRotation, findOpenRotation } from '../../src/domain/rotation/rotation.ts';
import { Secret } from '../../src/domain/shared/secret.ts';
import { MINUTE } from '../fakes/clock.ts';
import { advanceAllRotations, probeRound } from '../rig/rounds.ts';
import { deadlyFiles, openMark } from './handover-kill-points.ts';
import { type Act, type Goal, LOGIN, type Order, STORIES, TOKENS, TOOL } from './handover-kill-stories.ts';
import { type KillWorld, openKillWorld } from './handover-kill-world.ts';

/** The daemon's rounds of the stories, and within how many of them, seven hours, everything must be done. */
const ROUND = 3 * MINUTE;
const AFTERNOON = 140;

async function aggregateOf({ rotations, id }: KillWorld) {
  const aggregate = await rotations.aggregate(id);
  if (aggregate === null) throw new Error('no book');
  return aggregate;
}

async function isSo(world: KillWorld, { story }: Order, goal: Goal): Promise<boolean> {
  const aggregate = await aggregateOf(world);
  const [current, open] = [currentRotation(aggregate), findOpenRotation(aggregate)];
  const isTold = aggregate.holds.every(({ wanted, applied }) => wanted === applied);
  switch (goal) {
    case 'published':
      return (
        isTold &&
        open === null &&
        current?.publishedAt != null &&
        current.version === (story === 'before' ? 2 : 3)
      );
    case 'closed':
      return isTold && open === null && current?.stage === 'closed';
    case 'asked':
      return (open?.unansweredTries ?? 0) > 0;
    case 'stopped':
      return isTold && aggregate.health?.state === 'stopped' && (await world.wasWritten('stopped'));
    case 'not-submitted':
      return isTold && (await world.wasWritten('not-submitted'));
  }
}

async function until(world: KillWorld, order: Order, goal: Goal): Promise<void> {
  for (let round = 0; round < AFTERNOON; round += 1) {
    await advanceAllRotations(world.ports, world.validity);
    await probeRound(world.ports);
    if (await isSo(world, order, goal)) return;
    world.pass(ROUND);
  }
  const { rotations } = await aggregateOf(world);
  throw new Error(`${goal} was not reached in an afternoon: ${JSON.stringify(rotations.at(-1))}`);
}

/** Asks the test for something, and waits until it is done. */
function ask(wish: Act | { readonly serve: string }): Promise<void> {
  return new Promise((resolve) => {
    process.once('message', () => resolve());
    process.send?.(wish);
  });
}

async function play(world: KillWorld, order: Order, act: Act): Promise<void> {
  const { links, tools } = world;
  const token = TOKENS[order.story === 'before' ? 0 : 1];
  switch (act.do) {
    case 'announce':
      await links.announce(token);
      return;
    case 'submit': {
      const typed = { password: new Secret(act.password), login: '', expiry: '' };
      const { kind } = await links.submit(token, typed);
      if (kind === 'wrong' || kind === 'shut') throw new Error(`the password was not taken: ${kind}`);
      return;
    }
    case 'choose':
      await links.choose(token, 'clean');
      return;
    case 'portal':
    case 'outage':
      return ask(act);
    case 'adopt': {
      const said = await tools.adopt(
        TOOL,
        { login: LOGIN, environment: 'production' },
        { version: (await aggregateOf(world)).user.version, connector: null },
      );
      if (said !== 'adopted') throw new Error(said);
      return;
    }
    case 'report': {
      const { kind } = await tools.refused(TOOL, LOGIN, 'production');
      if (kind !== 'asking' && kind !== 'known') throw new Error(kind);
      return;
    }
    case 'until':
      return until(world, order, act.goal);
  }
}

/** One life in one installation: what a daemon does when it starts, then the acts that got no answer yet. */
async function live(order: Order): Promise<void> {
  const { folder, story, from, death } = order;
  const tell = (happening: object) =>
    appendFileSync(join(folder, 'history'), `${JSON.stringify(happening)}\n`);
  const mark = openMark(join(folder, 'steps'), death);
  const unharmed = deadlyFiles(join(folder, 'sinks'), mark, (file, content) => tell({ file, content }));
  const world = await openKillWorld(order, mark, tell);
  try {
    for (const id of await world.ports.rotations.inService()) {
      await world.ports.rotations.update(id, (aggregate) =>
        reconcile(aggregate, { all: false }, world.ports.rules, world.now()),
      );
    }
    await advanceAllRotations(world.ports, world.validity);
    for (const [at, act] of STORIES[story].entries()) {
      if (at < from) continue;
      await play(world, order, act);
      tell({ act: at });
      world.pass(1_000);
    }
  } catch (error) {
    tell({ fault: error instanceof Error ? error.stack : String(error) });
  } finally {
    await world.close();
    unharmed();
  }
}

// Without the test there is nobody to play for.
const orphaned = () => process.exit(1);
process.once('disconnect', orphaned);
for (const order of JSON.parse(process.argv[2] ?? '[]') as Order[]) {
  await ask({ serve: order.folder });
  await live(order);
}
process.off('disconnect', orphaned);
process.disconnect?.();
