import type { AccountRow } from '../../src/registry/registry.ts';
import { MailError } from '../../src/errors.ts';
import { nameOf, readerOf } from '../readers.ts';
import { sendOnce } from '../send-once.ts';
import type { StepContext } from '../step-context.ts';

/** Tells the new owner which account is theirs now. A mail that is refused for good raises an alarm and stops nothing. */
export async function tellNewOwner(
  context: StepContext,
  input: { readonly account: AccountRow; readonly newOwner: string },
): Promise<void> {
  const { deps, now } = context;
  const { step, state } = context.input;
  const owner = await deps.registry.person(input.newOwner);
  if (!owner) return;
  const previous = await deps.registry.person(state.personId);
  const { accountId, login } = input.account;
  const key = [accountId, state.epoch, 'received', input.newOwner].join('/');
  try {
    const reader = await readerOf(deps, owner);
    await sendOnce(deps, context, {
      row: {
        key,
        audience: 'owner',
        personId: input.newOwner,
        accountId,
        template: 'service-account-received',
        offset: null,
        lastDay: step.lastDay,
        dueAt: step.dueAt,
      },
      to: reader.to,
      language: reader.language,
      notice: {
        template: 'service-account-received',
        facts: {
          person: nameOf(owner),
          viaSupervisor: reader.via && nameOf(reader.via),
          logins: [login],
          previousOwner: previous && nameOf(previous),
        },
      },
    });
  } catch (error) {
    if (!(error instanceof MailError) || error.retryable) throw error;
    const message = `the new owner of account ${accountId} could not be told: ${error.code}`;
    await deps.registry.raiseAlarm({ key: `notice-failed:${key}`, message, at: now });
  }
}
