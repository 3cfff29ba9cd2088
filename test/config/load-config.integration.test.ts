import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, type Config, type Environment } from '../../src/config.ts';
import { configSchema } from '../../src/config/schema.ts';
import { settingPaths, valueAt } from '../../src/config/walk.ts';
import { problemsOf } from '../support/problems-of.ts';

const example = readFileSync(new URL('../../lifecycle.example.yaml', import.meta.url), 'utf8');
/** With the settings that are not set by default. */
const exampleInFull = example.replaceAll(/^( *)#((?: {2})*)(?=[a-zA-Z-]+:)/gm, '$1$2');

const minimal = `fallbackOwner: '900001'
admins: [lifecycle-admins@example.org]
serviceDesk: service-desk@example.org
hr:
  url: https://hr.example.org
mail:
  host: smtp.example.org
  from: accounts@example.org
logins:
  mailDomain: example.org
`;

function load(text: string, env: Environment = {}): Config {
  return loadConfig({ text, fileName: 'lifecycle.yaml', env });
}

const problems = (text: string, env: Environment = {}) => problemsOf(() => load(text, env));

describe('lifecycle.example.yaml', () => {
  it('loads as it stands, and says the defaults', () => {
    expect(load(example)).toEqual(load(minimal));
  });

  it.each(settingPaths(configSchema).map((path) => [path.join('.'), path] as const))(
    'shows %s',
    (_name, path) => {
      expect(valueAt(parse(exampleInFull), path)).toBeDefined();
    },
  );

  it('shows no setting that does not exist', () => {
    const env = {
      LIFECYCLE_DATABASE_URL: 'postgres://u:p@h/d',
      LIFECYCLE_HR_PASSWORD: 'a',
      LIFECYCLE_MAIL_PASSWORD: 'b',
      LIFECYCLE_IAM_SECRET: 'c',
      CERN_HRAPI_PASSWORD: 'd',
      LIFECYCLE_LINKS_KEY: 'k'.repeat(32),
      LIFECYCLE_LDAP_PASSWORD: 'x',
      LIFECYCLE_RESOURCES_SECRET: 'y',
    };
    expect(problems(exampleInFull, env)).toEqual([expect.stringContaining('both folder and urlEnv')]);
    expect(problems(exampleInFull.replace(/^ +folder:.*\n/m, ''), env)).toEqual([]);
  });
});

describe('loadConfig', () => {
  it('fills in what depends on other settings', () => {
    const config = load(`timeZone: America/New_York\n${minimal}`);
    expect(config.hr.timeZone).toBe('America/New_York');
    expect(config.sync.timeZone).toBe('America/New_York');
    expect(config.mail.domain).toBe('example.org');
    expect(config.policy).toEqual({ shipped: 'cern' });
    expect(config.registry).toEqual({ type: 'embedded', folder: './data/registry' });
    expect(config.hr.credentials).toBeNull();
    expect(config.sync.sightings).toEqual({ noPerson: { count: 3, hours: 72 }, noParticipation: 1 });
  });

  it('takes a policy file', () => {
    expect(load(`policy: policies/site.yaml\n${minimal}`).policy).toEqual({ file: 'policies/site.yaml' });
  });

  it('reads secrets from the variables that the file names', () => {
    const text = `${minimal.replace('hr:', 'hr:\n  user: me\n  passwordEnv: HR_PW')}registry: { urlEnv: DB_URL }\n`;
    const config = load(text, { HR_PW: 'hr-canary', DB_URL: 'postgres://u:db-canary@h/d' });
    expect(config.hr.credentials?.password.reveal()).toBe('hr-canary');
    expect(config.registry.type === 'postgres' && config.registry.url.reveal()).toBe(
      'postgres://u:db-canary@h/d',
    );
    expect(JSON.stringify(config)).not.toContain('canary');
  });

  it('takes the secret of the resources for a password with a user, and for a token without', () => {
    const withUser = `${minimal}resources: { url: https://r.example.org, user: me, secretEnv: R_SECRET }\n`;
    const env = { R_SECRET: 'canary' };
    expect(load(minimal).resources).toBeNull();
    expect(load(withUser, env).resources).toMatchObject({
      ...{ patienceHours: 4, timeoutSeconds: 10, credentials: { user: 'me' } },
    });
    const withToken = load(withUser.replace('user: me, ', ''), env);
    expect(withToken.resources?.credentials?.user).toBeNull();
    expect(withToken.resources?.credentials?.secret.reveal()).toBe('canary');
    expect(JSON.stringify(withToken)).not.toContain('canary');
    expect(load(`${minimal}resources: { url: https://r.example.org }\n`).resources?.credentials).toBeNull();
    expect(problems(withUser)).toEqual([expect.stringContaining('R_SECRET is not set')]);
  });

  it.each<[string, string, string, RegExp]>([
    [
      'an unknown setting, with the nearest',
      '  url:',
      '  concurency: 4\n  url:',
      /:5: hr\.concurency: unknown setting.*did you mean concurrency/,
    ],
    ['an unknown section', 'hr:', 'directory: {}\nhr:', /:4: directory: unknown setting.*known here are/],
    [
      'a wrong type',
      '  host: smtp.example.org',
      '  host: smtp.example.org\n  port: "25"',
      /:8: mail\.port: is a string.*whole number/,
    ],
    [
      'a number where quotes are needed',
      "'900001'",
      '900001',
      /:1: fallbackOwner: is a number.*put it in quotes/,
    ],
    ['a number out of range', 'hr:', 'hr:\n  concurrency: 0', /:5: hr\.concurrency: is less than 1/],
    ['a fraction', 'hr:', 'hr:\n  timeoutSeconds: 1.5', /:5: hr\.timeoutSeconds: is no whole number/],
    [
      'a missing setting, at its section',
      '  url: https://hr.example.org\n',
      '  list: false\n',
      /:4: hr\.url: is missing/,
    ],
    ['a missing section', 'logins:\n  mailDomain: example.org\n', '', /logins: is missing/],
    ['an empty section', '  mailDomain: example.org\n', '', /logins: is missing/],
    [
      'a word that is none of a few',
      'mail:',
      'mail:\n  tls: starttl',
      /:7: mail\.tls: is none of none, starttls, implicit.*did you mean starttls/,
    ],
    [
      'a wrong mail address',
      'serviceDesk: service-desk@example.org',
      'serviceDesk: nobody',
      /:3: serviceDesk: is no mail address/,
    ],
    [
      'a header in a mail address',
      'from: accounts@example.org',
      'from: "a@example.org\\nBcc: b@example.org"',
      /mail\.from: is no mail address/,
    ],
    [
      'an admin who is no mail address',
      '[lifecycle-admins@example.org]',
      '[a@example.org, nobody]',
      /:2: admins\[1\]: is no mail address/,
    ],
    ['no admins', '[lifecycle-admins@example.org]', '[]', /:2: admins: names nobody/],
    ['an unknown zone', 'hr:', 'timeZone: Europe/Geneva\nhr:', /:4: timeZone: is no IANA time zone/],
    ['an unknown policy', 'hr:', 'policy: cernn\nhr:', /:4: policy: is neither a shipped set nor a file/],
    [
      'a cron in five fields',
      'hr:',
      'sync:\n  cron: "0 * * * *"\nhr:',
      /:5: sync\.cron: .*5 fields, not six/,
    ],
    [
      'a login pattern without a name',
      'logins:',
      'logins:\n  pattern: user',
      /:10: logins\.pattern: is no pattern/,
    ],
    [
      'an address that is none',
      'https://hr.example.org',
      'hr.example.org',
      /:5: hr\.url: is no http\(s\) address/,
    ],
    [
      'a variable that is not set',
      'hr:',
      'hr:\n  user: me\n  passwordEnv: NOT_SET',
      /:6: hr\.passwordEnv: the environment variable NOT_SET is not set/,
    ],
    [
      'an address of links without a key',
      'hr:',
      'links:\n  publicUrl: https://a.example.org\nhr:',
      /:5: links\.publicUrl: publicUrl is given without keyEnv/,
    ],
    [
      'a user of the resources without password',
      'hr:',
      'resources:\n  url: https://r.example.org\n  user: me\nhr:',
      /:6: resources\.user: user is given without secretEnv/,
    ],
    [
      'a call for resources that outlives its activity',
      'hr:',
      'resources:\n  url: https://r.example.org\n  timeoutSeconds: 60\nhr:',
      /:6: resources\.timeoutSeconds: is not shorter than tuning/,
    ],
    [
      'a secret of the resources in the file',
      'hr:',
      'resources:\n  url: https://me:canary@r.example.org\nhr:',
      /:5: resources\.url: holds a name or password/,
    ],
    ['a user without password', 'hr:', 'hr:\n  user: me', /:5: hr\.user: user is given without passwordEnv/],
    [
      'a call that outlives its activity',
      'hr:',
      'hr:\n  timeoutSeconds: 60',
      /:5: hr\.timeoutSeconds: is not shorter than tuning/,
    ],
    [
      'a call to IAM that outlives its activity',
      'logins:',
      'indigoIam:\n  timeoutSeconds: 60\n  url: https://iam.example.org\n  clientId: me\n  clientSecretEnv: SET\nlogins:',
      /:10: indigoIam\.timeoutSeconds: is not shorter than tuning/,
    ],
    [
      'an instance whose experiment nobody names',
      'logins:',
      'indigoIam:\n  url: https://iam.example.org\n  clientId: me\n  clientSecretEnv: SET\nlogins:',
      /:9: indigoIam: the experiment is not named.*experiment-name below cern/,
    ],
    [
      'a dialect that is none',
      'logins:',
      'indigoIam:\n  dialect: legacyy\nlogins:',
      /:10: indigoIam\.dialect: .*did you mean legacy/,
    ],
    [
      'a heartbeat that is none',
      'hr:',
      'tuning:\n  heartbeatSeconds: 60\nhr:',
      /:5: tuning\.heartbeatSeconds: is not shorter/,
    ],
    [
      'a window of losses that outlives the plans that remember them',
      'hr:',
      'sync:\n  keepPlansDays: 2\n  safeguard:\n    hours: 48\nhr:',
      /:7: sync\.safeguard\.hours: is not shorter than keepPlansDays/,
    ],
    ['broken YAML', 'hr:', 'hr: [', /this is not YAML/],
    ['a setting given twice', 'hr:', 'admins: []\nhr:', /:4: the same key stands twice/],
  ])('tells of %s', (_what, from, to, expected) => {
    expect(minimal).toContain(from);
    const found = problems(minimal.replace(from, to));
    expect(found.join('\n')).toMatch(expected);
    for (const problem of found) expect(problem).toMatch(/ Remedy: \S/);
  });

  it('tells all mistakes at once, in the order of their lines', () => {
    const found = problems(
      minimal
        .replace("'900001'", '900001')
        .replace('admins:', 'admin:')
        .replace('  url: https://hr.example.org', '  url: nowhere\n  passwordEnv: NOT_SET\n  user: me')
        .replace('from: accounts@example.org', 'from: accounts@example.org\n  port: 99999'),
    );
    expect(found.map((line) => /: ([a-zA-Z.]+):/.exec(line)?.[1])).toEqual([
      'fallbackOwner',
      'admins',
      'admin',
      'hr.url',
      'hr.passwordEnv',
      'mail.port',
    ]);
  });

  it.each(['', '[]', 'words', '# nothing\n'])('refuses a file without settings: %j', (text) => {
    expect(problems(text)).toEqual([expect.stringContaining('it holds no settings')]);
  });

  describe('a secret in the file is refused and not repeated', () => {
    it.each<[string, string, string, RegExp]>([
      [
        'a password',
        'hr:',
        'hr:\n  user: me\n  password: canary',
        /hr\.password: a secret must not stand in the file.*passwordEnv: HR_PASSWORD/,
      ],
      [
        'the database’s address',
        'hr:',
        'registry:\n  url: postgres://u:canary@h/d\nhr:',
        /registry\.url: a secret must not stand.*urlEnv: REGISTRY_URL/,
      ],
      ['a password in an address', 'https://hr', 'https://me:canary@hr', /hr\.url: holds a name or password/],
      [
        'a password where its variable’s name belongs',
        'mail:',
        'mail:\n  user: me\n  passwordEnv: canary-42',
        /mail\.passwordEnv: is no name of an environment variable/,
      ],
      [
        'an API key of Temporal',
        'hr:',
        'temporal:\n  apiKey: canary\nhr:',
        /temporal\.apiKey: a secret must not stand in the file/,
      ],
      ['a key pasted at the wrong place', 'hr:', 'hr: canary\nhr2:', /hr: is a string/],
      ['one on a line that is no YAML', 'hr:', 'hr:\n  password: "canary', /this is not YAML/],
    ])('%s', (_what, from, to, expected) => {
      const found = problems(minimal.replace(from, to)).join('\n');
      expect(found).toMatch(expected);
      expect(found).not.toContain('canary');
    });

    it('nor is a key of links that can be guessed', () => {
      const text = minimal.replace(
        'hr:',
        'links:\n  publicUrl: https://a.example.org\n  keyEnv: LINKS_KEY\nhr:',
      );
      expect(load(text, { LINKS_KEY: 'k'.repeat(32) }).links?.key.reveal()).toBe('k'.repeat(32));
      const [problem] = problems(text, { LINKS_KEY: 'secret of 31 bytes, not enough.' });
      expect(problem).toContain('less than 32 bytes');
      expect(problem).not.toContain('secret of');
    });

    it('nor when the variable holds no address of a database', () => {
      const found = problems(`${minimal}registry: { urlEnv: DB_URL }\n`, {
        DB_URL: 'mysql://u:canary@h/d',
      }).join();
      expect(found).toMatch(/registry\.urlEnv: the environment variable DB_URL holds no address/);
      expect(found).not.toContain('canary');
    });
  });
});
