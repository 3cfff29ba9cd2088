import { describe, expect, test } from 'vitest';
import { isMailAddress, isMailDomain, readSender } from '../../../src/connectors/smtp/mail-address.ts';

describe('a mail address', () => {
  test.each(['ada@cern.ch', 'ada.rossi+x@mail.cern.ch', "o'neil@example.org", 'root@localhost'])(
    '%s is one',
    (address) => expect(isMailAddress(address)).toBe(true),
  );

  test.each([
    '',
    'ada',
    '@cern.ch',
    'ada@',
    'ada@cern.ch\r\nBcc: eve@example.org',
    'ada@cern.ch\n',
    'ada@cern.ch\r',
    'ada@cern.ch\0',
    'ada@cern.ch, eve@example.org',
    'ada@cern.ch;eve@example.org',
    'ada@cern.ch eve@example.org',
    '<ada@cern.ch>',
    'Ada <ada@cern.ch>',
    '"ada rossi"@cern.ch',
    'ada(comment)@cern.ch',
    'ada@@cern.ch',
    'ada..rossi@cern.ch',
    '.ada@cern.ch',
    'ada@-cern.ch',
    'ada@cern..ch',
    'ada@[127.0.0.1]',
    'ada@cern.ch> SIZE=1',
    'ädä@cern.ch',
    `${'a'.repeat(65)}@cern.ch`,
    `ada@${'a.'.repeat(130)}ch`,
  ])('%j is none', (address) => expect(isMailAddress(address)).toBe(false));
});

test('a domain is a name and nothing else', () => {
  expect(['cern.ch', 'localhost'].filter(isMailDomain)).toEqual(['cern.ch', 'localhost']);
  expect(['', 'cern.ch>', 'a b', 'cern.ch\r\n', '.ch', 'x@y'].filter(isMailDomain)).toEqual([]);
});

test.each([
  ['ada@cern.ch', { name: '', address: 'ada@cern.ch' }],
  ['CERN Accounts <ada@cern.ch>', { name: 'CERN Accounts', address: 'ada@cern.ch' }],
  ['CERN\r\nBcc: x@y.z <ada@cern.ch>', null],
  ['CERN <ada@cern.ch>, <eve@cern.ch>', null],
  ['CERN', null],
])('the sender %j is read as %j', (text, expected) => {
  expect(readSender(text)).toEqual(expected);
});
