import { describe, expect, it } from 'vitest';
import { isNewEnough, parseCliVersion } from '../../src/dev/cli-version.ts';

describe('the version of the Temporal CLI', () => {
  it.each([
    ['temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', '1.9.1'],
    ['temporal version v1.10.0\n', '1.10.0'],
    ['temporal version 0.0.0-DEV (Server 1.32.0)', null],
    ['temporal: command not found', null],
    ['', null],
  ])('in %j is %j', (output, version) => {
    expect(parseCliVersion(output)).toBe(version);
  });

  it.each([
    ['1.9.1', '1.9.1', true],
    ['1.9.2', '1.9.1', true],
    ['1.10.0', '1.9.1', true],
    ['2.0.0', '1.9.1', true],
    ['1.9.0', '1.9.1', false],
    ['1.8.9', '1.9.1', false],
    ['0.99.99', '1.9.1', false],
  ])('%s counts as new enough for %s: %s', (version, minimum, enough) => {
    expect(isNewEnough(version, minimum)).toBe(enough);
  });
});
