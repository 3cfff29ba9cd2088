import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CalendarDate } from '../src/contracts/time.ts';

export const HR_USER = 'bench';
export const HR_PASSWORD = 'bench';
export const IAM_CLIENT = { id: 'bench', secret: 'bench' };

/** What the process of the doubles is asked; it answers each in its turn. */
export type Ask =
  | {
      readonly what: 'start';
      readonly persons: number;
      readonly lastDay: CalendarDate | null;
      readonly latencyMs: number;
      /** With an INDIGO IAM instance, as slow as HR, in which everybody has an account. */
      readonly instance?: true;
    }
  | { readonly what: 'setEnd'; readonly ids: readonly number[]; readonly lastDay: CalendarDate | null }
  | { readonly what: 'setList'; readonly on: boolean }
  | { readonly what: 'counts' };

export interface Answer {
  readonly hrUrl: string;
  readonly smtp: { readonly host: string; readonly port: number };
  /** `null` = there is none. */
  readonly iamUrl: string | null;
  readonly counts: Counts;
}

/** What the doubles have had. */
export interface Counts {
  readonly hrRequests: number;
  readonly mails: number;
  readonly iamReads: number;
  readonly iamWrites: number;
}

/** The doubles of HR, the mail server and an INDIGO IAM instance, in a process of their own. */
export interface Doubles {
  readonly hrUrl: string;
  readonly smtp: { readonly host: string; readonly port: number };
  /** `null` = there is no INDIGO IAM instance. */
  readonly iamUrl: string | null;
  /** From now on these persons' contracts end then. */
  setEnd(ids: readonly number[], lastDay: CalendarDate | null): Promise<void>;
  /** Whether HR can list its persons. */
  setList(on: boolean): Promise<void>;
  counts(): Promise<Counts>;
  stop(): Promise<void>;
}

/**
 * Starts them with so many people, whose contracts end on `lastDay`; every answer of HR and of the instance takes
 * `latencyMs`.
 */
export async function startDoubles(options: Omit<Extract<Ask, { what: 'start' }>, 'what'>): Promise<Doubles> {
  const program = fileURLToPath(new URL('doubles-process.ts', import.meta.url));
  const child = fork(program, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the process of the doubles ended with ${String(code)}`)),
  );
  ended.catch(() => undefined);
  const next = () => Promise.race([once(child, 'message'), ended]);
  let last: Promise<unknown> = next();
  const ask = (what: Ask): Promise<Answer> => {
    const answered = last.then(async () => {
      child.send(what);
      // What comes over the channel is what our own program sent.
      const [answer] = (await next()) as [Answer];
      return answer;
    });
    last = answered;
    return answered;
  };
  const { hrUrl, smtp, iamUrl } = await ask({ what: 'start', ...options });
  return {
    ...{ hrUrl, smtp, iamUrl },
    setEnd: async (ids, lastDay) => {
      await ask({ what: 'setEnd', ids, lastDay });
    },
    setList: async (on) => {
      await ask({ what: 'setList', on });
    },
    counts: async () => (await ask({ what: 'counts' })).counts,
    stop: async () => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
