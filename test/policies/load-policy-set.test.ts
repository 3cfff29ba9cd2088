import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/errors.ts';
import { choosePolicySet } from '../../src/policies/choose-policy-set.ts';
import { NUMBER_SETTINGS, POLICY_KEYS, SETTING_DEFAULTS, TEXT_SETTINGS } from '../../src/policies/fields.ts';
import { loadPolicySet } from '../../src/policies/load-policy-set.ts';

const example = readFileSync(new URL('../../policies/example.yaml', import.meta.url), 'utf8');

const right = `name: site
version: '1'
defaults:
  timeZone: Europe/Zurich
policies:
  primary:
    noticesBy: self
    milestones:
      - { action: notice, offset: -7 }
      - { action: leaving, offset: 0 }
      - { action: block, offset: 60 }
      - { action: delete, offset: 180 }
`;

/** The lines of the error, without the first. */
function problems(yaml: string): string[] {
  try {
    loadPolicySet(yaml, 'site.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return error instanceof Error ? error.message.split('\n').slice(1) : [];
  }
  return [];
}

describe('loadPolicySet', () => {
  it('reads a file and fills in what it need not say', () => {
    const set = loadPolicySet(right, 'site.yaml');
    expect(set.policies.primary).toEqual({
      ...SETTING_DEFAULTS,
      timeZone: 'Europe/Zurich',
      name: 'site',
      version: '1',
      kind: 'primary',
      noticesBy: 'self',
      milestones: [
        { action: 'notice', offset: -7, tellSupervisor: false },
        { action: 'leaving', offset: 0 },
        { action: 'block', offset: 60 },
        { action: 'delete', offset: 180 },
      ],
    });
  });

  it('reads the documented example, which shows every setting with its default', () => {
    const set = loadPolicySet(example, 'policies/example.yaml');
    expect(Object.keys(set.policies)).toEqual(['primary', 'secondary', 'service', 'experiment']);
    for (const key of POLICY_KEYS) expect(example).toMatch(new RegExp(`^ +${key}:`, 'm'));
    expect(set.policies.primary).toMatchObject(SETTING_DEFAULTS);
    expect([...TEXT_SETTINGS, ...NUMBER_SETTINGS].length).toBe(POLICY_KEYS.length - 2);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'an unknown action',
      'action: block',
      'action: blok',
      /^ {2}site\.yaml:11: .*unknown action "blok".*did you mean block/,
    ],
    [
      'offsets out of order',
      'offset: 60',
      'offset: 0 }\n      - { action: notice, offset: -60',
      /:12: .*stands after/,
    ],
    [
      'a delete before the block',
      'offset: 180',
      'offset: 30',
      /:12: .*milestones\[3\]\.offset: delete at 30, block at 60.*in one go.*write a delete of 61 or more/,
    ],
    ['a notice that does not tell in advance', 'offset: -7', 'offset: 7', /:9: .*a notice at 7.*write -7/],
    ['an unknown zone', 'Europe/Zurich', 'Europe/Zürich', /:4: defaults\.timeZone: .*is no IANA time zone/],
    [
      'a bad time',
      'defaults:',
      "defaults:\n  noticeTime: '25:00'",
      /:4: defaults\.noticeTime: 25:00 is no time of day/,
    ],
    ['a missing version', "version: '1'\n", '', /:1: version: version is missing/],
    [
      'a version that YAML reads as a number',
      "version: '1'",
      'version: 1',
      /:2: version: is a number.*in quotes/,
    ],
    [
      'a duplicated milestone',
      'offset: 60 }',
      'offset: 60 }\n      - { action: block, offset: 61 }',
      /:12: .*a second block/,
    ],
    [
      'a transfer of a personal account',
      'action: delete, offset: 180',
      'action: transfer, offset: 61',
      /:12: .*transfer on a primary account/,
    ],
    [
      'a delete without a block',
      '      - { action: block, offset: 60 }\n',
      '',
      /:11: .*a delete without a block.*add \{ action: block/,
    ],
    ['a missing offset', 'action: block, offset: 60', 'action: block', /:11: .*offset is missing/],
    [
      'an unknown setting',
      'timeZone',
      'timezone',
      /:4: defaults\.timezone: unknown setting.*did you mean timeZone/,
    ],
    [
      'a missing time zone',
      'defaults:\n  timeZone: Europe/Zurich\n',
      '',
      /:4: policies\.primary\.timeZone: timeZone is missing/,
    ],
    ['a policy for guests', 'policies:', 'policies:\n  guest: {}', /:6: policies\.guest: unknown setting/],
    [
      'leaving on another day',
      'action: leaving, offset: 0',
      'action: leaving, offset: 1',
      /:10: .*leaving at 1/,
    ],
    [
      'a flag on an action that tells nobody',
      'offset: 60',
      'offset: 60, tellSupervisor: true',
      /:11: .*tellSupervisor beside block/,
    ],
    ['broken YAML', 'policies:', 'policies: [', /this is not YAML/],
    ['the same key twice', 'policies:', 'name: other\npolicies:', /:5: the same key stands twice/],
  ])('tells of %s: file, line, what and remedy', (_what, from, to, expected) => {
    expect(right).toContain(from);
    const found = problems(right.replace(from, to));
    expect(found.join('\n')).toMatch(expected);
    for (const problem of found) expect(problem).toMatch(/ Remedy: \S/);
  });

  it('tells one mistake once', () => {
    expect(problems(right.replace('action: block', 'action: blok'))).toHaveLength(1);
    expect(problems(right.replace('action: block', 'action: 7'))).toHaveLength(1);
    expect(problems(right.replace('offset: 60', 'offset: sixty'))).toHaveLength(1);
    expect(problems(right.replace("version: '1'", 'version: 1'))).toHaveLength(1);
    expect(problems(right.replace('noticesBy: self', 'noticesBy: everybody'))).toHaveLength(1);
    const twoKinds = `${right}  experiment:\n    noticesBy: nobody\n    milestones: [{ action: leaving, offset: 0 }]\n`;
    expect(problems(twoKinds.replace('Europe/Zurich', 'Mars'))).toHaveLength(1);
  });

  it('tells the right line behind a milestone that could not be read', () => {
    const broken = right
      .replace('action: notice, offset: -7', 'action: 7')
      .replace('offset: 180', 'offset: 30');
    expect(problems(broken).join('\n')).toMatch(
      /:12: policies\.primary\.milestones\[3\]\.offset: delete at 30/,
    );
  });

  it('tells all mistakes at once', () => {
    const broken = right
      .replace("version: '1'\n", '')
      .replace('Europe/Zurich', 'Mars/Olympus')
      .replace('action: notice', 'action: notise')
      .replace('offset: 180', 'offset: 30')
      .replace('milestones:', 'milestone_s: []\n    milestones:');
    const found = problems(broken);
    expect(found).toHaveLength(5);
    expect(found.map((line) => Number(/:(\d+):/.exec(line)?.[1]))).toEqual([1, 3, 7, 9, 12]);
  });

  it.each(['', '[]', 'just words'])('refuses a file that is no mapping: %j', (yaml) => {
    expect(problems(yaml)).toHaveLength(1);
  });
});

describe('choosePolicySet', () => {
  it('takes a shipped set by name and a site’s own by its file', () => {
    const never = (): string => {
      throw new Error('a shipped set needs no file');
    };
    expect(choosePolicySet({ shipped: 'cern' }, never).name).toBe('cern');
    expect(choosePolicySet({ file: 'site.yaml' }, () => right).name).toBe('site');
  });
  it('says which file cannot be read', () => {
    const read = (): string => {
      throw Object.assign(new Error('no'), { code: 'ENOENT' });
    };
    expect(() => choosePolicySet({ file: 'gone.yaml' }, read)).toThrow(
      /gone\.yaml cannot be read \(ENOENT\)/,
    );
  });
});
