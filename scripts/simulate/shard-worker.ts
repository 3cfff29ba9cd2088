import { parentPort, workerData } from 'node:worker_threads';
import { simulate, type Tally } from './shard.ts';

/** What a shard tells the thread that started it. */
export type ShardMessage =
  | { readonly type: 'progress'; readonly accountYears: number }
  | { readonly type: 'done'; readonly tally: Tally };

const { seed, first, step, years } = workerData as {
  seed: number;
  first: number;
  step: number;
  years: number;
};
const tell = (message: ShardMessage) => parentPort?.postMessage(message);
const tally = simulate({
  seed,
  first,
  step,
  years,
  progress: (accountYears) => tell({ type: 'progress', accountYears }),
});
tell({ type: 'done', tally });
