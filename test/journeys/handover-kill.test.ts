// kill -9 before, within and after every step of a handover, and a new start: it ends as if nothing had happened.
//
// Each death is one process that kills itself at a named step; the processes that start again each go on in many houses,
// one after the other. What nobody answered is done again, as people do. At night it is every step; every time, some.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atNight } from '../rig/at-night.ts';
import { startPostgres } from '../rig/postgres.ts';
import {
  buildBase,
  faultsTold,
  historyOf,
  houseIn,
  type KillHouse,
  type Lane,
  later,
  live,
  moveIn,
  openLane,
  stepsOf,
} from './handover-kill-house.ts';
import {
  differences,
  type Ending,
  endingOf,
  faultsAtChorus,
  faultsLying,
  faultsOfHooks,
  faultsSeen,
} from './handover-kill-judge.ts';
import type { StoryName } from './handover-kill-stories.ts';

const LANES = 2;
const MINUTE = 60_000;
/** Draws the samples; the same again with RELEVE_TEST_SEED. */
const SEED = Number(process.env.RELEVE_TEST_SEED ?? Date.now() % 1_000_000);

const root = mkdtempSync(join(tmpdir(), 'releve-kill-'));
process.env.RELEVE_TEST_COMPILE_CACHE = join(root, 'cache');
const base = houseIn(join(root, 'base'));
let lanes: Lane[] = [];
let houses = 0;

beforeAll(async () => {
  await buildBase(base);
  lanes = await Promise.all(Array.from({ length: LANES }, () => openLane(base)));
});
afterAll(async () => {
  await Promise.all(lanes.map(({ chorus }) => chorus.close()));
  rmSync(root, { recursive: true, force: true });
});

function newHouse(): Promise<KillHouse> {
  houses += 1;
  return moveIn(base.folder, houseIn(join(root, `house-${houses}`)));
}

/** Works through a list, on every lane one thing at a time. */
async function onLanes<T>(
  things: readonly T[],
  work: (lane: Lane, thing: T) => Promise<void>,
): Promise<void> {
  const queue = [...things];
  const along = async (lane: Lane) => {
    for (let thing = queue.shift(); thing !== undefined; thing = queue.shift()) await work(lane, thing);
  };
  await Promise.all(lanes.map(along));
}

/** What is wrong in a house at the end of its story, in words; `most` runs of a hook are forgiven. */
async function faultsOf(house: KillHouse, right: Ending, most: number): Promise<string[]> {
  const told = faultsTold(house);
  if (told.length > 0) return told;
  return [
    ...differences(right, await endingOf(house)),
    ...faultsSeen(historyOf(house)),
    ...faultsOfHooks(house, most),
    ...faultsAtChorus(house),
  ];
}

/** A story that nothing disturbs: its steps, and how it ends. */
async function undisturbed(story: StoryName, open = newHouse) {
  const house = await open();
  await onLanes([house], async (lane) => {
    expect(await live(lane, [{ house, story, death: null }])).toBe(false);
  });
  const ending = await endingOf(house);
  expect(await faultsOf(house, ending, 1)).toEqual([]);
  expect(ending.audit.verdict).toBe(true);
  return { steps: stepsOf(house), ending };
}

/** A house in which the process died at a step, and what was wrong while it was dead. */
interface Dead {
  readonly house: KillHouse;
  readonly step: string;
  readonly lying: readonly string[];
}

/** Dies at every one of the steps, each in a house of its own. Steps that were not reached are left out. */
async function dieAt(story: StoryName, steps: readonly string[], open = newHouse): Promise<Dead[]> {
  const dead: Dead[] = [];
  await onLanes([...steps.entries()], async (lane, [place, step]) => {
    const house = await open();
    if (!(await live(lane, [{ house, story, death: step }]))) return;
    dead.push({ house, step, lying: faultsLying(house) });
    // Every other one is started at once, while the claims of the dead still hold.
    later(house, place % 2 === 0 ? 1_000 : 20 * MINUTE);
  });
  return dead;
}

/** Goes on in all houses, and judges them. */
async function goOn(story: StoryName, dead: readonly Dead[], right: Ending, most = 2): Promise<string[]> {
  const shares = lanes.map((_, lane) => dead.filter((_one, place) => place % lanes.length === lane));
  await onLanes(shares, async (lane, share) => {
    if (share.length === 0) return;
    expect(
      await live(
        lane,
        share.map(({ house }) => ({ house, story, death: null })),
      ),
    ).toBe(false);
  });
  const faults: string[] = [];
  for (const { house, step, lying } of dead) {
    for (const fault of [...lying, ...(await faultsOf(house, right, most))]) {
      faults.push(`${story}, killed at ${step}: ${fault}`);
    }
    rmSync(house.folder, { recursive: true });
  }
  return faults;
}

/** Steps that change something; the others leave the disk as the step before them did. */
const changes = (steps: readonly string[]) => steps.filter((step) => !step.includes(': read'));

/** So many of a list, drawn by the seed. */
function sample<T>(list: readonly T[], count: number): T[] {
  let state = SEED;
  const drawn = [...list];
  while (drawn.length > count) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    drawn.splice(state % drawn.length, 1);
  }
  return drawn;
}

describe(`killed at a step of a handover and started again (seed ${SEED})`, () => {
  it('ends as if nothing had happened, whatever step it was: announced, proven, published, adopted, closed', async () => {
    const { steps, ending } = await undisturbed('straight');
    const reads = sample(
      steps.filter((step) => step.includes(': read')),
      atNight(Number.POSITIVE_INFINITY, 2),
    );
    const points = [...sample(changes(steps), atNight(Number.POSITIVE_INFINITY, 14)), ...reads];
    const dead = await dieAt('straight', points);
    expect(await goOn('straight', dead, ending)).toEqual([]);
    // Two sinks side by side do not always come to their steps in the same order; each of them comes to all.
    expect(dead.map(({ step }) => step).toSorted()).toEqual(points.toSorted());
  });

  it.each(['refused', 'superseded', 'stopped'] as const)(
    'ends as if nothing had happened: %s',
    async (story) => {
      const { steps, ending } = await undisturbed(story);
      const points = sample(changes(steps), atNight(Number.POSITIVE_INFINITY, 4));
      const dead = await dieAt(story, points);
      expect(await goOn(story, dead, ending)).toEqual([]);
      expect(dead.length).toBeGreaterThan(points.length * 0.7);
    },
  );

  it('ends as if nothing had happened when life after life is cut short', async () => {
    const { ending } = await undisturbed('straight');
    const dead: Dead[] = [];
    await onLanes(atNight([0, 1, 2], [SEED % 3]), async (lane, place) => {
      const house = await newHouse();
      const lying: string[] = [];
      // Each life is a little longer than the one before it: it comes to the end of what is owed, and dies in what follows.
      for (let step = 5 + place * 3; step < 80; step += 11) {
        if (!(await live(lane, [{ house, story: 'straight', death: step }]))) break;
        lying.push(...faultsLying(house));
        later(house, MINUTE);
      }
      dead.push({ house, step: `one step after the other, from ${5 + place * 3}`, lying });
    });
    expect(await goOn('straight', dead, ending, 8)).toEqual([]);
  });

  it('ends as if nothing had happened on PostgreSQL', async () => {
    const postgres = await startPostgres();
    const first = houseIn(join(root, 'postgres'), await postgres.database());
    await buildBase(first);
    const newPostgresHouse = async () => {
      houses += 1;
      const name = `house_${houses}`;
      return moveIn(first.folder, houseIn(join(root, name), await copyOf(first.database ?? '', name)));
    };
    const { steps, ending } = await undisturbed('straight', newPostgresHouse);
    const points = sample(changes(steps), atNight(Number.POSITIVE_INFINITY, 4));
    const dead = await dieAt('straight', points, newPostgresHouse);
    expect(await goOn('straight', dead, ending)).toEqual([]);
    expect(dead.length).toBeGreaterThan(points.length * 0.7);
    await postgres.stop();
  });
});

/** A copy of a database that nobody has open, on the same server. */
async function copyOf(url: string, name: string): Promise<string> {
  const from = new URL(url).pathname.slice(1);
  const client = new pg.Client({ connectionString: url.replace(from, 'postgres') });
  await client.connect();
  await client.query(`create database ${name} template ${from}`);
  await client.end();
  return url.replace(from, name);
}
