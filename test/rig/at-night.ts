// The sizes of what is tested at full size at night only: `X.nightly.test.ts` runs `X.test.ts`, which asks here.
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly atNight: boolean;
  }
}

/** The first in `npm run test:nightly`, the second in `npm test`: what proves the same every time, cheaply. */
export const atNight = <T>(full: T, everyTime: T): T => (inject('atNight') ? full : everyTime);
