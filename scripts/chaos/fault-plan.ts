import type { HrFaultMode } from '../../src/demo/doubles/hr-double-fault.ts';
import type { SmtpFaultMode } from '../../src/demo/doubles/smtp-sink.ts';
import { createRandom, type Random } from '../simulate/random.ts';
import type { ChaosStory, Phase } from './story.ts';

/** What can be counted from outside: a page of HR's list, a look at one person, a mail that was taken. */
export type EventKind = 'list' | 'look' | 'mail';

export type Fault =
  | { readonly what: 'kill the worker' }
  /** For so many days of the world's clock. */
  | { readonly what: 'stop the worker'; readonly days: number }
  | { readonly what: 'kill the Temporal server' }
  | { readonly what: 'crash Postgres' }
  /** The next so many answers; `slow` = none within the time-out. */
  | { readonly what: 'HR'; readonly mode: HrFaultMode; readonly times: number }
  /** The next so many mails. */
  | { readonly what: 'mail'; readonly mode: SmtpFaultMode; readonly times: number };

/** A fault, and the event at which it happens: the n-th of its kind in a phase. */
export interface FaultPoint {
  readonly phase: Phase['name'];
  readonly event: EventKind;
  readonly n: number;
  readonly fault: Fault;
}

const HR_MODES = ['slow', '500', '429', 'reset', 'truncated', 'broken-json'] as const;

function hrFault(random: Random): Fault {
  return { what: 'HR', mode: random.pick(HR_MODES), times: random.between(2, 5) };
}

function mailFault(random: Random, mode: SmtpFaultMode): Fault {
  return { what: 'mail', mode, times: random.between(2, 4) };
}

/**
 * The faults of a seed: in each phase some, at counted events. Every run has a worker and a Temporal server killed both
 * in the synchronisation and in the herd, HR out of order, and mails dropped before their 250.
 */
export function faultPlan(input: {
  readonly seed: number;
  readonly story: ChaosStory;
  readonly hasPostgres: boolean;
  /** How long the worker is stopped once, in days of the world's clock; 0 = it is not. */
  readonly stopDays: number;
}): readonly FaultPoint[] {
  const { seed, story, hasPostgres, stopDays } = input;
  const random = createRandom(seed, 7);
  const in_ = (phase: Phase['name']) => {
    const counts = story.least[phase];
    const taken = new Set<string>();
    return (event: EventKind, fault: Fault): FaultPoint => {
      const most = Math.max(1, counts[event]);
      let n = random.between(1, most);
      // Not two at one point, while there are others.
      for (let tries = 0; taken.has(`${event}${String(n)}`) && tries < most; tries += 1) n = (n % most) + 1;
      taken.add(`${event}${String(n)}`);
      return { phase, event, n, fault };
    };
  };
  const kill: Fault = { what: 'kill the worker' };
  const temporal: Fault = { what: 'kill the Temporal server' };
  const crash = (point: (event: EventKind, fault: Fault) => FaultPoint, event: EventKind) =>
    hasPostgres ? [point(event, { what: 'crash Postgres' })] : [];
  const [sync, notice, leaving, block, remove] = (
    ['sync', 'notice', 'leaving', 'block', 'delete'] as const
  ).map(in_);
  if (!sync || !notice || !leaving || !block || !remove) throw new RangeError('phases are missing');
  const points = [
    sync('list', hrFault(random)),
    sync('look', kill),
    sync('look', random.chance(0.5) ? temporal : hrFault(random)),
    sync('list', temporal),
    ...crash(sync, 'look'),
    notice('mail', mailFault(random, 'drop-before-250')),
    notice('mail', kill),
    notice('mail', temporal),
    ...crash(notice, 'mail'),
    leaving('look', hrFault(random)),
    leaving('look', random.pick<Fault>([kill, temporal])),
    block('look', hrFault(random)),
    block('look', kill),
    block('look', temporal),
    ...crash(block, 'look'),
    remove('look', temporal),
    remove('look', kill),
    remove('look', hrFault(random)),
    ...crash(remove, 'look'),
  ];
  const stop: readonly FaultPoint[] =
    stopDays > 0
      ? [
          {
            phase: random.pick(['notice', 'leaving', 'block'] as const),
            event: 'list',
            n: random.between(3, 12),
            fault: { what: 'stop the worker', days: stopDays },
          },
        ]
      : [];
  const phases = new Set(story.phases.map(({ name }) => name));
  return [...points, ...stop].filter(({ phase }) => phases.has(phase));
}

/** A fault in words. */
export function faultWords({ phase, event, n, fault }: FaultPoint): string {
  const point = `${phase}, ${event} ${String(n)}`;
  switch (fault.what) {
    case 'HR':
    case 'mail':
      return `${point}: ${fault.what}: ${fault.mode}, ${String(fault.times)} times`;
    case 'stop the worker':
      return `${point}: ${fault.what} for ${String(fault.days)} days`;
    case 'kill the worker':
    case 'kill the Temporal server':
    case 'crash Postgres':
      return `${point}: ${fault.what}`;
  }
}
