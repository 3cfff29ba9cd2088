import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { NEW_YEAR, newAccountOf } from '../../support/registry.ts';
import { noteOf, projectionOf } from './projection-builder.ts';
import type { Use } from './backend.ts';

export function transactionSuite(use: Use): void {
  describe('transactions', () => {
    const insert = (key: string) =>
      sql`insert into service_desk_cases values (${key}, 0, 'test', ${NEW_YEAR}::bigint)`;
    const stored = async (): Promise<readonly string[]> => {
      const { rows } = await use().database.query((db) =>
        sql<{ person_id: string }>`select person_id from service_desk_cases
          where person_id like 'tx-%' order by 1`.execute(db),
      );
      return rows.map((row) => row.person_id);
    };

    it('keep apart when they interleave: what one rolls back, no other one commits', async () => {
      let letFirstFail: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        letFirstFail = resolve;
      });
      let begun: () => void = () => undefined;
      const firstHasWritten = new Promise<void>((resolve) => {
        begun = resolve;
      });
      const first = use().database.transaction(async (trx) => {
        await insert('tx-rolled-back').execute(trx);
        begun();
        await held;
        throw new RangeError('changed its mind');
      });
      await firstHasWritten;
      const second = use().database.transaction((trx) => insert('tx-committed').execute(trx));
      const third = use().database.query((db) => insert('tx-alone').execute(db));
      letFirstFail();
      await expect(first).rejects.toThrow('changed its mind');
      await Promise.all([second, third]);
      expect(await stored()).toEqual(['tx-alone', 'tx-committed']);
    });

    it('leave nothing behind when a statement in their middle is refused', async () => {
      const { registry } = use();
      await registry.createAccount(newAccountOf({ accountId: 'tx-whole' }));
      const notes = [
        noteOf({ sequence: 1, what: 'kept out' }),
        // A moment that no column takes: the statement after the first note's is refused.
        noteOf({ sequence: 2, at: Number.NaN }),
      ];
      const projection = projectionOf('tx-whole', { sequence: 8, noteSequence: 2 });
      await expect(registry.project({ ...projection, notes })).rejects.toMatchObject({
        code: 'REGISTRY_VALUE_REFUSED',
        retryable: false,
      });
      expect((await registry.account('tx-whole'))?.state.sequence).toBe(0);
      const trail = await registry.auditTrail({ accountId: 'tx-whole' });
      expect(trail.map((entry) => entry.what)).not.toContain('kept out');
      await registry.project({ ...projection, notes: notes.slice(0, 1) });
      expect((await registry.account('tx-whole'))?.state.sequence).toBe(8);
    });

    it('go on under many callers at once', async () => {
      const { registry } = use();
      await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          registry.createAccount(newAccountOf({ accountId: `tx-many-${index}` })),
        ),
      );
      for (const index of [0, 30, 59]) expect(await registry.account(`tx-many-${index}`)).not.toBeNull();
    });

    it('say nothing of the values when the database refuses one', async () => {
      const secret = 'secret-value';
      const failure: unknown = await use()
        .database.query((db) => sql`select ${secret}::date`.execute(db))
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'REGISTRY_VALUE_REFUSED' });
      expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(secret);
      expect(failure instanceof Error && failure.cause).toBe(undefined);
    });
  });
}
