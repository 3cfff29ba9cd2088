import type { ServiceDeskCause } from '../../src/notices/notice-facts.ts';
import { sendOnce } from '../send-once.ts';
import type { StepContext } from '../step-context.ts';

/** Opens a case at the Service Desk: one for each (person, leaving, cause). */
export async function tellServiceDesk(
  context: StepContext,
  input: { readonly cause: ServiceDeskCause; readonly logins: readonly string[] },
): Promise<void> {
  const { deps, now } = context;
  const { personId, accountId } = context.input.state;
  const { cause, logins } = input;
  // Accounts of one person count their returns apart; what they share of a leaving is its last day.
  const leaving = context.input.step.lastDay ?? 'none';
  await deps.registry.openCase({ personId, leaving, cause, at: now });
  const key = ['case', personId, leaving, cause].join('/');
  await sendOnce(deps, context, {
    row: {
      key,
      audience: 'serviceDesk',
      personId,
      accountId,
      template: 'service-desk-case',
      offset: null,
      lastDay: context.input.step.lastDay,
      dueAt: context.input.step.dueAt,
    },
    to: deps.settings.serviceDesk,
    language: null,
    notice: { template: 'service-desk-case', facts: { cause, personId, logins } },
  });
}
