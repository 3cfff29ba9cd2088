import { defineConfig } from 'vitest/config';

/**
 * `unit`: no I/O, under five seconds in total. `property`: no I/O either, but many cases: random lives, every day of
 * centuries, against another implementation. `integration`: databases, HTTP, SMTP, child processes.
 * `workflow`: against the one Temporal server that the global set-up starts (see test/support/temporal.ts).
 */
export default defineConfig({
  test: {
    env: { TZ: 'UTC' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Nothing in a pure test can leak into the next one, and loading everything anew for each file costs more
          // than the tests.
          isolate: false,
          // Starts sooner than a process, and nothing here needs one.
          pool: 'threads',
          maxWorkers: 2,
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{property,integration,workflow}.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'property',
          isolate: false,
          maxWorkers: 2,
          include: ['test/**/*.property.test.ts'],
          testTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'workflow',
          include: ['test/**/*.workflow.test.ts'],
          globalSetup: ['test/support/temporal-global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Two cores: one file at a time leaves one to the server.
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
