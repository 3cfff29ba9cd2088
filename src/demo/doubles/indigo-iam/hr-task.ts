import type { AccountStore } from './account-store.ts';

/**
 * The traces that IAM's own HR task leaves where somebody has forgotten to switch it off: it takes the labels
 * `timestamp` and `action` away, and writes `VO_MEMBER` where the older text says `MEMBER`. It asks no HR here. Source:
 * the wire formats, and the handler's own labels; what the instance writes itself passes no check, so that its message
 * has the spaces which its API refuses.
 */
export function runHrTask(store: AccountStore, personIdLabel: string): void {
  const prefix = 'hr.cern';
  const by = 'hr-task';
  for (const { id, labels } of store.all()) {
    const has = (name: string): boolean => labels.some((one) => one.prefix === prefix && one.name === name);
    if (!has(personIdLabel)) continue;
    for (const name of ['timestamp', 'action']) {
      if (has(name)) store.removeLabel(id, by, { prefix, name });
    }
    const [status, message] = has('ignore')
      ? ['IGNORED', 'The label ignore says to skip this account']
      : ['VO_MEMBER', 'The membership was synchronized'];
    store.putLabel(id, by, { prefix, name: 'status', value: status });
    store.putLabel(id, by, { prefix, name: 'message', value: message });
  }
}
