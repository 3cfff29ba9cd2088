import { sql } from 'kysely';
import type { Change, ChangeSide, LookCounts, PlanDecision, RowState } from '../../../src/contracts/plan.ts';
import { DAY_MS } from '../../../src/contracts/time.ts';
import type { Registry } from '../../../src/registry/registry.ts';
import { NEW_YEAR } from '../../support/registry.ts';
import type { Use } from './backend.ts';

const SIDE: ChangeSide = {
  outcome: 'found',
  standing: 'member',
  lastDay: 'open',
  excluded: false,
  future: null,
};

/** A loss: the contract of a person, known by observation 1, is over by observation 2. */
export function changeOf(overrides: Partial<Change> & { personId: string }): Change {
  return {
    kind: 'loss',
    reason: 'every affiliation has vanished',
    before: SIDE,
    after: { ...SIDE, standing: 'expired', lastDay: '2026-12-31' },
    beforeNumber: 1,
    number: 2,
    afterOutcome: 'found',
    afterDigest: `digest-of-${overrides.personId}`,
    instanceChanges: [],
    ...overrides,
  };
}

export const LOOKS: LookCounts = {
  looked: 100,
  expected: 99,
  answered: 98,
  holders: { looked: 90, expected: 89, answered: 88 },
  changed: 5,
  noPerson: 1,
  unavailable: 2,
};

export function decisionOf(overrides: Partial<PlanDecision> = {}): PlanDecision {
  return {
    verdict: 'approved',
    actor: 'admin-1',
    reason: 'HR confirmed it',
    at: NEW_YEAR + 50,
    ...overrides,
  };
}

/** What a test of plans does over and over. */
export interface PlanBench {
  readonly registry: () => Registry;
  /** Opens a plan with these losses (or other changes), not settled. */
  readonly open: (
    planId: string,
    changes: readonly (string | Change)[],
    input?: { dryRun?: boolean; at?: number },
  ) => Promise<void>;
  readonly settle: (
    planId: string,
    input?: { hold?: boolean; at?: number },
  ) => ReturnType<Registry['settlePlan']>;
  /** `open`, then `settle` held. */
  readonly hold: (
    planId: string,
    changes: readonly (string | Change)[],
    input?: { at?: number },
  ) => ReturnType<Registry['settlePlan']>;
  /** Persons and the states of their rows, in order. */
  readonly rows: (planId: string) => Promise<readonly (readonly [personId: string, state: RowState])[]>;
  /** Forgets all plans: a test's own are the only ones. */
  readonly clear: () => Promise<void>;
}

export function planBench(use: Use): PlanBench {
  const registry = () => use().registry;
  const bench: PlanBench = {
    registry,
    async open(planId, changes, { dryRun = false, at = NEW_YEAR } = {}) {
      await registry().openPlan({ planId, dryRun, at });
      const all = changes.map((change) =>
        typeof change === 'string' ? changeOf({ personId: change }) : change,
      );
      await registry().addChanges({ planId, changes: all });
    },
    settle: (planId, { hold = false, at = NEW_YEAR + 10 } = {}) =>
      registry().settlePlan({
        planId,
        looks: LOOKS,
        heldBecause: hold ? ['too many losses'] : [],
        lapsesAt: at + DAY_MS,
        at,
      }),
    async hold(planId, changes, { at = NEW_YEAR } = {}) {
      await bench.open(planId, changes, { at });
      return bench.settle(planId, { hold: true, at: at + 10 });
    },
    async rows(planId) {
      const rows = await registry().planRows({ planId, after: null, limit: 1_000 });
      return rows.map((row) => [row.personId, row.state] as const);
    },
    async clear() {
      await use().database.query((db) => sql`delete from plan_rows`.execute(db));
      await use().database.query((db) => sql`delete from plans`.execute(db));
      await use().database.query((db) => sql`delete from decisions`.execute(db));
    },
  };
  return bench;
}
