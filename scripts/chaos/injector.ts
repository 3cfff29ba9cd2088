import { setTimeout as delay } from 'node:timers/promises';
import type { Trouble } from '../../checker/life.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import type { Stretch } from '../server-world/stretch.ts';
import type { World } from '../server-world/world.ts';
import { faultWords, type EventKind, type Fault, type FaultPoint } from './fault-plan.ts';
import type { Phase } from './story.ts';

/** So long a request to HR hangs that is answered slowly, in ms; the client's time-out is a second. */
const SLOW_MS = 1_300;
/** After a kill the next worker or server has to find out what was going on, in real ms. */
const AFTERMATH_MS = 10_000;
const BEFOREHAND_MS = 1_000;

/** Counts what can be seen from outside, and lets things happen at their points. */
export interface Injector {
  /** From now on its events are counted, also while later phases go on. */
  beginPhase(phase: Phase['name']): void;
  /** Waits for what is under way. */
  settled(): Promise<void>;
  /** Waits for what is under way, and lets nothing happen any more. */
  end(): Promise<void>;
  /** What did not happen, since its event never came. */
  readonly left: () => readonly FaultPoint[];
  /** All on the world's clock. */
  readonly troubles: () => readonly Trouble[];
  readonly kills: () => readonly Stretch[];
  /** How many events of each kind the phases had. */
  readonly counts: Readonly<Record<string, number>>;
}

export function createInjector(input: {
  readonly world: World;
  readonly plan: readonly FaultPoint[];
  readonly tell: (words: string) => void;
}): Injector {
  const { world, tell } = input;
  const { hr, smtp, keeper, temporal, postgres, clock } = world;
  const left = [...input.plan];
  const counts: Record<string, number> = {};
  const troubles: Trouble[] = [];
  const kills: Stretch[] = [];
  const under: Promise<void>[] = [];
  const begun: Phase['name'][] = [];
  let isOver = false;
  let mailsLeft = 0;

  const during = async (what: Trouble['what'], act: () => Promise<void>): Promise<void> => {
    const from = clock.now();
    await act();
    const now = Date.now();
    // Work goes on a moment before we see it.
    troubles.push({ what, from, to: Math.max(from, world.virtualOf(now - BEFOREHAND_MS)) });
    if (what === 'worker') kills.push({ from, to: world.virtualOf(now + AFTERMATH_MS) });
  };
  const workerRuns = async (): Promise<void> => {
    // The registry answers through it.
    await keeper.accounts();
  };
  const fire = async (fault: Fault): Promise<void> => {
    switch (fault.what) {
      case 'kill the worker':
        return during('worker', async () => {
          keeper.kill();
          await workerRuns();
        });
      case 'stop the worker':
        return during('worker', async () => {
          keeper.kill((fault.days * DAY_MS) / clock.anchor.speed);
          await workerRuns();
        });
      case 'kill the Temporal server':
        return during('worker', () => temporal.killAndRestart());
      case 'crash Postgres':
        return during('worker', async () => {
          await postgres?.crash();
          await postgres?.start();
          await workerRuns();
        });
      case 'HR':
        return during('hr', async () => {
          hr.fault(fault.mode, { times: fault.times });
          if (fault.mode !== 'slow') return;
          await delay(SLOW_MS);
          hr.fault('none');
        });
      case 'mail':
        mailsLeft = fault.times;
        return during('mail', () => smtp.fault(fault.mode));
    }
  };
  const happened = (event: EventKind): void => {
    if (isOver) return;
    for (const phase of begun) {
      const key = `${phase} ${event}`;
      const n = (counts[key] ?? 0) + 1;
      counts[key] = n;
      for (const point of left.filter((one) => one.phase === phase && one.event === event && one.n === n)) {
        left.splice(left.indexOf(point), 1);
        tell(faultWords(point));
        under.push(fire(point.fault));
      }
    }
  };
  let seen = hr.requests.length;
  const listen = (): void => {
    void hr.nextRequest().then(() => {
      for (const { personId } of hr.requests.slice(seen)) happened(personId === null ? 'list' : 'look');
      seen = hr.requests.length;
      if (!isOver) listen();
    });
  };
  listen();
  const stopListening = smtp.onMail((mail) => {
    if (!mail.acknowledged && (mailsLeft -= 1) <= 0) under.push(smtp.fault('none'));
    happened('mail');
  });
  const settled = async (): Promise<void> => {
    await Promise.all(under);
  };
  return {
    beginPhase: (name) => {
      begun.push(name);
    },
    settled,
    async end() {
      isOver = true;
      stopListening();
      await settled();
    },
    left: () => left,
    troubles: () => troubles,
    kills: () => kills,
    counts,
  };
}
