import { describe, expect, it } from 'vitest';
import { parseDemoOptions } from '../../src/demo/options.ts';

describe('the demo’s command line', () => {
  it('runs a day a second and goes on, when told nothing', () => {
    expect(parseDemoOptions([])).toEqual({
      secondsPerDay: 1,
      once: false,
      kills: 0,
      seed: 1,
      quiet: false,
      withIam: false,
      withLdap: false,
      help: false,
    });
  });
  it('reads what it is told', () => {
    const options = parseDemoOptions([
      '--once',
      '--seconds-per-day',
      '0.5',
      '--kills',
      '5',
      '--seed',
      '3',
      '--with-iam',
    ]);
    expect(options).toMatchObject({ once: true, secondsPerDay: 0.5, kills: 5, seed: 3, withIam: true });
  });
  it.each([
    [['--seconds-per-day', '0'], /at least 0.25/],
    [['--seconds-per-day', 'fast'], /seconds-per-day must be a number/],
    [['--kills', '1.5'], /whole number/],
    [['--onec'], /onec/],
  ])('refuses %j and says why', (args, message) => {
    expect(() => parseDemoOptions(args)).toThrow(message);
  });
});
