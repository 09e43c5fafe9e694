// The lock trap, lived by the minute: a connector that calls with the dead password locks the account, and the right new
// password is refused too. Whatever is done about it, no password that may be good is lost.
import { afterEach, describe, expect, test } from 'vitest';
import { openChorus } from '../../../src/adapters/chorus-pro/client.ts';
import { connectorStopped } from '../../../src/domain/rotation/all-refused.ts';
import { acceptUnproven } from '../../../src/domain/rotation/apply-verdict.ts';
import { currentRotation, findOpenRotation } from '../../../src/domain/rotation/rotation.ts';
import { Secret } from '../../../src/domain/shared/secret.ts';
import { type ChorusSimulator, openChorusSimulator } from '../../../src/simulator/simulator.ts';
import { DAY, MINUTE } from '../../fakes/clock.ts';
import { fakeSink } from '../../fakes/sink.ts';
import { probeRound } from '../../rig/rounds.ts';
import { openWorld, type World } from '../../rig/world.ts';
import { LOGIN } from '../../rig/world-store.ts';

const FIRST = 'aB3(xyzKLm9_';
const RIGHT = 'Qw7[rtyUIo2)';
const WRONG = 'Zx5_cvbNMq8(';
const AGENT = { channel: 'command', by: 'agent' } as const;
const NAME = { login: LOGIN, environment: 'production' } as const;
const CLIENT = { clientId: 'app-1', clientSecret: 'app-secret' };

/** What is done about the connector: it is stopped by hand, told to hold, or the new password is accepted unproven. */
type Way = 'stopped' | 'told' | 'accepted';

interface Story {
  readonly world: World;
  readonly simulator: ChorusSimulator;
  /** Minutes since the reset; null for what has not happened. */
  minute: number;
  connectorLast: number | null;
  firstRefused: number | null;
  lastFailure: number | null;
  firstGood: number | null;
  alarmAt: number | null;
  isStopped: boolean;
}

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

/** An account whose first password is in service and in the connector; the reset is made and submitted at minute 0. */
async function resetStory(way: Way): Promise<Story> {
  let nowOf = () => 0;
  const simulator = await openChorusSimulator({
    accounts: [
      {
        ...NAME,
        password: FIRST,
        home: { siret: '21900001200015', name: 'Commune' },
        further: [],
        entitled: true,
        expiresOn: null,
      },
    ],
    ...CLIENT,
    now: () => nowOf(),
  });
  const world = await openWorld({
    sinks: [fakeSink('file', { canHold: way === 'told' })],
    verifier: (now) => {
      nowOf = now;
      const { tokenUrl, apiUrl } = simulator.urls.production;
      const settings = {
        tokenUrl,
        apiUrl,
        clientId: CLIENT.clientId,
        timeoutMs: 30_000,
        callsPerSecond: 1_000,
      };
      const chorus = openChorus(
        {
          production: { ...settings, clientSecret: new Secret(CLIENT.clientSecret), caPem: null },
          qualification: null,
        },
        now,
      );
      closing.push(async () => chorus.close());
      return chorus;
    },
  });
  closing.push(
    () => world.close(),
    () => simulator.close(),
  );
  await world.handIn(FIRST);
  await world.advanceAll();
  expect(currentRotation(await world.aggregate())).toMatchObject({ stage: 'published' });
  simulator.accounts.replace(NAME, RIGHT);
  const none = { connectorLast: null, firstRefused: null, lastFailure: null, firstGood: null, alarmAt: null };
  return { world, simulator, minute: 0, ...none, isStopped: false };
}

/** One minute: the connector imports with what its sink holds, as real products do, and never stops by itself. */
async function minute(story: Story): Promise<void> {
  const { world, simulator } = story;
  world.later(MINUTE);
  story.minute += 1;
  const [sink] = world.sinks;
  if (!story.isStopped && sink !== undefined && !sink.holding.has(LOGIN)) {
    story.connectorLast = story.minute;
    const answer = simulator.accounts.check('production', LOGIN, sink.held.get(LOGIN) ?? '');
    if (answer === 'wrong-password') story.lastFailure = story.minute;
    if (typeof answer === 'object' && story.minute > 1) story.firstGood ??= story.minute;
  }
  await world.advanceAll();
  await probeRound(world.ports);
  await world.advanceAll();
  const refused = (await world.aggregate()).attempts.some(({ refused: was }) => was === true);
  if (refused) story.firstRefused ??= story.minute;
  const alarms = await world.database.db.selectFrom('alarms').select('kind').execute();
  if (alarms.some(({ kind }) => kind === 'both-refused')) story.alarmAt ??= story.minute;
}

/** What an agent does twenty minutes after the alarm. */
async function act(story: Story, way: Way): Promise<void> {
  const { world } = story;
  const { rotations, rules } = world.ports;
  if (way === 'stopped') {
    story.isStopped = true;
    await rotations.update(world.id, (aggregate) => connectorStopped(aggregate, AGENT, rules, world.now()));
  }
  if (way === 'accepted')
    await rotations.update(world.id, (aggregate) => acceptUnproven(aggregate, 'agent', rules, world.now()));
}

/** Lives on, by the minute, until something is so; whether it came to be within so many minutes. */
async function until(
  story: Story,
  way: Way,
  most: number,
  isSo: () => boolean | Promise<boolean>,
): Promise<boolean> {
  for (let lived = 0; lived < most; lived += 1) {
    if (await isSo()) return true;
    await minute(story);
    if (story.alarmAt !== null && story.minute === story.alarmAt + 20) await act(story, way);
  }
  return isSo();
}

/** Whether the right password is the one in service, proven by Chorus Pro, and in the sink. */
const isRightInService = (story: Story) => async () => {
  const current = currentRotation(await story.world.aggregate());
  return current?.proven === 'chorus-pro' && story.world.sinks[0]?.held.get(LOGIN) === RIGHT;
};

const sealedTexts = async ({ world }: Story): Promise<string[]> => {
  const texts: string[] = [];
  for (const { credential } of (await world.aggregate()).rotations) {
    const kept = credential === null ? null : await world.ports.rotations.credential(credential);
    if (kept !== null) texts.push(world.vault.open(kept.name, kept.sealed).reveal());
  }
  return texts;
};

const paste = async (story: Story, password: string) => {
  await story.world.handIn(password);
  const refused = (await story.world.aggregate()).attempts.some(({ refused: was }) => was === true);
  if (refused) story.firstRefused ??= story.minute;
};

describe.each([2, 6, 15, 60])('the right password, pasted %i minutes after the reset', (pastedAt) => {
  test.each(['stopped', 'told'] as const)(
    'is in service at most 66 minutes after the last call that failed, the connector being %s',
    async (way) => {
      const story = await resetStory(way);
      while (story.minute < pastedAt) await minute(story);
      await paste(story, RIGHT);
      expect(await until(story, way, 200, isRightInService(story))).toBe(true);
      const since = Math.max(story.connectorLast ?? 0, story.firstRefused ?? 0);
      if (story.firstRefused !== null) expect(story.minute - since).toBeLessThanOrEqual(66);
      expect(pastedAt === 2 ? story.minute : pastedAt).toBe(pastedAt);
    },
  );

  test('accepted unproven serves a connector that nothing stops, as soon as its lock is over', async () => {
    const story = await resetStory('accepted');
    while (story.minute < pastedAt) await minute(story);
    await paste(story, RIGHT);
    expect(await until(story, 'accepted', 200, () => story.firstGood !== null)).toBe(true);
    expect((story.firstGood ?? 0) - (story.lastFailure ?? 0)).toBeLessThanOrEqual(62);
    // It is proven in its turn, and nothing waits beside it any more.
    expect(await until(story, 'accepted', 200, isRightInService(story))).toBe(true);
    expect(await sealedTexts(story)).toContain(RIGHT);
  });
});

describe('of two passwords the right one is never lost', () => {
  test.each([
    ['stopped', RIGHT, WRONG],
    ['stopped', WRONG, RIGHT],
    ['told', RIGHT, WRONG],
    ['told', WRONG, RIGHT],
    ['accepted', WRONG, RIGHT],
  ] as const)('the connector being %s: %s, then %s', async (way, one, other) => {
    const story = await resetStory(way);
    while (story.minute < 6) await minute(story);
    await paste(story, one);
    await minute(story);
    await minute(story);
    await paste(story, other);
    expect(await until(story, way, 24 * 60, isRightInService(story))).toBe(true);
  });

  test('though the wrong one is put into service unproven: the right one waits, and is found once the connector stops', async () => {
    const story = await resetStory('accepted');
    while (story.minute < 6) await minute(story);
    await paste(story, RIGHT);
    await minute(story);
    await paste(story, WRONG);
    await until(story, 'accepted', 120, () => false);
    expect(story.world.sinks[0]?.held.get(LOGIN)).toBe(WRONG);
    expect(new Set(await sealedTexts(story))).toEqual(new Set([FIRST, RIGHT, WRONG]));
    await act(story, 'stopped');
    expect(await until(story, 'stopped', 3 * 60, isRightInService(story))).toBe(true);
  });
});

test('a reset that was never submitted puts the former password back, where the new one was accepted unproven', async () => {
  const story = await resetStory('accepted');
  story.simulator.accounts.change(NAME, { password: FIRST });
  story.simulator.accounts.change(NAME, { locked: true });
  await paste(story, RIGHT);
  expect(await until(story, 'accepted', 4, () => story.alarmAt !== null)).toBe(true);
  const isBack = async () => {
    const current = currentRotation(await story.world.aggregate());
    return current?.proven === 'chorus-pro' && story.world.sinks[0]?.held.get(LOGIN) === FIRST;
  };
  await until(story, 'accepted', 25, () => false);
  expect(story.world.sinks[0]?.held.get(LOGIN)).toBe(RIGHT);
  // The connector fails with the wrong one until it is stopped; then the former one is believed and written back.
  story.isStopped = true;
  await act(story, 'stopped');
  expect(await until(story, 'stopped', 70, isBack)).toBe(true);
  expect(story.world.sinks[0]?.writes.map(({ version }) => version)).toEqual([2, 3, 4]);
});

test('where none is believed for two weeks the connector holds, and nothing more is written', async () => {
  const story = await resetStory('told');
  const { world, simulator } = story;
  simulator.accounts.replace(NAME, 'another(One42');
  await minute(story);
  await paste(story, WRONG);
  await act(story, 'accepted');
  await until(story, 'told', 3, () => false);
  expect(world.sinks[0]?.held.get(LOGIN)).toBe(WRONG);
  for (let day = 0; day < 16; day += 1) {
    for (let part = 0; part < 24; part += 1) {
      world.later(DAY / 24);
      await world.advanceAll();
      await probeRound(world.ports);
    }
  }
  await world.advanceAll();
  expect(world.sinks[0]?.writes).toHaveLength(2);
  expect(world.sinks[0]?.holding.has(LOGIN)).toBe(true);
  const alarms = await world.database.db.selectFrom('alarms').select('kind').execute();
  expect(alarms.map(({ kind }) => kind)).toContain('stopped');
  expect(findOpenRotation(await world.aggregate())).toBeNull();
});
