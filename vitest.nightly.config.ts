import { configDefaults, defineConfig } from 'vitest/config';
import everyRun from './vitest.config.ts';

// The same tests at full size, and those that need a machine of their own: 90 minutes at most.
export default defineConfig({
  test: {
    ...everyRun.test,
    include: ['test/**/*.nightly.test.ts'],
    exclude: configDefaults.exclude,
    provide: { atNight: true },
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
});
