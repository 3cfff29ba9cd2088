import { afterAll, beforeAll, describe } from 'vitest';
import { backends, openBackend, type OpenBackend, type RunningBackend, type Use } from './backend.ts';

/** Runs suites on a registry of their own, once for each kind of database. */
export function onEachBackend(suites: (use: Use, running: () => RunningBackend) => void): void {
  describe.each(backends)('the registry on %s', (_title, backend) => {
    describe.skipIf(backend.skipped !== null)('keeps its rules', () => {
      let running: RunningBackend;
      let opened: OpenBackend;

      beforeAll(async () => {
        running = await backend.start();
        opened = await openBackend(await running.createLocation());
      });
      afterAll(async () => {
        await opened.database.close();
        await running.close();
      });

      suites(
        () => opened,
        () => running,
      );
    });
  });
}
