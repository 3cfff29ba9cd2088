import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../src/contracts/command.ts';
import { parseCommand, parseObservation } from '../../src/policy/parse-message.ts';
import { at, contract, found, noPerson, participation } from '../support/policy-builders.ts';

const GOOD = { actor: 'admin-7', reason: 'ticket 12' };

describe('a command as an operator typed it', () => {
  it.each([
    ['the least', GOOD, { ...GOOD, name: 'restore' }],
    ['with a date', { ...GOOD, until: '2027-05-01' }, { ...GOOD, name: 'restore', until: '2027-05-01' }],
    ['with never', { ...GOOD, until: 'never' }, { ...GOOD, name: 'restore', until: 'never' }],
    ['with null', { ...GOOD, until: null }, { ...GOOD, name: 'restore', until: null }],
    ['with an id', { ...GOOD, commandId: 'c-1' }, { ...GOOD, name: 'restore', commandId: 'c-1' }],
    ['what is too much is left out', { ...GOOD, stage: 'deleted' }, { ...GOOD, name: 'restore' }],
  ])('%s', (_what, payload, value) => {
    expect(parseCommand('restore', payload)).toEqual({ ok: true, value });
  });

  it.each([
    ['nothing', undefined, 'send an object: {"actor":"…","reason":"…"}'],
    ['null', null, 'send an object: {"actor":"…","reason":"…"}'],
    ['a text', 'restore please', 'send an object: {"actor":"…","reason":"…"}'],
    ['a list', [GOOD], 'send an object: {"actor":"…","reason":"…"}'],
    ['no actor', { reason: 'x' }, 'actor is missing: who sends this, as an opaque id'],
    ['an empty actor', { ...GOOD, actor: '  ' }, 'actor is missing: who sends this, as an opaque id'],
    ['a number as actor', { ...GOOD, actor: 7 }, 'actor is missing: who sends this, as an opaque id'],
    ['an address as actor', { ...GOOD, actor: 'a@cern.ch' }, 'actor must be an opaque id, not an address'],
    ['no reason', { actor: 'x' }, 'reason is missing, or longer than 200 characters'],
    [
      'a long reason',
      { ...GOOD, reason: 'x'.repeat(201) },
      'reason is missing, or longer than 200 characters',
    ],
    ['an id that is none', { ...GOOD, commandId: 7 }, 'commandId must be a short text'],
    [
      'a date that does not exist',
      { ...GOOD, until: '2027-02-30' },
      'until must be a date that exists, YYYY-MM-DD',
    ],
    [
      'a date-time',
      { ...GOOD, until: '2027-02-03T00:00:00Z' },
      'until must be a date that exists, YYYY-MM-DD',
    ],
    ['a number as date', { ...GOOD, until: 20270203 }, 'until must be a date that exists, YYYY-MM-DD'],
  ])('%s is refused in words', (_what, payload, problem) => {
    expect(parseCommand('restore', payload)).toEqual({ ok: false, problem });
  });
});

describe('an observation', () => {
  const good = found(7, [contract('2024-01-01', null), participation('CMS', null, '2027-03-31')]);
  it.each([good, noPerson(8), found(9, [])])('%# is read as it stands', (observation) => {
    expect(parseObservation(JSON.parse(JSON.stringify(observation)))).toEqual({
      ok: true,
      value: observation,
    });
  });
  it('what is too much is left out, names too', () => {
    expect(
      parseObservation({ ...good, name: 'Rossi', ties: good.ties.map((tie) => ({ ...tie, id: 'C-77' })) }),
    ).toEqual({
      ok: true,
      value: good,
    });
  });
  it.each([
    ['a text', 'left', 'an observation must be an object'],
    ['no number', { ...good, number: undefined }, 'number must be a whole number'],
    ['half a number', { ...good, number: 1.5 }, 'number must be a whole number'],
    ['a number as text', { ...good, number: '7' }, 'number must be a whole number'],
    ['no person', { ...good, personId: '' }, 'personId is missing'],
    [
      'unavailable, which is no fact',
      { ...good, outcome: 'unavailable' },
      'outcome must be "found" or "no-person"',
    ],
    ['no instant', { ...good, at: '2027-01-01' }, 'at must be an instant in milliseconds'],
    ['not a number', { ...good, at: NaN }, 'at must be an instant in milliseconds'],
    ['an instant that no date has', { ...good, at: 1e300 }, 'at must be an instant in milliseconds'],
    ['one before all', { ...good, at: -1e300 }, 'at must be an instant in milliseconds'],
    ['ties that are no list', { ...good, ties: {} }, 'ties must be a list'],
    [
      'a tie that is none',
      { ...good, ties: [null] },
      'a tie is not {kind, start, end, excluded, experiment}',
    ],
    [
      'a kind nobody knows',
      { ...good, ties: [{ ...contract(), kind: 'visit' }] },
      'a tie is not {kind, start, end, excluded, experiment}',
    ],
    [
      'a date that does not exist',
      { ...good, ties: [contract('2027-02-30')] },
      'a tie is not {kind, start, end, excluded, experiment}',
    ],
    [
      'a missing end',
      { ...good, ties: [{ ...contract(), end: undefined }] },
      'a tie is not {kind, start, end, excluded, experiment}',
    ],
    ['ties of nobody', { ...good, outcome: 'no-person' }, 'a person HR does not know has no ties'],
  ])('%s is refused in words', (_what, payload, problem) => {
    expect(parseObservation(payload)).toEqual({ ok: false, problem });
  });
});

describe('rubbish', () => {
  it('never throws, and is never taken for a command or a fact', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true }),
        fc.constantFrom(...COMMAND_NAMES),
        (rubbish, name) => {
          expect(parseCommand(name, rubbish).ok).toBe(false);
          expect(parseObservation(rubbish).ok).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });
  it('in one field of a good one never throws', () => {
    const good = { ...GOOD, ...found(7, [contract()], { at: at('2027-01-01') }) };
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(good), 'until', 'commandId'),
        fc.anything(),
        (field, rubbish) => {
          const one = { ...good, [field]: rubbish };
          expect(typeof parseCommand('ignore', one).ok).toBe('boolean');
          expect(typeof parseObservation(one).ok).toBe('boolean');
        },
      ),
      { numRuns: 200 },
    );
  });
});
