import { defineConfig } from 'vitest/config';

// Asks a real platform: one call at a time, and nothing twice.
export default defineConfig({
  test: {
    include: ['test/conformance/real.conformance.ts'],
    // A call may take 30 s, and a fact makes up to three.
    testTimeout: 120_000,
    maxWorkers: 1,
    retry: 0,
    reporters: ['verbose'],
  },
});
