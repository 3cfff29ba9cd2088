import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIndigoIam } from '../../src/connectors/indigo-iam/create-indigo-iam.ts';
import { DEMO_IAM_CLIENT, demoConfig } from '../../src/demo/demo-config.ts';
import { type DemoInstance, startDemoInstance } from '../../src/demo/demo-instance.ts';
import type { Character } from '../../src/demo/story/character.ts';
import { LOCAL_USERS, members } from '../../src/demo/story/experiment.ts';
import { loadConfig } from '../../src/config.ts';

function named(nick: string): Character {
  const found = members.find((character) => character.nick === nick);
  if (!found) throw new Error(`there is no ${nick}`);
  return found;
}

describe('the INDIGO IAM instance of the demo', () => {
  let instance: DemoInstance;
  beforeAll(async () => {
    instance = await startDemoInstance({ characters: members, localUsers: LOCAL_USERS, now: () => 5 });
  });
  afterAll(() => instance.stop());
  const of = (name: string) => instance.records().find(({ userName }) => userName === name);

  it('has everybody’s account as it was imported, with what differs from HR, and users of its own', () => {
    expect(instance.records()).toHaveLength(members.length + LOCAL_USERS.length);
    expect(of('olaf_cms')).toMatchObject({
      nick: 'olaf',
      writes: [],
      account: {
        ...{ givenName: 'Olaf', familyName: 'Lind', email: 'olaf.lind@cern.example', active: true },
        labels: [{ prefix: 'hr.cern', name: 'cern_person_id', value: '700162' }],
      },
    });
    expect(of('tilda_cms')?.account).toMatchObject({ givenName: 'Tilda', familyName: 'Holm' });
    expect(of('sam_local')).toMatchObject({ nick: null, account: { labels: [] } });
  });

  it('is acted on by its own admins', () => {
    instance.act(named('rolf'), 'ignore');
    instance.act(named('adam'), 'suspend');
    instance.act(named('dora'), 'delete');
    expect(of('rolf_cms')?.account?.labels).toContainEqual({ prefix: 'hr.cern', name: 'ignore' });
    expect(of('adam_cms')?.account?.active).toBe(false);
    expect(of('dora_cms')).toMatchObject({ account: null, writes: [{ by: 'admin', what: 'deleted' }] });
    expect(() => {
      instance.act({ ...named('rolf'), nick: 'nobody' }, 'ignore');
    }).toThrow('nobody has no account in the instance');
  });

  it('is reached with what the configuration of the demo says', async () => {
    const text = demoConfig({
      ...{
        temporalAddress: 'localhost:1',
        hrUrl: 'http://localhost:2',
        smtp: { host: 'localhost', port: 3 },
      },
      ...{ fallbackOwner: '1', cron: '* * * * * *', fast: true, logLevel: 'warn' },
      instance: { url: instance.url, experiment: 'CMS' },
    });
    const env = { DEMO_HR_PASSWORD: 'x', DEMO_IAM_SECRET: DEMO_IAM_CLIENT.secret };
    const { indigoIam } = loadConfig({ text, fileName: 'demo', env });
    if (indigoIam === null) throw new Error('there is no instance in it');
    expect(indigoIam).toMatchObject({ experiment: 'CMS', expiredAccounts: 'manage' });
    const iam = createIndigoIam({
      url: indigoIam.url,
      client: { id: indigoIam.clientId, secret: indigoIam.clientSecret.reveal() },
      now: () => Date.now(),
      ...{ timeoutMs: 5_000, concurrency: 4, ratePerSecond: 1_000 },
    });
    try {
      const seen: string[] = [];
      for await (const page of iam.listUsers({ signal: new AbortController().signal })) {
        if (page.outcome === 'page') seen.push(...page.users.map(({ userName }) => userName));
      }
      expect(seen).toContain('olaf_cms');
    } finally {
      await iam.close();
    }
  });
});
