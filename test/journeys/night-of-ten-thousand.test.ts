// Ten thousand passwords in service, two calls a second: one night undisturbed, the next one with a daemon that dies three times.
// Every time it is a tenth of both: a thousand, in a night of 27 minutes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atNight } from '../rig/at-night.ts';
import { seeded } from './night-chorus.ts';
import { expectAllWell, mostInASecond, plannedNext, rankCorrelation, spread } from './night-judge.ts';
import { type Life, type NightWorld, openNightWorld, PER_SECOND, paris, quietHours } from './night-world.ts';

const COUNT = atNight(10_000, 1_000);
/** The night is as much shorter as the fleet is smaller. */
const SHARE = COUNT / 10_000;
const END = atNight('05:30', '01:27');
const MINUTE = 60_000;
/** So many are asked at the same time: what a daemon can have in hand when it dies. */
const LANES = 8;
const FIRST = { begin: paris('2027-03-02T01:00'), end: paris(`2027-03-02T${END}`) };
const SECOND = { begin: paris('2027-03-03T01:00'), end: paris(`2027-03-03T${END}`) };
/** The part of the night that holds slots. */
const LAST_SLOT = FIRST.begin + 0.9 * (FIRST.end - FIRST.begin);

let world: NightWorld;
let life: Life;
let planned: number[];
let took = 0;

/** Prints a figure for the person who reads the run. */
const say = (figure: string) => process.stdout.write(`ten thousand: ${figure}\n`);

beforeAll(async () => {
  world = await openNightWorld({ count: COUNT, start: '2027-03-02T00:55', quiet: quietHours('01:00', END) });
  const begun = performance.now();
  life = await world.start();
  planned = await plannedNext(life.db);
  await world.until(`2027-03-02T${END}`);
  took = performance.now() - begun;
}, 180_000);
afterAll(async () => {
  await life.kill();
  await world.remove();
});

describe('a night of ten thousand', () => {
  it('asks about each of them once', async () => {
    const asked = world.asked(0);
    expect(asked.size).toBe(COUNT);
    expect(Math.max(...asked.values())).toBe(1);
    await expectAllWell(life.db, COUNT, FIRST.begin);
    expect(await life.db.selectFrom('attempts').select('id').execute()).toEqual([]);
    expect(life.faults).toEqual([]);
    say(`the night took ${(took / 1_000).toFixed(1)} s`);
  });

  it('makes one call about each and few besides, never more than two in a second', async () => {
    const { arrived } = world.chorus;
    const tokens = arrived.filter(({ call }) => call === 'token');
    expect(arrived).toHaveLength(COUNT + tokens.length);
    expect(tokens.length).toBeLessThanOrEqual(6);
    expect(mostInASecond(arrived)).toBe(PER_SECOND);
    say(`${arrived.length} calls, ${tokens.length} of them for tokens`);
  });

  it('is over well before the end of the quiet hours', async () => {
    const at = world.chorus.arrived.map((one) => one.at);
    const [first, last] = [Math.min(...at), Math.max(...at)];
    expect(first).toBeGreaterThanOrEqual(FIRST.begin);
    expect(FIRST.end - last).toBeGreaterThan(25 * MINUTE * SHARE);
    say(`${((FIRST.end - last) / MINUTE).toFixed(1)} minutes to spare`);
  });

  it('is spread fairly, as planned and as it came', async () => {
    const asked = world.chorus.arrived.filter(({ call }) => call !== 'token');
    for (const instants of [planned, asked.map(({ at }) => at)]) {
      const { fullest, emptiest } = spread(instants, FIRST.begin, LAST_SLOT, 10 * MINUTE * SHARE);
      expect(fullest).toBeLessThan(atNight(1.3, 1.6));
      expect(emptiest).toBeGreaterThan(atNight(0.7, 0.4));
      say(`a 24th of the night: ${emptiest.toFixed(2)} to ${fullest.toFixed(2)} of the fair share`);
    }
  });

  it('asks each within a minute of its slot', async () => {
    const slotOf = new Map(world.logins.map((login, nth) => [login, planned[nth] ?? 0]));
    const late = world.chorus.answered.map(({ at, login }) => at - (slotOf.get(login) ?? 0));
    expect(Math.min(...late)).toBeGreaterThan(0);
    expect(Math.max(...late)).toBeLessThan(MINUTE);
    const median = late.toSorted((a, b) => a - b)[COUNT / 2] ?? 0;
    say(`answered ${median} ms after the slot, ${Math.max(...late)} at most`);
  });

  it('gives each another minute in the next night', async () => {
    const next = await plannedNext(life.db);
    expect(Math.min(...next)).toBeGreaterThanOrEqual(SECOND.begin);
    expect(Math.max(...next)).toBeLessThan(SECOND.end);
    expect(Math.abs(rankCorrelation(planned, next))).toBeLessThan(3.5 / Math.sqrt(COUNT));
  });
});

describe('a night in which the daemon is killed three times', () => {
  /** What it had in hand each time. */
  const inHand: string[][] = [];

  beforeAll(async () => {
    const random = seeded(7);
    world.chorus.arrived.length = 0;
    // The hours between are quiet, and would only take their time.
    await life.kill();
    world.clock.set(paris('2027-03-03T00:59'));
    life = await world.start();
    const moments = Array.from({ length: 3 }, () => SECOND.begin + random() * (LAST_SLOT - FIRST.begin));
    for (const moment of moments.toSorted((a, b) => a - b)) {
      await world.clock.goTo(Math.floor(moment));
      await untilAsking();
      inHand.push([...(await life.inHand())]);
      await life.kill();
      await world.clock.pass(Math.floor(random() * 10 * MINUTE * SHARE));
      life = await world.start();
    }
    await world.clock.goTo(SECOND.end);
  }, 180_000);

  /** Most moments find somebody in hand; where none does, the next one that does. */
  async function untilAsking(): Promise<void> {
    while ((await life.inHand()).length === 0) await world.clock.pass(37);
  }

  it('leaves nobody out, and asks nobody again but whose answer was on its way', async () => {
    const asked = world.asked(SECOND.begin);
    expect(asked.size).toBe(COUNT);
    const again = [...asked].filter(([, times]) => times > 1).map(([login]) => login);
    expect(again.every((login) => inHand.flat().includes(login))).toBe(true);
    for (const [login, times] of asked) {
      expect(times).toBeLessThanOrEqual(1 + inHand.filter((hand) => hand.includes(login)).length);
    }
    for (const hand of inHand) {
      expect(hand.length).toBeGreaterThan(0);
      expect(hand.length).toBeLessThanOrEqual(LANES);
    }
    await expectAllWell(life.db, COUNT, SECOND.begin);
    expect(life.faults).toEqual([]);
    say(`in hand at the three deaths: ${inHand.map((hand) => hand.length)}; asked again: ${again.length}`);
  });

  it('is over in time all the same, and at the pace of each life', async () => {
    const { arrived } = world.chorus;
    const last = Math.max(...arrived.map((one) => one.at));
    expect(last).toBeLessThan(SECOND.end);
    for (const by of new Set(arrived.map((one) => one.by))) {
      expect(mostInASecond(arrived.filter((one) => one.by === by))).toBeLessThanOrEqual(PER_SECOND);
    }
    say(`${((SECOND.end - last) / MINUTE).toFixed(1)} minutes to spare`);
  });
});
