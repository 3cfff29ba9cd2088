import type { Config } from './config.ts';
import type { Tuning } from './contracts/workflow-input.ts';

/** The time-outs of workflows' activities, as configured. */
export function tuningOf({ tuning }: Pick<Config, 'tuning'>): Tuning {
  return {
    startToCloseMs: tuning.startToCloseSeconds * 1000,
    heartbeatMs: tuning.heartbeatSeconds * 1000,
    retryInitialMs: 1000,
    retryMaximumMs: tuning.maxRetryIntervalSeconds * 1000,
    patienceMs: tuning.patienceSeconds * 1000,
  };
}
