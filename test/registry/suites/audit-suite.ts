import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/registry/registry.ts';
import { NEW_YEAR } from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function auditSuite(use: Use): void {
  const entryOf = (overrides: Partial<AuditEntry>): AuditEntry => ({
    at: NEW_YEAR,
    what: 'restore',
    actor: 'admin-7',
    accountId: null,
    personId: null,
    reason: 'called',
    commandId: 'c-1',
    facts: { until: '2027-03-31', list: [1, 2] },
    ...overrides,
  });

  describe('the audit log', () => {
    it('gives back what was written, by account or person, in the order of time', async () => {
      const later = entryOf({ accountId: 'au-1', personId: 'p-au', at: NEW_YEAR + 2 });
      const sooner = entryOf({ accountId: 'au-2', personId: 'p-au', at: NEW_YEAR + 1 });
      await use().registry.audit(later);
      await use().registry.audit(sooner);
      expect(await use().registry.auditTrail({ accountId: 'au-1' })).toEqual([later]);
      expect(await use().registry.auditTrail({ personId: 'p-au' })).toEqual([sooner, later]);
      expect(await use().registry.auditTrail({ personId: 'p-au', accountId: 'au-2' })).toEqual([sooner]);
    });

    it.each(['update audit set actor = null', 'delete from audit', 'truncate audit'])(
      'is append-only: the database refuses "%s"',
      async (statement) => {
        const entry = entryOf({ accountId: `au-${statement}` });
        await use().registry.audit(entry);
        await expect(use().database.query((db) => sql.raw(statement).execute(db))).rejects.toMatchObject({
          code: 'REGISTRY_ROWS_STAY',
          retryable: false,
        });
        expect(await use().registry.auditTrail({ accountId: `au-${statement}` })).toEqual([entry]);
      },
    );
  });
}
