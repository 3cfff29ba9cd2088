import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import type { LdapDirectory } from '../../src/connectors/ldap/create-ldap-directory.ts';
import { SLAPD_ADMIN } from '../../src/dev/slapd.ts';
import { attemptStep, personOfHr, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { beginStep } from '../support/lives.ts';
import { at, LAST_DAY, policyFor } from '../support/policy-builders.ts';
import { dnOf, GROUPS_BASE, noSlapd, slapdReason, startTestSlapd, type TestSlapd } from '../support/slapd.ts';

const { signal } = new AbortController();
const LONG_AGO = at('2026-01-01');
const DAY_60 = at('2027-05-31 00:10');
const DAY_180 = at('2027-09-28 00:10');
const TOLD = Object.fromEntries([-60, -27, -7].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]));
const NAMED = { lastDay: LAST_DAY, dueAt: at('2027-01-30 08:00') };
const PASSWORD = 'correct horse battery staple';
const PRIMARY = policyFor('primary');

describe.skipIf(noSlapd)(`steps over a directory server${slapdReason}`, () => {
  let slapd: TestSlapd;
  let around: Surroundings;
  let directory: LdapDirectory;
  let deps: ActivityDependencies;
  let nextId = 900_100;
  beforeAll(async () => {
    slapd = await startTestSlapd();
    directory = slapd.directory();
    around = await startSurroundings();
    deps = { ...around.deps, directories: [directory] };
  });
  afterAll(async () => {
    await around.stop();
    await slapd.close();
  });

  /** A leaver of {@link LAST_DAY} who can sign in, and is in a group. */
  async function leaver() {
    nextId += 1;
    const personId = String(nextId);
    const person = await around.seedPerson(personOfHr(nextId, { to: LAST_DAY }), LONG_AGO);
    const state = { activeStatus: 'Inactive', told: TOLD, named: NAMED } as const;
    const account = await around.seedAccount({ personId, at: LONG_AGO, stage: 'grace', state });
    const { login, uidNumber } = account;
    const { givenName, familyName, email: mail, department, group, section, institute, language } = person;
    const names = { personId, displayName: `${givenName} ${familyName}`, givenName, familyName };
    await directory.create({
      ...{ login, kind: 'primary', activeStatus: 'Inactive', uidNumber, signal },
      person: { ...names, mail, department, group, section, institute, language },
    });
    await directory.setPassword({ login, password: PASSWORD, signal });
    await directory.setAccess({ login, access: 'on', signal });
    const groupDn = `cn=of-${login},${GROUPS_BASE}`;
    await slapd.as(SLAPD_ADMIN, (client) =>
      client.add(groupDn, { objectClass: 'groupOfNames', cn: `of-${login}`, member: dnOf(login) }),
    );
    return { account, login, canBind: () => slapd.canBind(dnOf(login), PASSWORD) };
  }

  it('block and delete an account for real', async () => {
    const { account, login, canBind } = await leaver();
    expect(await canBind()).toBe(true);
    const block = beginStep(account.state, PRIMARY, DAY_60, 'block');
    expect(await attemptStep(deps, block)).toMatchObject({
      result: 'done',
      note: 'directory: 1 memberships deleted',
    });
    expect(await canBind()).toBe(false);
    const blocked = await around.registry.account(account.accountId);
    if (!blocked) throw new Error('it is there');
    const erase = beginStep(blocked.state, PRIMARY, DAY_180, 'delete');
    expect(await attemptStep(deps, erase)).toMatchObject({ result: 'done' });
    expect(await slapd.look(dnOf(login))).toBeNull();
  });

  it('wait for a server that is away, and are done once when it is back', async () => {
    const { account, canBind } = await leaver();
    const block = beginStep(account.state, PRIMARY, DAY_60, 'block');
    await slapd.stop();
    const away = { type: 'TARGET_UNREACHABLE', nonRetryable: false };
    await expect(attemptStep(deps, block)).rejects.toMatchObject(away);
    await expect(attemptStep(deps, block, { attempt: 2 })).rejects.toMatchObject(away);
    await slapd.start();
    expect(await canBind()).toBe(true);
    expect(await attemptStep(deps, block, { attempt: 3 })).toMatchObject({ result: 'done' });
    expect(await canBind()).toBe(false);
    const effects = await around.registry.effects(account.accountId);
    expect(effects).toMatchObject([{ action: 'block', state: 'done', attempt: 3 }]);
  });
});
