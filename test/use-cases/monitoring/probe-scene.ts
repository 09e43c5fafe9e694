// The ground of the probe's suites: a house with passwords in service, a new one for each test, on whichever engine.
import { afterEach } from 'vitest';
import type { DatabasePlace } from '../../../src/adapters/database/database.ts';
import { type Extra, loginOf, openProbeHouse, type ProbeContext } from './probe-house.ts';

export const AGENT = { channel: 'command', by: 'agent' } as const;

export const parisTime = (at: number | null | undefined): string =>
  Temporal.Instant.fromEpochMilliseconds(at ?? 0)
    .toZonedDateTimeISO('Europe/Paris')
    .toPlainDateTime()
    .toString();

/** Houses over databases that `place` makes, one for each test; `hold` hears of each. To be called once in a `describe`. */
export function probeScene(place: () => Promise<DatabasePlace>, hold: (house: ProbeContext) => void) {
  let house: ProbeContext;
  afterEach(() => house.close());
  return {
    open: async (
      count: number,
      extra: readonly Extra[] = [],
      more: Parameters<typeof openProbeHouse>[1] = {},
    ) => {
      house = await openProbeHouse(count, { place: await place(), ...more }, extra);
      hold(house);
      return house;
    },
    /** What Chorus Pro was asked about the nth account. */
    asked: (nth: number) => house.chorus.answers.filter(({ login }) => login === loginOf(nth)),
    /** The sink whose connector can be told to hold. */
    file: () => {
      const [sink] = house.sinks;
      if (sink === undefined) throw new Error('no sink');
      return sink;
    },
  };
}
