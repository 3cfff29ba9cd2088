import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Config, Environment } from '../../src/config.ts';
import { loadConfig } from '../../src/config.ts';
import { CERN_KEYS } from '../../src/config/cern-keys.ts';
import { problemsOf } from '../support/problems-of.ts';

const rest = `fallbackOwner: '900001'
admins: [lifecycle-admins@example.org]
serviceDesk: service-desk@example.org
mail:
  host: smtp.example.org
  from: accounts@example.org
logins:
  mailDomain: example.org
indigoIam:
  url: https://iam.example.org/cms/
  clientId: lifecycle
  clientSecretEnv: IAM_SECRET
`;

/** As INDIGO IAM's own configuration has it. */
const kebab = `cern:
  sso-issuer: "https://auth.cern.ch/auth/realms/cern"
  person-id-claim: "cern_person_id"
  experiment-name: "CMS"
  hr-api:
    url: "http://hr.test.example"
    username: "username"
    password: "canary"
  task:
    enabled: true
    cron-schedule: "0 23 */12 * * *"
    page-size: 50
  # Action when API returns 404 on asking info about a VO person.
  on-person-id-not-found: no_action
  on-participation-not-found: no_action
`;

const camel = `cern:
  ssoIssuer: https://auth.cern.ch/auth/realms/cern
  personIdClaim: cern_person_id
  experimentName: CMS
  hrApi: { url: http://hr.test.example, username: username, password: canary }
  task: { enabled: 'true', cronSchedule: "0 23 */12 * * *", pageSize: '50' }
  onPersonIdNotFound: NO_ACTION
  onParticipationNotFound: noAction
`;

/** As its documentation has it. */
const documented = `cern:
  experimentName: CMS
  person-id-claim: cern_person_id
  task:
    enabled: true
    ## Cron schedule here include seconds as the first field, pay attention!
    cron-schedule: "0 0 */12 * * *"
`;

function load(text: string, env: Environment = {}): Config {
  return loadConfig({ text, fileName: 'lifecycle.yaml', env: { IAM_SECRET: 'iam-canary', ...env } });
}

const problems = (text: string, env: Environment = {}) => problemsOf(() => load(text, env));

describe('the block cern, pasted as it stands', () => {
  it('gives the experiment, HR, its credentials and the schedule', () => {
    const config = load(kebab + rest);
    expect(config.indigoIam).toMatchObject({
      url: 'https://iam.example.org/cms/',
      tokenUrl: 'https://iam.example.org/cms/token',
      clientId: 'lifecycle',
      dialect: 'current',
      expiredAccounts: 'delegate',
      timestamp: 'every-run',
      experiment: 'CMS',
      personIdLabel: 'cern_person_id',
      onPersonIdNotFound: 'no_action',
      onParticipationNotFound: 'no_action',
    });
    expect(config.indigoIam?.clientSecret.reveal()).toBe('iam-canary');
    expect(config.hr.url).toBe('http://hr.test.example');
    expect(config.hr.credentials?.user).toBe('username');
    expect(config.hr.credentials?.password.reveal()).toBe('canary');
    expect(config.sync.cron).toBe('0 23 */12 * * *');
    expect(JSON.stringify(config)).not.toContain('canary');
  });

  it.each([
    ['camel case', camel],
    ['underscores', kebab.replaceAll(/^( *)([a-z-]+):/gm, (key) => key.replaceAll('-', '_'))],
    ['capitals', kebab.replaceAll(/^( +)([a-z-]+):/gm, (key) => key.toUpperCase())],
  ])('is the same in %s', (_way, text) => {
    expect(load(text + rest)).toEqual(load(kebab + rest));
  });

  it('is taken as the documentation shows it, and what is absent has its default', () => {
    const config = load(`${documented}hr: { url: https://hr.example.org }\n${rest}`);
    expect(config.indigoIam).toMatchObject({
      experiment: 'CMS',
      onPersonIdNotFound: 'no_action',
      onParticipationNotFound: 'disable_user',
    });
    expect(config.sync.cron).toBe('0 0 */12 * * *');
    expect(config.hr.credentials).toBeNull();
  });

  it('without it there is no instance', () => {
    const config = load(`hr: { url: https://hr.example.org }\n${rest.replace(/indigoIam:[^]*/, '')}`);
    expect([config.indigoIam, config.warnings]).toEqual([null, []]);
  });

  it('every key of it stands in the example', () => {
    const example = readFileSync(new URL('../../lifecycle.example.yaml', import.meta.url), 'utf8');
    const file: unknown = parse(example.replaceAll(/^( *)#((?: {2})*)(?=[a-zA-Z-]+:)/gm, '$1$2'));
    const shape = Object.fromEntries(
      Object.entries(CERN_KEYS).map(([key, below]) => [
        key,
        below === null
          ? expect.anything()
          : Object.fromEntries(below.map((inner) => [inner, expect.anything()])),
      ]),
    );
    expect(file).toMatchObject({ cern: shape });
  });
});

describe('what our own settings say counts first', () => {
  it('the schedule, also beside one that cannot be translated', () => {
    const text = kebab.replace('0 23 */12 * * *', '0 0 4 L * *');
    expect(load(`${text}sync: { cron: "0 15 * * * *" }\n${rest}`).sync.cron).toBe('0 15 * * * *');
  });

  it('credentials', () => {
    const config = load(`${kebab}hr: { user: me, passwordEnv: HR_PW }\n${rest}`, { HR_PW: 'other' });
    expect(config.hr).toMatchObject({ url: 'http://hr.test.example', credentials: { user: 'me' } });
    expect(config.hr.credentials?.password.reveal()).toBe('other');
    expect(config.warnings.join()).not.toMatch(/stands in the file/);
  });

  it('the address; the block’s user name and password go to no other one', () => {
    const other = load(`${kebab}hr: { url: https://hr.example.org }\n${rest}`);
    expect(other.hr).toMatchObject({ url: 'https://hr.example.org', credentials: null });
    expect(other.warnings.join('\n')).toMatch(/hr\.url and cern\.hr-api\.url differ.*without the user name/);
    const same = load(`${kebab}hr: { url: http://hr.test.example/ }\n${rest}`);
    expect(same.hr.credentials?.user).toBe('username');
    expect(same.warnings.join('\n')).not.toMatch(/differ/);
  });
});

describe('placeholders, as Spring has them', () => {
  const withPassword = (password: string) => kebab.replace('"canary"', password) + rest;

  it('come from the environment', () => {
    const config = load(withPassword('"${CERN_HRAPI_PASSWORD}"'), { CERN_HRAPI_PASSWORD: 'from outside' });
    expect(config.hr.credentials?.password.reveal()).toBe('from outside');
    expect(config.warnings.join()).not.toMatch(/stands in the file/);
  });

  it('are looked for under the name that Spring gives a property', () => {
    const env = { CERN_HRAPI_PASSWORD: 'from outside' };
    expect(load(withPassword('"${cern.hr-api.password}"'), env).hr.credentials?.password.reveal()).toBe(
      'from outside',
    );
  });

  it('have a default, which stands in the file', () => {
    const config = load(withPassword('"${NOT_SET:canary}"'));
    expect(config.hr.credentials?.password.reveal()).toBe('canary');
    expect(config.warnings.join()).toMatch(/stands in the file/);
    const text = kebab.replace('"CMS"', '"${EXPERIMENT:ATLAS}"') + rest;
    expect(load(text).indigoIam?.experiment).toBe('ATLAS');
    expect(load(text, { EXPERIMENT: 'LHCb' }).indigoIam?.experiment).toBe('LHCb');
  });

  it('that nobody sets are told', () => {
    expect(problems(withPassword('"${NOT_SET}"'))).toEqual([
      expect.stringMatching(/:8: cern\.hr-api\.password: the environment variable NOT_SET is not set/),
    ]);
  });
});

describe('warnings', () => {
  it('tell of a password in the file without repeating it, and of IAM’s own task', () => {
    const { warnings } = load(kebab + rest);
    expect(warnings).toEqual([
      expect.stringMatching(/task\.enabled is true.*must be off in the instance/),
      expect.stringMatching(/password of HR stands in the file.*\$\{CERN_HRAPI_PASSWORD\}/),
    ]);
    expect(warnings.join()).not.toContain('canary');
  });

  it('tell that a dash ends all synchronising', () => {
    const config = load(kebab.replace('0 23 */12 * * *', '-') + rest);
    expect(config.sync.cron).toBe('-');
    expect(config.warnings.join('\n')).toMatch(/cron-schedule is "-".*write sync\.cron/);
  });

  it('tell what is taken where nothing is said of participations that are not found, and how to get the other', () => {
    const silent = kebab.replace('  on-participation-not-found: no_action\n', '');
    const { indigoIam, warnings } = load(silent + rest);
    expect(indigoIam?.onParticipationNotFound).toBe('disable_user');
    const warning = /on-participation-not-found is absent and counts as disable_user.*write .*no_action/;
    expect(warnings.filter((one) => warning.test(one))).toHaveLength(1);
    // Without an instance nothing follows from it.
    expect(load(silent + rest.replace(/indigoIam:[^]*/, '')).warnings.join('\n')).not.toMatch(warning);
    for (const said of [kebab, camel]) expect(load(said + rest).warnings.join('\n')).not.toMatch(warning);
  });

  it('tell that there is no instance', () => {
    const config = load(kebab + rest.replace(/indigoIam:[^]*/, ''));
    expect(config.warnings.join('\n')).toMatch(/without indigoIam/);
    expect(config.hr.url).toBe('http://hr.test.example');
  });

  it('there are none where all is well', () => {
    const text = kebab.replace('"canary"', '${PW}').replace('enabled: true', 'enabled: false');
    expect(load(text + rest, { PW: 'x' }).warnings).toEqual([]);
  });
});

describe('what is wrong in the block', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'an unknown key, with the nearest',
      'page-size',
      'page-sise',
      /:12: cern\.task\.page-sise: unknown setting.*did you mean page-size/,
    ],
    [
      'one in camel case',
      'experiment-name',
      'experimntName',
      /:4: cern\.experimntName: .*did you mean experimentName/,
    ],
    [
      'one like nothing',
      'sso-issuer',
      'blocking',
      /:2: cern\.blocking: unknown setting.*known here are sso-issuer/,
    ],
    [
      'a key that stands twice',
      '  sso-issuer',
      '  ssoIssuer: https://x.example.org\n  sso-issuer',
      /:3: cern\.sso-issuer: is sso-issuer a second time/,
    ],
    [
      'a cron that Temporal cannot say',
      '0 23 */12 * * *',
      '0 0 4 L * *',
      /:11: cern\.task\.cron-schedule: .*means the last day/,
    ],
    [
      'a cron of five fields',
      '0 23 */12 * * *',
      '23 */12 * * *',
      /:11: cern\.task\.cron-schedule: .*5 fields, not six/,
    ],
    [
      'an action that is none',
      'on-person-id-not-found: no_action',
      'on-person-id-not-found: delete',
      /:14: cern\.on-person-id-not-found: is neither.*write no_action or disable_user/,
    ],
    [
      'the documentation’s own placeholder',
      '"CMS"',
      '"%%EXPERIMENT%%"',
      /:4: cern\.experiment-name: is still the placeholder/,
    ],
    [
      'a switch that is none',
      'enabled: true',
      'enabled: perhaps',
      /:10: cern\.task\.enabled: is none of true/,
    ],
    [
      'a page size that is none',
      'page-size: 50',
      'page-size: many',
      /:12: cern\.task\.page-size: is no whole number/,
    ],
    [
      'an address that is none',
      '"http://hr.test.example"',
      'hr.test.example',
      /:6: cern\.hr-api\.url: is no http\(s\) address/,
    ],
    [
      'credentials in an address',
      '"http://hr.test',
      '"http://me:canary@hr.test',
      /:6: cern\.hr-api\.url: holds a name or password/,
    ],
    [
      'a label that is none',
      '"cern_person_id"',
      '"person id"',
      /:3: cern\.person-id-claim: is no name of a label/,
    ],
    [
      'a user without password',
      '    password: "canary"\n',
      '',
      /:7: cern\.hr-api\.username: username is given without password.*CERN_HRAPI_PASSWORD/,
    ],
    [
      'a password without user',
      '    username: "username"\n',
      '',
      /:7: cern\.hr-api\.password: password is given without username/,
    ],
    ['a list', '"CMS"', '[CMS]', /:4: cern\.experiment-name: is no single value/],
    [
      'a group that holds nothing',
      kebab.slice(kebab.indexOf('task:'), kebab.indexOf('  #')),
      'task: never\n',
      /:9: cern\.task: holds no settings/,
    ],
    ['a block that is none', kebab, 'cern: CMS\n', /:1: cern: holds no settings/],
  ])('%s', (_what, from, to, expected) => {
    expect(kebab).toContain(from);
    const found = problems(kebab.replace(from, to) + rest);
    expect(found).toEqual([expect.stringMatching(expected)]);
    expect(found[0]).toMatch(/ Remedy: \S/);
    expect(found[0]).not.toContain('canary');
  });

  it('hides no mistake elsewhere', () => {
    const text = kebab.replace('"http://hr.test.example"', 'nowhere');
    expect(problems(`${text}hr: { url: nowhere }\nsync: { cron: "*" }\n${rest}`)).toEqual([
      expect.stringMatching(/cern\.hr-api\.url/),
      expect.stringMatching(/ hr\.url: is no http/),
      expect.stringMatching(/ sync\.cron: /),
    ]);
  });

  it('an instance needs a secret that is set', () => {
    expect(problems(kebab + rest, { IAM_SECRET: '' })).toEqual([
      expect.stringMatching(/indigoIam\.clientSecretEnv: the environment variable IAM_SECRET is not set/),
    ]);
  });
});
