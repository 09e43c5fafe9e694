// The ground of the probe's suites: a world with passwords in service, a new one for each test, on whichever engine.
import { afterEach } from 'vitest';
import type { DatabasePlace } from '../../../src/adapters/database/database.ts';
import { type Extra, type FleetWorld, loginOf, openFleetWorld } from '../../rig/world-fleet.ts';

export const AGENT = { channel: 'command', by: 'agent' } as const;

export const parisTime = (at: number | null | undefined): string =>
  Temporal.Instant.fromEpochMilliseconds(at ?? 0)
    .toZonedDateTimeISO('Europe/Paris')
    .toPlainDateTime()
    .toString();

/** Worlds over databases that `place` makes, one for each test; `hold` hears of each. To be called once in a `describe`. */
export function probeScene(place: () => Promise<DatabasePlace>, hold: (world: FleetWorld) => void) {
  let world: FleetWorld;
  afterEach(() => world.close());
  return {
    open: async (
      count: number,
      extra: readonly Extra[] = [],
      more: Parameters<typeof openFleetWorld>[1] = {},
    ) => {
      world = await openFleetWorld(count, { place: await place(), ...more }, extra);
      hold(world);
      return world;
    },
    /** What Chorus Pro was asked about the nth account. */
    asked: (nth: number) => world.chorus.answers.filter(({ login }) => login === loginOf(nth)),
    /** The sink whose connector can be told to hold. */
    file: () => {
      const [sink] = world.sinks;
      if (sink === undefined) throw new Error('no sink');
      return sink;
    },
  };
}
