// kill -9 before, within and after every step of a handover, and a new start: it ends as if nothing had happened.
//
// Each death is one process that kills itself at a named step; the processes that start again each go on in many installations,
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
  copyBase,
  faultsTold,
  historyOf,
  installationIn,
  type KillInstallation,
  type Lane,
  later,
  live,
  openLane,
  stepsOf,
} from './handover-kill-installation.ts';
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
const base = installationIn(join(root, 'base'));
let lanes: Lane[] = [];
let installations = 0;

beforeAll(async () => {
  await buildBase(base);
  lanes = await Promise.all(Array.from({ length: LANES }, () => openLane(base)));
});
afterAll(async () => {
  await Promise.all(lanes.map(({ chorus }) => chorus.close()));
  rmSync(root, { recursive: true, force: true });
});

function newInstallation(): Promise<KillInstallation> {
  installations += 1;
  return copyBase(base.folder, installationIn(join(root, `installation-${installations}`)));
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

/** What is wrong in an installation at the end of its story, in words; `most` runs of a hook are forgiven. */
async function faultsOf(installation: KillInstallation, right: Ending, most: number): Promise<string[]> {
  const told = faultsTold(installation);
  if (told.length > 0) return told;
  return [
    ...differences(right, await endingOf(installation)),
    ...faultsSeen(historyOf(installation)),
    ...faultsOfHooks(installation, most),
    ...faultsAtChorus(installation),
  ];
}

/** A story that nothing disturbs: its steps, and how it ends. */
async function undisturbed(story: StoryName, open = newInstallation) {
  const installation = await open();
  await onLanes([installation], async (lane) => {
    expect(await live(lane, [{ installation, story, death: null }])).toBe(false);
  });
  const ending = await endingOf(installation);
  expect(await faultsOf(installation, ending, 1)).toEqual([]);
  expect(ending.audit.verdict).toBe(true);
  return { steps: stepsOf(installation), ending };
}

/** An installation in which the process died at a step, and what was wrong while it was dead. */
interface Dead {
  readonly installation: KillInstallation;
  readonly step: string;
  readonly lying: readonly string[];
}

/** Dies at every one of the steps, each in an installation of its own. Steps that were not reached are left out. */
async function dieAt(story: StoryName, steps: readonly string[], open = newInstallation): Promise<Dead[]> {
  const dead: Dead[] = [];
  await onLanes([...steps.entries()], async (lane, [place, step]) => {
    const installation = await open();
    if (!(await live(lane, [{ installation, story, death: step }]))) return;
    dead.push({ installation, step, lying: faultsLying(installation) });
    // Every other one is started at once, while the claims of the dead still hold.
    later(installation, place % 2 === 0 ? 1_000 : 20 * MINUTE);
  });
  return dead;
}

/** Goes on in all installations, and judges them. */
async function goOn(story: StoryName, dead: readonly Dead[], right: Ending, most = 2): Promise<string[]> {
  const shares = lanes.map((_, lane) => dead.filter((_one, place) => place % lanes.length === lane));
  await onLanes(shares, async (lane, share) => {
    if (share.length === 0) return;
    expect(
      await live(
        lane,
        share.map(({ installation }) => ({ installation, story, death: null })),
      ),
    ).toBe(false);
  });
  const faults: string[] = [];
  for (const { installation, step, lying } of dead) {
    for (const fault of [...lying, ...(await faultsOf(installation, right, most))]) {
      faults.push(`${story}, killed at ${step}: ${fault}`);
    }
    rmSync(installation.folder, { recursive: true });
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
      const installation = await newInstallation();
      const lying: string[] = [];
      // Each life is a little longer than the one before it: it comes to the end of what is owed, and dies in what follows.
      for (let step = 5 + place * 3; step < 80; step += 11) {
        if (!(await live(lane, [{ installation, story: 'straight', death: step }]))) break;
        lying.push(...faultsLying(installation));
        later(installation, MINUTE);
      }
      dead.push({ installation, step: `one step after the other, from ${5 + place * 3}`, lying });
    });
    expect(await goOn('straight', dead, ending, 8)).toEqual([]);
  });

  it('ends as if nothing had happened on PostgreSQL', async () => {
    const postgres = await startPostgres();
    const first = installationIn(join(root, 'postgres'), await postgres.database());
    await buildBase(first);
    const newPostgresInstallation = async () => {
      installations += 1;
      const name = `installation_${installations}`;
      return copyBase(
        first.folder,
        installationIn(join(root, name), await copyOf(first.database ?? '', name)),
      );
    };
    const { steps, ending } = await undisturbed('straight', newPostgresInstallation);
    const points = sample(changes(steps), atNight(Number.POSITIVE_INFINITY, 4));
    const dead = await dieAt('straight', points, newPostgresInstallation);
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
