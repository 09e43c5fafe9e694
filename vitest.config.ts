import { configDefaults, defineConfig } from 'vitest/config';
import { secondTries } from './test/rig/second-tries.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What takes long: `npm run test:nightly`. docs/TESTS.md says what stands in for each of them here.
    exclude: [...configDefaults.exclude, '**/*.nightly.test.ts'],
    // test/rig/at-night.ts
    provide: { atNight: false },
    globalSetup: ['test/rig/bundle.ts'],
    reporters: ['default', secondTries()],
    // No measure of speed: it ends what hangs, on a slow machine that is shared as well.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 20_000 } },
    // A second try's message is all that is left of the first: it shows what was found, not how many.
    chaiConfig: { truncateThreshold: 0 },
    // Real servers and real processes are started by many of these tests; two cores are what a small machine has.
    maxWorkers: 2,
    // Real servers on a shared machine: there, and only there, what failed once is tried once more; the report names it.
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
