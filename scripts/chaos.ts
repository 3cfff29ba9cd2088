/**
 * Kills workers and servers, lets HR and mail go wrong, and looks whether anything was lost, doubled or early: a
 * synchronisation and the whole life of a herd, on a real Temporal server, compared with the same story without faults.
 *
 *   npm run test:chaos                       every variant, with a seed of chance
 *   npm run test:chaos -- --seed S           the same faults at the same points again
 *   npm run test:chaos -- --registry embedded --short --herd 12 --stop-days 31 --ms-per-day 1000
 *
 * The last line of each variant on stdout is one JSON object. Ends with 1 when anything was found.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { findPostgres } from '../test/support/postgres.ts';
import { runChaos } from './chaos/run-chaos.ts';
import type { RegistryKind } from './server-world/world.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    registry: { type: 'string' },
    herd: { type: 'string', default: '40' },
    short: { type: 'boolean', default: false },
    'stop-days': { type: 'string', default: '31' },
    'ms-per-day': { type: 'string', default: '1000' },
  },
});

/** A whole number that was given; ends the process with 2 when it is none. */
function wholeNumber(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number, not ${JSON.stringify(text)}`);
  process.exit(2);
}

function variants(): readonly RegistryKind[] {
  if (values.registry === 'embedded' || values.registry === 'postgres') return [values.registry];
  const postgres = findPostgres();
  if (postgres.type !== 'missing') return ['embedded', 'postgres'];
  console.error(`without Postgres: ${postgres.reason}`);
  return ['embedded'];
}

async function main(): Promise<number> {
  const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('seed', values.seed);
  const msPerDay = wholeNumber('ms-per-day', values['ms-per-day']);
  let isGood = true;
  for (const registry of variants()) {
    console.log(`seed ${String(seed)}, registry ${registry}`);
    const report = await runChaos({
      seed,
      registry,
      herd: wholeNumber('herd', values.herd),
      isWhole: !values.short,
      stopDays: values.short ? 0 : wholeNumber('stop-days', values['stop-days']),
      msPerDay,
      calmMsPerDay: Math.min(msPerDay, 400),
      tell: (words) => {
        console.log(`${new Date().toISOString().slice(11, 19)}  ${words}`);
      },
    });
    for (const words of report.explained) console.log(`explained: ${words}`);
    for (const words of report.wrongs) console.log(words);
    const { explained, wrongs, ...figures } = report;
    console.log(JSON.stringify({ registry, ...figures, explained: explained.length, wrongs: wrongs.length }));
    if (wrongs.length > 0) isGood = false;
  }
  return isGood ? 0 : 1;
}

process.exitCode = await main();
