import type { Effect, Notice, RunRecord } from '../../checker/run-record.ts';
import { ADMINS } from '../../src/demo/demo-config.ts';
import type { Everything } from '../../src/demo/worker-messages.ts';
import { copiesWithoutReason } from '../server-world/copies.ts';
import type { Seen } from '../server-world/lives-of.ts';

function endOf(everything: Everything, account: Everything['accounts'][number]): string {
  const entry = everything.entries[account.login] ?? null;
  const words =
    entry === null
      ? 'no entry'
      : `${entry.activeStatus ?? 'no status'}, access ${entry.access}, ${String(entry.memberships.length)} groups`;
  return `${account.state.stage}, of ${account.personId}, ${words}`;
}

/** What a run left behind, in the judge's words. */
export function recordOf(seen: Seen, base: number): RunRecord {
  const { everything, mails } = seen;
  const logins = new Map(everything.accounts.map(({ accountId, login }) => [accountId, login]));
  const loginOf = (accountId: string) => logins.get(accountId) ?? accountId;
  return {
    base,
    effects: everything.effects.map(({ accountId, action, target, lastDay, state }): Effect => ({
      account: loginOf(accountId),
      action,
      target,
      lastDay,
      isDone: state === 'done',
    })),
    notices: everything.notices.map((notice): Notice => {
      const { personId, accountId, audience, template, offset, lastDay, dueAt, sentAt, state, messageId } =
        notice;
      // Before leaving and after it the same notice has other words.
      const type = template === 'leaving-soon' || template === 'has-left' ? 'notice' : template;
      const account = loginOf(accountId);
      return { person: personId, account, audience, type, offset, lastDay, dueAt, sentAt, state, messageId };
    }),
    taken: [...new Map(mails.map((mail) => [mail.messageId, mail])).values()].map(({ messageId, to }) => ({
      messageId,
      isAlarm: to.includes(ADMINS),
      copiesWithoutReason: copiesWithoutReason(messageId, seen),
    })),
    ends: Object.fromEntries(
      everything.accounts.map((account) => [account.login, endOf(everything, account)]),
    ),
    troubles: seen.troubles,
  };
}
