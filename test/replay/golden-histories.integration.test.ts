import { DefaultLogger, Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AccountLifecycleInput } from '../../src/contracts/workflow-input.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import * as workflows from '../../workflows/index.ts';
import { checkGoldens } from '../support/histories/check-goldens.ts';
import { readGoldens, type Golden, type TracedStep } from '../support/histories/golden.ts';
import { bundleTraced, recomputeTraces } from '../support/histories/recompute-traces.ts';
import { withInput } from '../support/histories/scrub-history.ts';
import { STORIES } from '../support/histories/stories.ts';

const workflowTypes = Object.keys(workflows);
const goldens = readGoldens();

function golden(name: string): Golden {
  const found = goldens.find((one) => one.name === name);
  if (!found) throw new Error(`no golden history is called ${name}`);
  return found;
}

/** The same life, lived under a policy whose block comes so many days later. */
function withBlockMoved(one: Golden, days: number): Golden {
  const runs = one.runs.map((run) =>
    withInput(run, (input) => {
      const { policy, ...rest } = input as AccountLifecycleInput;
      const milestones = policy.milestones.map((milestone) =>
        milestone.action === 'block' ? { ...milestone, offset: milestone.offset + days } : milestone,
      );
      return { ...rest, policy: { ...policy, milestones } };
    }),
  );
  return { ...one, runs };
}

describe('golden histories', () => {
  let workflowBundle: WorkflowBundleWithSourceMap;
  const check = (some: readonly Golden[], types: readonly string[] = []) =>
    checkGoldens({ goldens: some, workflowTypes: types, workflowBundle });

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    workflowBundle = await bundleTraced();
  });

  it('all replay, to the same steps at the same moments, and every workflow has one', async () => {
    expect(await check(goldens, workflowTypes)).toEqual([]);
  });

  it('are there for every story', () => {
    const names = goldens.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(STORIES.map(({ name }) => name)));
  });

  it('must be there at all', async () => {
    expect(await check([])).toEqual([expect.stringContaining('there is no golden history')]);
  });

  it('must be there for every workflow', async () => {
    const problems = await check([golden('hr-sync')], workflowTypes);
    expect(problems).toContain('no golden history holds the workflow accountLifecycle');
    expect(problems).toHaveLength(workflowTypes.length - 1);
  });

  it('need a trace', async () => {
    const bare = { ...golden('hr-sync'), trace: null };
    expect(await check([bare])).toEqual(['hr-sync: has no trace for each of its runs']);
  });

  it('catch a block one day early, which replay alone lets pass', async () => {
    const early = withBlockMoved(golden('block-retried'), -1);
    const runs = new Map(early.runs.map((run, index) => [String(index), run]));
    const replayed = await recomputeTraces(runs, workflowBundle);
    const isBlock = ({ action }: TracedStep) => action === 'block';
    const index = (early.trace ?? []).findIndex(({ steps }) => steps.some(isBlock));
    const today = replayed.get(String(index));
    expect(today?.error).toBeUndefined();

    const [was, is] = [early.trace?.[index]?.steps.find(isBlock), today?.steps.find(isBlock)];
    expect(Date.parse(is?.due ?? '') - Date.parse(was?.due ?? '')).toBe(-DAY_MS);
    const words = `block-retried/${String(index + 1)}: was ${JSON.stringify(was)}, is ${JSON.stringify(is)}`;
    expect(await check([early])).toContain(words);
  });

  it('catch a block that comes later, which no longer replays', async () => {
    const late = withBlockMoved(golden('whole-life'), 3);
    expect(await check([late])).not.toEqual([]);
  });

  it('catch a fact that does not get into the next run', async () => {
    const life = golden('whole-life');
    const trace = (life.trace ?? []).map(({ steps, end }) => ({
      steps,
      end: end && { ...end, state: { ...end.state, told: {} } },
    }));
    expect(await check([{ ...life, trace }])).toEqual(
      expect.arrayContaining([expect.stringMatching(/^whole-life\/\d+: ended with/)]),
    );
  });

  it('name no machine and nobody who recorded them', () => {
    for (const { name, runs } of goldens) {
      expect(JSON.stringify(runs), name).not.toMatch(/"identity"|"requestId"|\/home\/|\/work\/|\d+@[a-z]/i);
    }
  });
});
