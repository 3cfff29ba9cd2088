import type { Step } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import type { Mail } from '../../checker/life.ts';

type Letter = { -readonly [Key in keyof Mail]: Mail[Key] };

/** The notices of a person, as the registry keeps them: each key once, sent at most once. */
export interface Mailbox {
  readonly due: (accountId: string, step: Step, now: Instant) => void;
  readonly sent: (key: string, now: Instant) => void;
  readonly failed: (key: string, now: Instant) => void;
  readonly all: () => readonly Mail[];
}

function typeOf(step: Step): Mail['type'] {
  switch (step.notice?.template) {
    case 'all-clear':
      return 'allClear';
    case 'returned':
      return 'returned';
    case 'hold-ends':
      return 'holdEnds';
    case 'admin-date-ends':
      return 'adminDateEnds';
    case 'leaving-soon':
    case 'has-left':
    case undefined:
      return 'notice';
  }
}

export function createMailbox(): Mailbox {
  const letters = new Map<string, Letter>();
  return {
    due: (accountId, step, now) => {
      const { notice } = step;
      if (!notice || letters.has(notice.key)) return;
      letters.set(notice.key, {
        type: typeOf(step),
        account: accountId,
        key: notice.key,
        offset: notice.offset,
        lastDay: notice.lastDay,
        dueAt: step.dueAt,
        begunAt: now,
        sentAt: null,
        failedAt: null,
        extraCopies: 0,
      });
    },
    sent: (key, now) => {
      const letter = letters.get(key);
      if (letter) letter.sentAt ??= now;
    },
    failed: (key, now) => {
      const letter = letters.get(key);
      if (letter?.sentAt === null) letter.failedAt ??= now;
    },
    all: () => [...letters.values()],
  };
}
