import { describe, inject } from 'vitest';
import type { TemporalOfTheRun } from './temporal-global-setup.ts';

const temporal: TemporalOfTheRun = inject('temporal');

/** Where the run's one Temporal server is: its address and the namespace with our search attributes. */
export interface TemporalAddress {
  readonly address: string;
  readonly namespace: string;
}

/** `describe` for tests that need the run's Temporal server; skipped by name and reason where there is none. */
export function describeOnTemporal(name: string, tests: (server: TemporalAddress) => void): void {
  const { address, namespace } = temporal;
  if (address === null) describe.skip(skipped(name), () => tests({ address: '', namespace }));
  else describe(name, () => tests({ address, namespace }));
}

/** `describe` for tests on the time-skipping server; the tests get the path of its program. */
export function describeOnTimeSkippingServer(name: string, tests: (executable: string) => void): void {
  const { timeSkippingServer } = temporal;
  if (timeSkippingServer === null) describe.skip(skipped(name), () => tests(''));
  else describe(name, () => tests(timeSkippingServer));
}

function skipped(name: string): string {
  return `${name} (skipped: ${temporal.lacking.join('; ')})`;
}
