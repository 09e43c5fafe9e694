import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // No measure of speed: it ends what hangs, on a slow machine that is shared as well.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // Real servers and real processes are started by many of these tests; two cores are what a small machine has.
    maxWorkers: 2,
    // Real servers on a shared machine: there, and only there, what failed once is tried once more; the report says so.
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
