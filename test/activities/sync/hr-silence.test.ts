import { describe, expect, it } from 'vitest';
import { createHrSilence, isSilence, type Waited } from '../../../activities/sync/hr-silence.ts';
import { NO_LOOKS } from '../../../src/policy/sync-counts.ts';

const GIVE_UP_MS = 900_000;
const COUNTS = { ...NO_LOOKS, looked: 7, expected: 6, answered: 5 };
const SILENT = { outcome: 'unavailable', code: 'HR_TIMEOUT' };
const UNREADABLE = { outcome: 'unavailable', code: 'HR_WRONG_SHAPE' };
const FOUND = { outcome: 'found' };

/** An attempt whose clock the test sets. */
function attempt(before: Waited | null = null, backoffMs = 0) {
  const clock = { ms: 5_000_000 };
  const options = { before, backoffMs, giveUpMs: GIVE_UP_MS, nowMs: () => clock.ms };
  const silence = createHrSilence(options);
  return {
    silence,
    pass: (ms: number) => {
      clock.ms += ms;
    },
    over: () => silence.over({ code: 'HR_TIMEOUT', counts: COUNTS, after: '41' }),
  };
}

describe('HR is silent', () => {
  it.each(['HR_TIMEOUT', 'HR_UNREACHABLE', 'HR_CONNECTION_LOST', 'HR_RETRY_LATER'])('with %s', (code) => {
    expect(isSilence(code)).toBe(true);
  });
  it.each([500, 502, 503, 504, 429, 401])('with the status %d', (status) => {
    expect(isSilence(`HR_STATUS_${String(status)}`)).toBe(true);
  });
  it.each([
    'HR_WRONG_SHAPE',
    'HR_WRONG_PERSON',
    'HR_BAD_ID',
    'HR_BROKEN_BODY',
    'HR_STATUS_403',
    'HR_STATUS_400',
  ])('and not with %s, which says something of one record', (code) => {
    expect(isSilence(code)).toBe(false);
  });
});

describe('HR is taken for down', () => {
  it('at the fiftieth request in a row without an answer', () => {
    const { silence } = attempt();
    for (let count = 1; count < 50; count += 1) expect(silence.listen(SILENT)).toBe(false);
    expect(silence.listen(SILENT)).toBe(true);
  });

  it('at once when it names a time before which it wants no request', () => {
    expect(attempt().silence.listen({ outcome: 'unavailable', code: 'HR_RETRY_LATER' })).toBe(true);
  });

  it.each([
    ['an answer', FOUND],
    ['a record that cannot be read', UNREADABLE],
  ])('not while %s comes in between', (_, answer) => {
    const { silence } = attempt();
    for (let count = 1; count < 50; count += 1) silence.listen(SILENT);
    expect(silence.listen(answer)).toBe(false);
    expect(silence.listen(SILENT)).toBe(false);
  });

  it('never for records that cannot be read, however many', () => {
    const { silence } = attempt();
    expect(Array.from({ length: 200 }, () => silence.listen(UNREADABLE))).not.toContain(true);
  });

  it('across the pages of an attempt', () => {
    const { silence } = attempt();
    for (let count = 1; count < 50; count += 1) {
      silence.listen(SILENT);
      silence.advanced();
    }
    expect(silence.listen(SILENT)).toBe(true);
  });
});

describe('a range waits for HR', () => {
  it('until its silence has lasted for as long as the setting says', () => {
    const early = attempt();
    early.pass(GIVE_UP_MS - 1);
    expect(early.over()).toMatchObject({
      waited: { ms: GIVE_UP_MS - 1, isPausing: true },
      error: { code: 'HR_UNAVAILABLE', retryable: true },
    });
    const late = attempt();
    late.pass(GIVE_UP_MS);
    expect(late.over().error).toMatchObject({ code: 'HR_GAVE_UP', retryable: false, facts: COUNTS });
  });

  it('counting attempts before this one and the pause after them', () => {
    const before = { ms: GIVE_UP_MS - 1000, isPausing: true };
    expect(attempt(before, 999).over().error.code).toBe('HR_UNAVAILABLE');
    expect(attempt(before, 1000).over().error.code).toBe('HR_GAVE_UP');
  });

  it('without a pause that something else than HR made', () => {
    const before = { ms: GIVE_UP_MS - 1000, isPausing: false };
    expect(attempt(before, 60_000).over().error.code).toBe('HR_UNAVAILABLE');
  });

  it('anew behind each page', () => {
    const { silence, pass, over } = attempt({ ms: GIVE_UP_MS - 1, isPausing: true });
    silence.listen(FOUND);
    silence.advanced();
    pass(10);
    expect(over().waited.ms).toBe(10);
  });

  it('on and on when HR answers for some of a page and never for all of it', () => {
    const { silence, pass, over } = attempt({ ms: GIVE_UP_MS - 10, isPausing: true });
    silence.listen(FOUND);
    pass(10);
    expect(over().error.code).toBe('HR_GAVE_UP');
  });

  it('without the time in which HR answered', () => {
    const { silence, pass, over } = attempt();
    pass(GIVE_UP_MS);
    silence.listen(UNREADABLE);
    expect(over()).toMatchObject({ waited: { ms: 0 }, error: { code: 'HR_UNAVAILABLE' } });
  });
});
