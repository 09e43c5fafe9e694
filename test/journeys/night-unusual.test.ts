// Nights that are not like the others: two daemons at once, the clock changed, quiet hours too short for all.
import { afterEach, describe, expect, it, test } from 'vitest';
import { atNight } from '../rig/at-night.ts';
import { expectAllWell, mostInASecond } from './night-judge.ts';
import {
  type NightSettings,
  type NightWorld,
  openNightWorld,
  PER_SECOND,
  paris,
  quietHours,
} from './night-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: NightWorld;
const ends: (() => Promise<void>)[] = [];
const open = async (settings: NightSettings) => {
  world = await openNightWorld(settings);
  return world;
};
const start = async () => {
  const life = await world.start();
  ends.push(life.kill);
  return life;
};
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await world.remove();
});

const civil = (at: number) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Paris').toPlainDateTime();

/** When each account was answered (ms), by login, in order. */
function answersByLogin(): Map<string, number[]> {
  const answers = new Map<string, number[]>(world.logins.map((login) => [login, []]));
  for (const { at, login } of world.chorus.answered) answers.get(login)?.push(at);
  return answers;
}

describe('two daemons on one database', () => {
  it('ask about each once between them, each at its own pace', async () => {
    // As dense as ten thousand in a whole night.
    const [count, end] = atNight([1_500, '01:40'], [375, '01:10']);
    await open({ count, start: '2027-03-02T00:59', quiet: quietHours('01:00', end) });
    const [first, second] = [await start(), await start()];
    await world.until(`2027-03-02T${end}`);
    const asked = world.asked(0);
    expect(asked.size).toBe(count);
    expect(Math.max(...asked.values())).toBe(1);
    await expectAllWell(first.db, count, paris('2027-03-02T01:00'));
    expect([...first.faults, ...second.faults]).toEqual([]);
    const { arrived } = world.chorus;
    const shares = [1, 2].map((by) => arrived.filter((one) => one.by === by));
    for (const share of shares) {
      // One call about each, and by chance as many by the one as by the other.
      expect(share.length).toBeGreaterThan(count * 0.4);
      expect(mostInASecond(share)).toBeLessThanOrEqual(PER_SECOND);
    }
    // The pace is of one process and its application: two together may make twice as many calls.
    expect(mostInASecond(arrived)).toBeLessThanOrEqual(2 * PER_SECOND);
    const figures = `${shares.map(({ length }) => length).join(' and ')} calls, ${mostInASecond(arrived)}`;
    process.stdout.write(`two daemons: ${figures} in the fullest second together\n`);
  });
});

describe('a night in which the clock is changed', () => {
  test.each([
    ['spring', '2027-03-27'],
    ['autumn', '2027-10-30'],
  ])(
    'in %s, the one before and the one after it ask about each once, within their hours',
    async (_, from) => {
      const count = atNight(300, 60);
      const day = Temporal.PlainDate.from(from);
      await open({ count, start: `${from}T00:50`, roundMs: 60_000 });
      const life = await start();
      await world.until(`${day.add({ days: 2 })}T06:00`);
      for (const [login, answers] of answersByLogin()) {
        const nights = answers.map((at) => civil(at).toPlainDate().toString());
        expect([login, ...nights]).toEqual([login, ...[0, 1, 2].map((days) => day.add({ days }).toString())]);
        for (const [nth, at] of answers.entries()) {
          const time = civil(at).toPlainTime().toString();
          expect(time >= '01:00' && time < '05:30').toBe(true);
          if (nth > 0) expect(at - (answers[nth - 1] ?? 0)).toBeGreaterThan(19.5 * HOUR);
        }
      }
      expect(life.faults).toEqual([]);
    },
  );
});

describe('quiet hours that are too short for all', () => {
  it('leave nobody out in days, nor longer than thirty hours and the time it takes', async () => {
    // There is time for one in eight, as in twenty minutes for ten thousand.
    const count = 480;
    const days = atNight(8, 4);
    const quiet = quietHours('01:00', '01:01');
    await open({ count, start: '2027-03-01T15:00', quiet, planned: false, roundMs: 30_000 });
    const life = await start();
    await world.until(`2027-03-0${1 + days}T15:00`);
    const gaps: number[] = [];
    for (const answers of answersByLogin().values()) {
      expect(answers.length).toBeGreaterThanOrEqual(days - 2);
      expect(answers.length).toBeLessThanOrEqual(days + 1);
      gaps.push(...answers.slice(1).map((at, nth) => at - (answers[nth] ?? 0)));
    }
    const first = world.chorus.answered.slice(0, count);
    expect(new Set(first.map(({ login }) => login)).size).toBe(count);
    expect(Math.max(...first.map(({ at }) => at))).toBeLessThan(
      paris('2027-03-02T01:00') + 1.5 * count * 1_001,
    );
    expect(Math.max(...gaps)).toBeLessThan(30 * HOUR + 10 * MINUTE);
    expect(mostInASecond(world.chorus.arrived)).toBe(PER_SECOND);
    expect(life.faults).toEqual([]);
    const longest = (Math.max(...gaps) / HOUR).toFixed(2);
    process.stdout.write(`too short: ${longest} hours at most between two answers about one account\n`);
  });
});
