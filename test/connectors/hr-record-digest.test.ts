import { describe, expect, test } from 'vitest';
import { digestOf } from '../../src/connectors/hr-record-digest.ts';
import type { HrRecord } from '../../src/connectors/hr-source.ts';

const contract = {
  kind: 'contract',
  start: null,
  end: '2027-03-31',
  excluded: false,
  experiment: null,
} as const;
const participation = { ...contract, kind: 'participation', experiment: 'CMS' } as const;
const RECORD: HrRecord = {
  personId: '1',
  givenName: 'Ada',
  familyName: 'Rossi',
  email: null,
  externalEmail: null,
  language: 'fr',
  supervisorId: '2',
  department: 'IT',
  group: 'PW',
  section: 'IAM',
  institute: 'CERN',
  ties: [contract, participation],
  hasContractsField: true,
  remarks: [],
};

describe('the digest of a record', () => {
  test('is SHA-256 in hex', () => {
    expect(digestOf(RECORD)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('does not depend on the order of ties or fields, nor on remarks', () => {
    const { personId, ...rest } = RECORD;
    const { kind, ...tie } = contract;
    const same = { ...rest, personId, ties: [participation, { ...tie, kind }], remarks: ['x'] };
    expect(digestOf(same)).toBe(digestOf(RECORD));
  });

  const changes: Partial<HrRecord>[] = [
    { personId: '9' },
    { givenName: 'Eva' },
    { familyName: 'Bianchi' },
    { email: 'a@b' },
    { externalEmail: 'a@b' },
    { language: null },
    { supervisorId: null },
    { department: null },
    { group: null },
    { section: null },
    { institute: null },
    { hasContractsField: false },
    { ties: [] },
    { ties: [contract] },
    { ties: [contract, contract, participation] },
    { ties: [{ ...contract, start: '2020-01-01' }, participation] },
    { ties: [{ ...contract, end: null }, participation] },
    { ties: [{ ...contract, excluded: true }, participation] },
    { ties: [contract, { ...participation, experiment: 'ATLAS' }] },
  ];
  test.each(changes)('changes with %j', (change) => {
    expect(digestOf({ ...RECORD, ...change })).not.toBe(digestOf(RECORD));
  });

  test('tells a value from the field next to it', () => {
    expect(digestOf({ ...RECORD, department: 'X', group: null })).not.toBe(
      digestOf({ ...RECORD, department: null, group: 'X' }),
    );
  });
});
