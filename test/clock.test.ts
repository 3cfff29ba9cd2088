import { describe, expect, it } from 'vitest';
import { createClock, realAnchor } from '../src/clock.ts';
import { DAY_MS } from '../src/contracts/time.ts';

describe('createClock', () => {
  it('in production shows what the machine’s clock shows', () => {
    let real = 1_900_000_000_000;
    const clock = createClock(realAnchor(), () => real);
    expect(clock.now()).toBe(real);
    real += 5;
    expect(clock.now()).toBe(1_900_000_000_005);
    expect(clock.realMillisecondsUntil(real + 250)).toBe(250);
  });

  it('runs as fast as its anchor says', () => {
    let real = 1000;
    const clock = createClock({ realMs: 1000, virtualMs: 0, speed: DAY_MS / 1000 }, () => real);
    real += 2000;
    expect(clock.now()).toBe(2 * DAY_MS);
    expect(clock.realMillisecondsUntil(3 * DAY_MS)).toBe(1000);
    expect(clock.realMillisecondsUntil(0)).toBe(1);
  });
});
