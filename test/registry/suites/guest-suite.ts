import { beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { BY_EMAIL, type ExternalIdentity } from '../../../src/contracts/guest.ts';
import type { GuestRegistry } from '../../../src/registry/guest-registry.ts';
import { NEW_YEAR, newAccountOf, observationRowOf, personRowOf } from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function guestSuite(use: Use): void {
  const registry = () => use().registry;
  const address = (email: string) => ({ provider: BY_EMAIL, subject: email, email });
  const open = (personId: string, email: string, over: { accountId?: string; at?: number } = {}) =>
    registry().openGuest({
      ...{ guestId: `guest-${personId}-${email}`, personId, accountId: `was-${personId}`, at: NEW_YEAR },
      ...{ identity: address(email), ...over },
    });
  const account = (accountId: string, personId: string, login: string) =>
    registry().createAccount(newAccountOf({ accountId, kind: 'service', personId, login }));
  beforeEach(async () => {
    await use().database.query((db) => sql`delete from guests`.execute(db));
  });

  describe('a guest account', () => {
    it('leads from an identity to the person and the login they had; it is shut and opened again', async () => {
      await account('was-ada', 'ada', 'adalov');
      const opened = await open('ada', 'ada@example.org');
      expect(opened).toMatchObject({ personId: 'ada', formerLogin: 'adalov', isOpen: true, since: NEW_YEAR });
      expect(opened?.uidNumber).toBeGreaterThanOrEqual(100_000);
      expect(await registry().guestOf(address('ada@example.org'))).toEqual(opened);
      const shut = { ...opened, isOpen: false, since: NEW_YEAR + 5 };
      expect(await registry().shutGuests({ personId: 'ada', at: NEW_YEAR + 5 })).toEqual([shut]);
      expect(await registry().shutGuests({ personId: 'ada', at: NEW_YEAR + 6 })).toEqual([shut]);
      await account('was-ada-2', 'ada', 'adalov2');
      const again = await open('ada', 'ada@example.org', { accountId: 'was-ada-2', at: NEW_YEAR + 7 });
      expect(again).toEqual({
        ...shut,
        ...{ accountId: 'was-ada-2', formerLogin: 'adalov2', isOpen: true, since: NEW_YEAR + 7 },
      });
      expect(await open('ada', 'ada@example.org', { accountId: 'was-ada-2', at: NEW_YEAR + 9 })).toEqual(
        again,
      );
      expect(await registry().guests('ada')).toEqual([again]);
      expect(await registry().guests('nobody')).toEqual([]);
    });

    it('is refused for an identity or an address that is another person’s, and nothing is written', async () => {
      await account('was-bea', 'bea', 'bea1');
      await account('was-cleo', 'cleo', 'cleo1');
      for (const [personId, email, externalEmail] of [
        ['zoe', 'Zoe@Cern.example', null],
        ['yan', null, 'Yan@Example.org'],
      ] as const) {
        const number = await registry().nextObservationNumber();
        await registry().storeObservation({
          observation: observationRowOf({ personId, number }),
          person: { ...personRowOf({ personId, number }), email, externalEmail },
        });
      }
      await open('bea', 'shared@example.org');
      for (const taken of ['shared@example.org', 'zoe@cern.example', 'yan@example.org']) {
        expect(await open('cleo', taken), taken).toBeNull();
      }
      const edugain = { provider: 'edugain', subject: 'x1', email: 'SHARED@example.org' };
      const other = { guestId: 'other', personId: 'cleo', accountId: 'was-cleo', at: NEW_YEAR };
      expect(await registry().openGuest({ ...other, identity: edugain })).toBeNull();
      expect(await registry().guests('cleo')).toEqual([]);
      expect((await registry().guestOf(address('shared@example.org')))?.personId).toBe('bea');
    });

    it('of two persons at one moment is one person’s', async () => {
      await account('was-dan', 'dan', 'dan1');
      await account('was-eve', 'eve', 'eve1');
      const rows = await Promise.all([open('dan', 'both@example.org'), open('eve', 'both@example.org')]);
      expect(rows.filter((row) => row !== null)).toHaveLength(1);
    });
  });

  describe('an identity that an admin associates', () => {
    const edugain = (subject: string, email: string | null = null) => ({
      provider: 'edugain',
      subject,
      email,
    });
    const associate = (
      accountId: string,
      over: Partial<Parameters<GuestRegistry['associateGuest']>[0]> & { identity?: ExternalIdentity } = {},
    ) => {
      const { requestId = `r-${accountId}`, identity = edugain(`s-${accountId}`), judge = () => null } = over;
      return registry().associateGuest<string>({
        ...{
          guestId: `g-${requestId}`,
          requestId,
          accountId,
          identity,
          actor: 'admin-7',
          reason: 'ticket 1',
        },
        ...{ at: NEW_YEAR },
        judge: (facts) => (judge(facts) === null ? (facts.isOfAnother ? 'bound' : null) : 'no'),
      });
    };
    const release = (guestId: string, requestId: string) =>
      registry().releaseGuest({ guestId, requestId, actor: 'admin-7', reason: 'ticket 2', at: NEW_YEAR + 1 });
    const trail = (personId: string) => registry().auditTrail({ personId });

    it('is open, and stands in the audit log without itself; the same request is known', async () => {
      await account('was-kim', 'kim', 'kim1');
      const identity = edugain('kim@idp', 'kim@example.org');
      const first = await associate('was-kim', { identity });
      expect(first).toMatchObject({
        outcome: 'associated',
        guest: { personId: 'kim', formerLogin: 'kim1', isOpen: true, requestId: 'r-was-kim', ...identity },
      });
      expect(await associate('was-kim', { identity })).toMatchObject({ outcome: 'known' });
      expect(await associate('was-kim', { identity: edugain('other') })).toEqual({ outcome: 'reused' });
      const [entry] = (await trail('kim')).filter(({ what }) => what === 'guest associated');
      expect(entry).toMatchObject({
        actor: 'admin-7',
        reason: 'ticket 1',
        commandId: 'r-was-kim',
        accountId: 'was-kim',
      });
      expect(JSON.stringify(await trail('kim'))).not.toMatch(/idp|example\.org|edugain/);
    });

    it('leads to the living account, also if one that is over is younger: a merge brought it', async () => {
      const primary = (accountId: string, at: number, stage: 'grace' | 'deleted') =>
        registry().createAccount(newAccountOf({ accountId, personId: 'jil', at, state: { stage } }));
      await primary('jil-over', NEW_YEAR + 9, 'deleted');
      await primary('jil-lives', NEW_YEAR, 'grace');
      const seen: unknown[] = [];
      const judge = ({ newest }: { readonly newest: unknown }) => {
        seen.push(newest);
        return 'no';
      };
      await associate('jil-lives', { judge });
      expect(seen).toEqual([{ accountId: 'jil-lives' }]);
    });

    it('that is refused leaves nothing, nor does one for no account', async () => {
      await account('was-lea', 'lea', 'lea1');
      expect(await associate('was-lea', { judge: () => 'no' })).toEqual({
        outcome: 'refused',
        refused: 'no',
      });
      expect(await registry().guests('lea')).toEqual([]);
      expect((await trail('lea')).filter(({ what }) => what.startsWith('guest'))).toEqual([]);
      await expect(associate('nobody')).rejects.toMatchObject({ code: 'NO_ACCOUNT' });
    });

    it('of two persons at one moment is one person’s, also by one address at two providers', async () => {
      await account('was-max', 'max', 'max1');
      await account('was-ned', 'ned', 'ned1');
      const both = await Promise.all([
        associate('was-max', { identity: { provider: 'one', subject: 'm', email: 'same@example.org' } }),
        associate('was-ned', { identity: { provider: 'two', subject: 'n', email: 'same@example.org' } }),
      ]);
      expect(both.map(({ outcome }) => outcome).sort()).toEqual(['associated', 'refused']);
    });

    it('is opened again at the next leaving, with the account of that moment; what HR named once is not', async () => {
      await account('was-oda', 'oda', 'oda1');
      await account('was-oda-2', 'oda', 'oda2');
      await open('oda', 'oda@example.org');
      await associate('was-oda');
      await registry().shutGuests({ personId: 'oda', at: NEW_YEAR + 2 });
      const again = await registry().reopenAssociated({
        personId: 'oda',
        accountId: 'was-oda-2',
        at: NEW_YEAR + 3,
      });
      expect(again).toMatchObject([
        { provider: 'edugain', isOpen: true, formerLogin: 'oda2', since: NEW_YEAR + 3 },
      ]);
      expect((await registry().guestOf(address('oda@example.org')))?.isOpen).toBe(false);
    });

    it('that is released leads nowhere, may be another person’s then, and is forgotten when asked', async () => {
      await account('was-pia', 'pia', 'pia1');
      await account('was-quy', 'quy', 'quy1');
      const identity = edugain('shared');
      const made = await associate('was-pia', { identity });
      if (!('guest' in made)) throw new Error('it was associated');
      const { guestId } = made.guest;
      expect(await associate('was-quy', { identity })).toMatchObject({ outcome: 'refused' });
      expect(await release(guestId, 'r-2')).toMatchObject({ outcome: 'released', guest: { isOpen: false } });
      expect(await release(guestId, 'r-2')).toMatchObject({ outcome: 'known' });
      expect(await registry().guestOf(identity)).toBeNull();
      expect(await associate('was-pia', { identity })).toEqual({ outcome: 'released' });
      expect(await associate('was-quy', { identity })).toMatchObject({ outcome: 'associated' });
      expect((await registry().guestOf(identity))?.personId).toBe('quy');
      expect(await registry().guests('pia')).toMatchObject([{ releasedAt: NEW_YEAR + 1 }]);
      await registry().forgetReleased({
        guestIds: [guestId, (await registry().guests('quy'))[0]?.guestId ?? ''],
      });
      expect(await registry().guests('pia')).toEqual([]);
      expect(await registry().guests('quy')).toHaveLength(1);
      expect(await release(guestId, 'r-2')).toEqual({ outcome: 'known', guest: null });
      expect(await release(guestId, 'r-3')).toBeNull();
      const said = (await trail('pia')).filter(({ what }) => what.startsWith('guest'));
      expect(said.map(({ what, commandId }) => [what, commandId])).toEqual([
        ['guest associated', 'r-was-pia'],
        ['guest released', 'r-2'],
      ]);
    });
  });
}
