import type { ActiveStatus } from '../../src/contracts/account.ts';
import { onEveryDirectory } from '../effects.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { accountRow } from './access.ts';

async function writeStatus(context: StepContext, activeStatus: ActiveStatus): Promise<void> {
  const { login } = await accountRow(context);
  await onEveryDirectory(context, async (directory) => {
    await directory.setActiveStatus({ login, activeStatus, signal: context.signal });
    return null;
  });
}

/** The last day is over: the stage changes and the directory says so, without asking HR. Access stays. */
export async function enterGrace(context: StepContext): Promise<StepResult> {
  const { activeStatus } = context.input.step;
  if (activeStatus !== null) await writeStatus(context, activeStatus);
  return { result: 'done', note: context.input.step.why };
}

/** Writes `cernActiveStatus`, which no hold stops. */
export async function writeActiveStatus(context: StepContext): Promise<StepResult> {
  const { activeStatus } = context.input.step;
  if (activeStatus !== null) await writeStatus(context, activeStatus);
  return { result: 'done', note: context.input.step.why };
}

/** Tells the registry and the audit log what was folded since the last step; the wrapper does it all. */
export function recordChange(): Promise<StepResult> {
  return Promise.resolve({ result: 'done', note: 'recorded' });
}
