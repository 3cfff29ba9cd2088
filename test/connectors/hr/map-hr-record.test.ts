import { describe, expect, test } from 'vitest';
import { mapHrRecord } from '../../../src/connectors/hr/map-hr-record.ts';

const PERSON = { id: 1, name: 'Rossi', firstName: 'Ada' };
const participation = (rest: object) => ({ experiment: 'CMS', ...rest });

function record(fields: object) {
  const mapped = mapHrRecord({ ...PERSON, ...fields }, 'Europe/Zurich');
  if (!mapped.ok) throw new Error(`unreadable at ${mapped.where}`);
  return mapped.record;
}

describe('a record of HR', () => {
  test('a start after its end is reported and ignored', () => {
    const mapped = record({
      contracts: [{ startDate: '2027-04-01', endDate: '2027-03-31' }],
      participations: [
        participation({ startDate: '2027-03-31', endDate: '2027-03-31' }),
        participation({ startDate: '2028-01-01', endDate: '2027-12-31', institute: { name: 'Nowhere' } }),
      ],
    });
    expect(mapped.ties).toEqual([
      { kind: 'participation', start: '2027-03-31', end: '2027-03-31', excluded: false, experiment: 'CMS' },
    ]);
    expect(mapped.remarks).toEqual([
      'contracts.0 starts after its end and is ignored',
      'participations.1 starts after its end and is ignored',
    ]);
    expect(mapped.institute).toBeNull();
    expect(mapped.hasContractsField).toBe(true);
  });

  test('the order in which HR names ties does not matter', () => {
    const entries = ['2029-01-01', '2028-01-01', null].map((endDate) => participation({ endDate }));
    expect(record({ participations: entries }).ties).toEqual(
      record({ participations: entries.toReversed() }).ties,
    );
  });

  test('the institute is that of the participation that lasts longest', () => {
    const entry = (endDate: string | null, name: string | null) =>
      participation({ endDate, institute: name === null ? null : { name } });
    const institute = (...entries: object[]) => record({ participations: entries }).institute;
    expect(institute(entry('2027-01-01', 'A'), entry('2028-01-01', 'B'))).toBe('B');
    expect(institute(entry(null, 'A'), entry('2028-01-01', 'B'))).toBe('A');
    expect(institute(entry('2027-01-01', 'A'), entry(null, null))).toBe('A');
  });

  test('empty text is no text, and line breaks in names are spaces', () => {
    expect(record({ email: '  ', department: '', firstName: 'Ada\r\nBcc: x@y' })).toMatchObject({
      email: null,
      department: null,
      givenName: 'Ada Bcc: x@y',
    });
  });

  test.each([
    ['fr', 'fr'],
    ['FR', 'fr'],
    ['fr-CH', 'fr'],
    ['en_GB', 'en'],
    ['', null],
  ])('language %j is %j', (preferredLanguage, language) => {
    expect(record({ preferredLanguage }).language).toBe(language);
  });

  test('one name is enough', () => {
    expect(record({ firstName: null })).toMatchObject({ givenName: '', familyName: 'Rossi' });
  });

  test.each<[string, object, string]>([
    ['no name at all', { name: null, firstName: undefined }, 'name'],
    ['no id', { id: null }, 'id'],
    ['a fraction as id', { id: 1.5 }, 'id'],
    ['an id with a slash', { id: '1/2' }, 'id'],
    ['a number as e-mail', { email: 5 }, 'email'],
    ['contracts as an object', { contracts: {} }, 'contracts'],
    ['a contract that is null', { contracts: [null] }, 'contracts.0'],
    ['excluded as text', { contracts: [{ excluded: 'no' }] }, 'contracts.0.excluded'],
    ['an unreadable end', { contracts: [{ endDate: 'soon' }] }, 'contracts.0.endDate'],
    ['an empty end', { participations: [participation({ endDate: '' })] }, 'participations.0.endDate'],
    [
      'a date as an object',
      { participations: [participation({ startDate: {} })] },
      'participations.0.startDate',
    ],
    ['no experiment', { participations: [{ endDate: '2027-01-01' }] }, 'participations.0.experiment'],
    ['an empty experiment', { participations: [{ experiment: ' ' }] }, 'participations.0.experiment'],
    ['a supervisor as an object', { supervisorId: { id: 1 } }, 'supervisorId'],
  ])('%s makes it unreadable', (_name, fields, where) => {
    expect(mapHrRecord({ ...PERSON, ...fields }, 'Europe/Zurich')).toEqual({ ok: false, where });
  });
});
