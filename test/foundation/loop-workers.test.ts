// Lanes: so many pieces of work at the same time, each once, and none behind one that takes long.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openWorkerPool } from '../../src/foundation/loop.ts';

/** Lets everything go on that waits for nothing but its turn. */
const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Work that ends when the test says so. */
function heldWork() {
  const inHand = new Map<number, () => void>();
  const begun: number[] = [];
  return {
    begun,
    inHand,
    work: (thing: number) => {
      begun.push(thing);
      return new Promise<void>((resolve) => inHand.set(thing, resolve));
    },
    end: (thing: number) => {
      inHand.get(thing)?.();
      inHand.delete(thing);
      return breath();
    },
  };
}

test('what never ends holds up its own lane alone', async () => {
  const { begun, work, end } = heldWork();
  const lanes = openWorkerPool(2, work, () => true);
  lanes.line([1, 2, 3]);
  for (const thing of [2, 3]) await end(thing);
  lanes.line([1, 4]);
  expect(begun).toEqual([1, 2, 3, 4]);
  expect(lanes.busy).toBe(2);
});

test('a new line takes the place of the old one', async () => {
  const { begun, work, end } = heldWork();
  const lanes = openWorkerPool(1, work, () => true);
  lanes.line([1, 2, 3]);
  lanes.line([3]);
  await end(1);
  await end(3);
  await lanes.idle();
  expect(begun).toEqual([1, 3]);
});

test('nothing begins once its owner says no, and what is under way is waited for', async () => {
  const { begun, work, end } = heldWork();
  let goOn = true;
  const lanes = openWorkerPool(2, work, () => goOn);
  lanes.line([1, 2, 3]);
  goOn = false;
  let isIdle = false;
  const idle = lanes.idle().then(() => {
    isIdle = true;
  });
  await end(1);
  expect(isIdle).toBe(false);
  await end(2);
  await idle;
  expect(begun).toEqual([1, 2]);
});

test('whatever comes and ends, no lane is empty while somebody waits, and nobody is at work twice', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(
        fc.oneof(
          fc.record({ line: fc.uniqueArray(fc.nat(9), { maxLength: 6 }) }),
          fc.record({ end: fc.nat(9) }),
        ),
      ),
      async (width, events) => {
        const { inHand, work, end } = heldWork();
        let doubled = false;
        const lanes = openWorkerPool(
          width,
          (thing: number) => {
            doubled ||= inHand.has(thing);
            return work(thing);
          },
          () => true,
        );
        let waiting: number[] = [];
        const model = new Set<number>();
        for (const event of events) {
          if ('line' in event) {
            waiting = event.line.filter((thing) => !model.has(thing));
            lanes.line(event.line);
          } else {
            model.delete(event.end);
            await end(event.end);
          }
          while (model.size < width && waiting.length > 0) model.add(waiting.shift() ?? 0);
          expect([...inHand.keys()].sort()).toEqual([...model].sort());
          expect(lanes.busy).toBe(model.size);
        }
        expect(doubled).toBe(false);
      },
    ),
  ));
