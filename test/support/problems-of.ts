import { expect } from 'vitest';
import { ConfigurationError } from '../../src/errors.ts';

/** The lines of the error that loading a configuration ends with, without the first; none where it loads. */
export function problemsOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return error instanceof Error ? error.message.split('\n').slice(1) : [];
  }
  return [];
}
