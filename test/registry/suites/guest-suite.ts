import { beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { BY_EMAIL } from '../../../src/contracts/guest.ts';
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
}
