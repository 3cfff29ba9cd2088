import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { createZone, dateOf, DAY, dayOf } from '../../checker/calendar.ts';

describe('the checker’s own calendar', () => {
  it('counts days as UTC does, over four centuries', () => {
    for (let day = dayOf('1899-12-25'); day < dayOf('2301-01-05'); day += 61) {
      const date = new Date(day * DAY).toISOString().slice(0, 10);
      expect(dateOf(day)).toBe(date);
      expect(dayOf(date)).toBe(day);
    }
  });
  it('refuses what is no date', () => {
    expect(() => dayOf('never')).toThrow(RangeError);
  });
  it.each([
    'Europe/Zurich',
    'UTC',
    'America/Santiago',
    'Africa/Cairo',
    'Asia/Beirut',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
  ])('knows the clocks of %s', (name) => {
    const zone = createZone(name);
    for (let day = dayOf('2026-12-25'); day < dayOf('2028-01-05'); day += 1) {
      const date = Temporal.PlainDate.from(dateOf(day));
      const start = date.toZonedDateTime(name);
      const eight = date.toZonedDateTime({ timeZone: name, plainTime: '08:00' });
      const half = date.toZonedDateTime({ timeZone: name, plainTime: '02:30' });
      expect(zone.startOf(day), `start of ${dateOf(day)}`).toBe(start.epochMilliseconds);
      expect(zone.wallTime(day, 480), `08:00 of ${dateOf(day)}`).toBe(eight.epochMilliseconds);
      expect(zone.wallTime(day, 150), `02:30 of ${dateOf(day)}`).toBe(half.epochMilliseconds);
      expect(zone.dayAt(start.epochMilliseconds)).toBe(day);
      expect(zone.dayAt(start.epochMilliseconds - 1)).toBe(day - 1);
    }
  });
});
