// Background work: one run at a time, the pause counted from the end, an error survived, a stop within its limit.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  endsWithin,
  openPauses,
  poll,
  singleFlight,
  startLoop,
  waitingForTurns,
} from '../../src/foundation/loop.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => undefined);

describe('long work', () => {
  it('stands aside for a moment each time that it went on for so long, and not after a rest', async () => {
    const pause = openPauses(500, 35);
    const goesOnAfter = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      let goesOn = false;
      void pause().then(() => {
        goesOn = true;
      });
      await vi.advanceTimersByTimeAsync(0);
      return goesOn;
    };
    expect([await goesOnAfter(0), await goesOnAfter(300), await goesOnAfter(300)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(waitingForTurns()).toBe(1);
    await vi.advanceTimersByTimeAsync(35);
    expect(waitingForTurns()).toBe(0);
    expect([await goesOnAfter(400), await goesOnAfter(200)]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(35);
    expect(await goesOnAfter(1_000)).toBe(true);
  });
});

describe('single flight', () => {
  it('joins the run that is under way, and starts another one after it', async () => {
    const gate = Promise.withResolvers<number>();
    const work = vi.fn(() => gate.promise);
    const flight = singleFlight(work);
    expect(flight.startedAt).toBeNull();
    const [first, second] = [flight.run(), flight.run()];
    expect(flight.startedAt).not.toBeNull();
    gate.resolve(7);
    expect(await Promise.all([first, second])).toEqual([7, 7]);
    expect(work).toHaveBeenCalledTimes(1);
    expect(flight.startedAt).toBeNull();
    await flight.run();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('hands an error to all who wait, even one thrown at once, and can run again', async () => {
    const work = vi.fn((): Promise<string> => {
      throw new Error('broken');
    });
    const flight = singleFlight(work);
    const runs = await Promise.allSettled([flight.run(), flight.run()]);
    expect(runs.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    work.mockResolvedValueOnce('well');
    expect(await flight.run()).toBe('well');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('waits for the run that is under way, at most as long as it may', async () => {
    const idle = singleFlight(never);
    expect(await idle.settled(1_000)).toBe(true);
    void idle.run();
    const settled = idle.settled(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await settled).toBe(false);
  });
});

describe('a loop', () => {
  it('counts the pause from the end of a run, so that runs never overlap', async () => {
    const starts: number[] = [];
    const loop = startLoop(
      async () => {
        starts.push(Date.now());
        await new Promise((resolve) => setTimeout(resolve, 5_000));
      },
      { pauseMs: 2_000, failed: () => undefined },
    );
    await vi.advanceTimersByTimeAsync(15_000);
    expect(starts.map((at) => at - (starts[0] ?? 0))).toEqual([0, 7_000, 14_000]);
    const stopped = loop.stop(10_000);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await stopped).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(starts).toHaveLength(3);
  });

  it('tells an error and goes on', async () => {
    const failed = vi.fn();
    const loop = startLoop(() => Promise.reject(new Error('broken')), { pauseMs: 2_000, failed });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(failed).toHaveBeenCalledTimes(3);
    expect(await loop.stop(1_000)).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(failed).toHaveBeenCalledTimes(3);
  });

  it('is stopped in time, though its work never ends', async () => {
    const loop = startLoop(never, { pauseMs: 2_000, failed: () => undefined });
    const stopped = loop.stop(2_500);
    await vi.advanceTimersByTimeAsync(2_499);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await stopped).toBe(false);
  });
});

describe('work that ends within a limit', () => {
  it('is told apart from work that does not, whatever comes of it, and leaves no timer behind', async () => {
    expect(await endsWithin(null, 1_000)).toBe(true);
    expect(await endsWithin(Promise.resolve(), 1_000)).toBe(true);
    expect(await endsWithin(Promise.reject(new Error('broken')), 1_000)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('polling', () => {
  it('ends with what it finds, and says which look is the first', async () => {
    const looks: boolean[] = [];
    const pauses: number[] = [];
    const found = await poll(
      async (isFirst) => {
        looks.push(isFirst);
        return looks.length === 3 ? 'found' : null;
      },
      async (ms) => void pauses.push(ms),
    );
    expect(found).toBe('found');
    expect(looks).toEqual([true, false, false]);
    expect(pauses).toEqual([250, 250]);
  });

  it('gives up after a minute', async () => {
    const look = vi.fn(async () => null);
    let waited = 0;
    expect(
      await poll(look, async (ms) => {
        waited += ms;
      }),
    ).toBeNull();
    expect(look).toHaveBeenCalledTimes(240);
    expect(waited).toBe(239 * 250);
  });
});
