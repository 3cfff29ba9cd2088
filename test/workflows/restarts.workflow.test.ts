import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../../src/connectors/directory.ts';
import { listAnswer } from '../../src/api/identity/schemas.ts';
import { startApiWorld } from '../support/api.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, eventually } from '../support/lives.ts';
import { at, LAST_DAY } from '../support/policy-builders.ts';
import {
  dnOf,
  EMPTY_GROUP_MEMBER,
  GROUPS_BASE,
  noSlapd,
  slapdReason,
  startTestSlapd,
  type TestSlapd,
} from '../support/slapd.ts';
import { describeOnTemporal } from '../support/temporal.ts';

/** Long enough before the notice of 60 days is due: the clock runs while the deployment starts. */
const START = at('2026-10-01 06:00');
const LONG_AGO = at('2026-01-01');
const DAYS_PER_SECOND = 12;
const PASSWORD = 'Correct-Horse-7';
const GROUP = `cn=it-dep,${GROUPS_BASE}`;

/** Calls of a directory that came to their end. */
function counting(directory: Directory): { readonly directory: Directory; readonly done: string[] } {
  const done: string[] = [];
  return {
    done,
    directory: {
      ...directory,
      setAccess: async (input) => {
        await directory.setAccess(input);
        done.push(`access ${input.access} ${input.login}`);
      },
      delete: async (input) => {
        await directory.delete(input);
        done.push(`delete ${input.login}`);
      },
    },
  };
}

describeOnTemporal('what is restarted in mid-life', (server) => {
  describe.skipIf(noSlapd)(`with a real directory${slapdReason}`, () => {
    let slapd: TestSlapd;
    let deployment: TestDeployment;
    let done: readonly string[] = [];

    beforeAll(async () => {
      slapd = await startTestSlapd();
      const counted = counting(slapd.directory({ timeoutMs: 2_000, connectTimeoutMs: 1_000 }));
      done = counted.done;
      deployment = await startTestDeployment(server, {
        clock: clockFrom(START, DAYS_PER_SECOND),
        over: () => ({ directories: [counted.directory] }),
      });
    });
    afterAll(async () => {
      await deployment.stop();
      await slapd.close();
    });

    /** Somebody who leaves on {@link LAST_DAY}, with an entry in the directory, a password and a group. */
    async function leaver(id: number) {
      const { signal } = new AbortController();
      await deployment.seedPerson(personOfHr(id, { to: LAST_DAY }), LONG_AGO);
      const account = await deployment.seedAccount({
        personId: String(id),
        at: LONG_AGO,
        login: `u${String(id)}`,
      });
      const entry = await deployment.entry(account.login);
      if (entry === null) throw new Error('the entry is not there');
      const directory = slapd.directory();
      const call = { login: account.login, signal };
      const { person, activeStatus } = entry;
      await directory.create({
        ...call,
        kind: 'primary',
        person,
        activeStatus,
        uidNumber: account.uidNumber,
      });
      await directory.setAccess({ ...call, access: 'on' });
      await directory.setPassword({ ...call, password: PASSWORD });
      await slapd.modify(
        `dn: ${GROUP}\nchangetype: add\nobjectClass: groupOfNames\nmember: ${EMPTY_GROUP_MEMBER}\nmember: ${dnOf(account.login)}\n`,
      );
      return account;
    }

    /** Waits until this date has come, and an activity of the account has failed and was tried again. */
    const untilRetried = (accountId: string, date: string) =>
      eventually(
        `it is tried again on ${date}`,
        async () => {
          const { raw } = await deployment.client.workflow.getHandle(`account/${accountId}`).describe();
          const isRetried = raw.pendingActivities?.some(({ attempt }) => Number(attempt) > 1);
          return isRetried && deployment.now() > at(`${date} 12:00`);
        },
        60_000,
      );
    const stateOf = async (accountId: string) => (await deployment.registry.account(accountId))?.state;
    const untilStage = (accountId: string, stage: string) =>
      eventually(`it is ${stage}`, async () => (await stateOf(accountId))?.stage === stage, 60_000);

    it('directory and mail: every effect and every mail comes all the same, once', async () => {
      const { accountId, login } = await leaver(71);
      await deployment.sink.fault('refuse');
      await deployment.startAccount(accountId);
      await untilRetried(accountId, '2027-01-30');
      await deployment.sink.fault('none');

      // Leaving changes the status, block takes access and groups, delete the entry: at each the server is away.
      await eventually(
        'the last notice',
        async () => (await stateOf(accountId))?.told['-7'] !== undefined,
        60_000,
      );
      await slapd.stop();
      await untilRetried(accountId, '2027-04-01');
      await slapd.start();
      await untilStage(accountId, 'grace');
      expect(await slapd.canBind(dnOf(login), PASSWORD)).toBe(true);

      await slapd.stop();
      await untilRetried(accountId, '2027-06-01');
      await slapd.start();
      await untilStage(accountId, 'blocked');
      expect(await slapd.canBind(dnOf(login), PASSWORD)).toBe(false);
      expect(JSON.stringify((await slapd.look(GROUP))?.['member'])).not.toContain(login);

      await slapd.stop();
      await untilRetried(accountId, '2027-11-30');
      await slapd.start();
      await untilStage(accountId, 'deleted');
      expect(await slapd.look(dnOf(login))).toBeNull();

      expect(done.filter((one) => one.endsWith(` ${login}`))).toEqual([
        `access off ${login}`,
        `delete ${login}`,
      ]);
      const effects = await deployment.registry.effects(accountId);
      expect(effects.filter(({ state }) => state !== 'done')).toEqual([]);
      const names = effects.map(({ action, target, lastDay }) => `${action} ${target} ${String(lastDay)}`);
      expect(new Set(names).size).toBe(names.length);
      for (const action of ['leaving', 'block', 'delete']) {
        expect(effects.map((one) => one.action)).toContain(action);
      }
      const ids = deployment.sink.mails.map(({ messageId }) => messageId);
      expect(new Set(ids).size).toBe(ids.length);
      const notices = deployment.sink.mails.filter(({ to }) => to.includes('person-71@example.org'));
      expect(notices.length).toBeGreaterThanOrEqual(1);
      expect(notices.length).toBeLessThanOrEqual(3);
    }, 120_000);

    it('the API: answers and tokens of pages are those of before', async () => {
      for (const id of [81, 82, 83, 84, 85]) {
        await deployment.seedPerson(personOfHr(id), LONG_AGO);
        await deployment.seedAccount({ personId: String(id), at: LONG_AGO, login: `u${String(id)}` });
      }
      const start = () => startApiWorld({ now: deployment.now(), through: () => deployment.registry });
      const page = async (api: Awaited<ReturnType<typeof start>>, query: string) => {
        const { status, body } = await api.get(`/api/v1.0/Identity?field=upn&limit=2${query}`);
        expect(status).toBe(200);
        const { pagination, data } = listAnswer.parse(body);
        return { token: pagination.token, upns: (data as { upn: string }[]).map(({ upn }) => upn) };
      };
      const seen: string[] = [];
      let query = '';
      for (;;) {
        const api = await start();
        const { token, upns } = await page(api, query);
        await api.stop();
        seen.push(...upns);
        if (token === null) break;
        query = `&token=${token}`;
      }
      expect(seen).toEqual(expect.arrayContaining(['u81', 'u82', 'u83', 'u84', 'u85']));
      expect(new Set(seen).size).toBe(seen.length);
    });
  });
});
