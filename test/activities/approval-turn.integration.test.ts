import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SyncContext } from '../../activities/sync-activities.ts';
import { withSyncLease } from '../../activities/sync/sync-lease.ts';
import { personOfHr, runSync, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { clockFrom } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { wholeSync } from '../support/run-sync.ts';

const NOW = at('2027-02-01 12:00');
let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
afterAll(() => around.stop());

it('an approved plan waits for the very run that made it, and takes its turn from nobody', async () => {
  for (let id = 1; id <= 12; id += 1) {
    await around.seedPerson(personOfHr(id), NOW);
    await around.seedAccount({ personId: String(id), at: NOW });
  }
  for (let id = 1; id <= 4; id += 1) around.hr.setPerson(personOfHr(id, { to: '2026-12-31' }));
  const { planId } = await wholeSync(around.deps, NOW);
  const clock = clockFrom(NOW + 3_600_000);
  const context: SyncContext = {
    deps: around.deps,
    clock,
    signal: new AbortController().signal,
    now: () => NOW,
    beat: () => undefined,
    resumeFrom: undefined,
  };
  const decision = { verdict: 'approved', actor: 'admin-7', reason: 'right' } as const;
  const apply = () => runSync(around.deps, (activities) => activities.applyApproved({ clock, planId }));
  // As the run does, which applies what needs no approval under the name of its plan.
  await withSyncLease(context, planId, async () => {
    await runSync(around.deps, (activities) => activities.decidePlan({ clock, planId, decision }));
    await expect(apply()).rejects.toMatchObject({ type: 'SYNC_RUNNING' });
    const third = { name: 'hr-sync', holder: 'another-run', forMs: 1_000 };
    expect(await around.registry.acquireLease(third)).toBe(false);
  });
  await around.registry.releaseLease({ name: 'hr-sync', holder: planId });
  await apply();
  const rows = await around.registry.planRows({ planId, after: null, limit: 10 });
  expect(rows.map(({ kind, state }) => `${kind} ${state}`)).toEqual(Array(4).fill('loss applied'));
});
