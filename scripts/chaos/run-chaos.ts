import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChecker } from '../../checker/check-life.ts';
import { compareRuns } from '../../checker/compare-runs.ts';
import { lifeInWords } from '../simulate/in-words.ts';
import { livesOf, type Seen } from '../server-world/lives-of.ts';
import type { RegistryKind } from '../server-world/world.ts';
import { faultPlan } from './fault-plan.ts';
import { play, type Played, TooSlow } from './play.ts';
import { recordOf } from './record.ts';
import { chaosStory } from './story.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly herd: number;
  /** To the deletion of the herd, or only to its leaving. */
  readonly isWhole: boolean;
  readonly registry: RegistryKind;
  /** How long the worker is stopped once, in days of the world's clock; 0 = it is not. */
  readonly stopDays: number;
  /** Real ms a day lasts with faults, and without. */
  readonly msPerDay: number;
  readonly calmMsPerDay: number;
  readonly tell: (words: string) => void;
}

/** What a seed came to. */
export interface ChaosReport {
  readonly seed: number;
  readonly accounts: number;
  readonly effects: number;
  readonly mails: number;
  readonly mailsAgain: number;
  readonly faults: number;
  /** Faults whose moment never came. */
  readonly left: number;
  /** Merged by the rule for late notices, as an outage that long explains. */
  readonly explained: readonly string[];
  readonly lost: number;
  readonly doubled: number;
  readonly early: number;
  /** Everything that is wrong, in words. */
  readonly wrongs: readonly string[];
  readonly seconds: number;
}

/** A slow machine gets more and more time, as the demo does it. */
const PATIENCES = [1, 2, 4];

async function patiently(
  tell: (words: string) => void,
  playAt: (patience: number) => Promise<Played>,
): Promise<Played> {
  for (const patience of PATIENCES) {
    try {
      return await playAt(patience);
    } catch (error) {
      if (!(error instanceof TooSlow)) throw error;
      tell(`this machine is too slow for this speed (${error.message}): starting over, slower`);
    }
  }
  throw new TooSlow('this machine is too slow for any speed');
}

/** Every account's life in front of the independent judge. */
function judge(seen: Seen, tell: (words: string) => void): { early: number; words: readonly string[] } {
  const check = createChecker();
  const words: string[] = [];
  let early = 0;
  for (const life of livesOf(seen)) {
    const findings = check(life);
    if (findings.length > 0) tell(lifeInWords(life, findings));
    for (const finding of findings) {
      if (finding.kind === 'early') early += 1;
      words.push(`${finding.kind}: ${finding.account}: ${finding.words}`);
    }
  }
  return { early, words };
}

/**
 * Plays a story twice, without faults and with those of the seed, and compares what both left behind; both are judged
 * besides. No `wrongs` = nothing was lost, doubled or early.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, herd, isWhole, registry, stopDays, msPerDay, calmMsPerDay, tell } = options;
  const since = Date.now();
  const story = chaosStory({ herd, isWhole });
  const hasPostgres = registry === 'postgres';
  const plan = faultPlan({ seed, story, hasPostgres, stopDays });
  const folder = await mkdtemp(join(tmpdir(), 'lifecycle-chaos-'));
  const bundleFile = join(folder, 'workflows.js');
  try {
    tell('without faults');
    const calm = await patiently(tell, (patience) =>
      play({
        story,
        plan: [],
        msPerDay: calmMsPerDay * patience,
        registry: 'embedded',
        tell,
        keep: (world) => copyFile(world.bundleFile, bundleFile),
      }),
    );
    tell(`without faults: ${calm.seconds.toFixed(1)} s; ${JSON.stringify(calm.counts)}`);
    const wild = await patiently(tell, (patience) =>
      play({ story, plan, msPerDay: msPerDay * patience, registry, bundleFile, tell }),
    );
    tell(`with faults: ${wild.seconds.toFixed(1)} s; ${JSON.stringify(wild.counts)}`);
    const [reference, record] = [recordOf(calm.seen, calm.base), recordOf(wild.seen, wild.base)];
    const { differences, explained } = compareRuns(reference, record);
    const [calmJudged, judged] = [judge(calm.seen, tell), judge(wild.seen, tell)];
    const count = (kind: string) => differences.filter((one) => one.kind === kind).length;
    return {
      seed,
      accounts: Object.keys(record.ends).length,
      effects: record.effects.length,
      mails: record.taken.length,
      mailsAgain: wild.seen.mails.length - record.taken.length,
      faults: plan.length - wild.left.length,
      left: wild.left.length,
      explained,
      lost: count('lost'),
      doubled: count('doubled'),
      early: judged.early,
      wrongs: [
        ...differences.map(({ kind, words }) => `${kind}: ${words}`),
        ...calmJudged.words.map((words) => `without faults: ${words}`),
        ...judged.words,
      ],
      seconds: (Date.now() - since) / 1000,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
