import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';
import { mayBeSkipped } from './postgres.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const REASON = `no browser found (${NAMES.join(', ')}); install chromium`;

function findBrowser(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return (
    paths.find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }) ?? null
  );
}

/** `describe` for tests that open a page; skipped by name and reason where there is no browser and that may be. */
export function describeInBrowser(name: string, tests: (launch: () => Promise<Browser>) => void): void {
  const executablePath = findBrowser();
  const launch = () => {
    if (executablePath === null) throw new Error(REASON);
    return chromium.launch({ executablePath });
  };
  if (executablePath === null && mayBeSkipped)
    describe.skip(`${name} (skipped: ${REASON})`, () => tests(launch));
  else describe(name, () => tests(launch));
}
