import { describe, expect, it } from 'vitest';
import { examplesOf, slapdOf } from '../../src/demo/demo-ldap.ts';
import { ConfigurationError } from '../../src/errors.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { accountStateOf } from '../support/registry.ts';

function account(login: string, stage: AccountState['stage'], over: Partial<AccountRow> = {}): AccountRow {
  const own = { accountId: login, kind: 'primary', personId: login, experiment: null } as const;
  const plan = { createdAt: 0, nextStep: null, nextStepAt: null, problem: null, uidNumber: 1 };
  return { ...own, login, ...plan, state: accountStateOf({ accountId: login, stage }), ...over };
}

describe('the demo over a directory server', () => {
  it('says how to get one where there is none', () => {
    expect(() => slapdOf({ PATH: '/nowhere' })).toThrow(ConfigurationError);
    expect(() => slapdOf({ PATH: '/nowhere' })).toThrow('apt-get install slapd ldap-utils');
  });

  it('asks it for a primary account in each stage that has an entry', () => {
    const accounts = [
      ...[account('zoe', 'active'), account('ada', 'active'), account('bob', 'blocked')],
      ...[account('carla', 'deleted'), account('aaa', 'active', { kind: 'service' })],
    ];
    expect(examplesOf(accounts).map(({ login }) => login)).toEqual(['ada', 'bob']);
    const grace = [...accounts, account('gerd', 'grace')];
    expect(examplesOf(grace).map(({ login }) => login)).toEqual(['ada', 'gerd', 'bob']);
  });
});
