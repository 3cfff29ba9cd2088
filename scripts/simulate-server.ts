/**
 * Lives random lives on a real Temporal server, with real workflows and a clock that runs fast, kills the worker now and
 * then, and holds every life against the independent checker.
 *
 *   npm run simulate:server -- --accounts 400 --years 5 --ms-per-day 300 --kills 5 --seed S
 *
 * The last line on stdout is one JSON object. Ends with 1 when anything was found.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { simulateOnServer } from './simulate-server/run.ts';

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '400' },
    years: { type: 'string', default: '5' },
    'ms-per-day': { type: 'string', default: '300' },
    kills: { type: 'string', default: '5' },
    seed: { type: 'string' },
  },
});

/** A whole number that was given; ends the process with 2 when it is none. */
function wholeNumber(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  console.error(`--${name} must be a whole number, not ${JSON.stringify(text)}`);
  process.exit(2);
}

async function main(): Promise<number> {
  const seed = values.seed === undefined ? randomInt(2 ** 31) : wholeNumber('seed', values.seed);
  const since = performance.now();
  console.log(`seed ${String(seed)}`);
  const { accounts, accountYears, counts, merged, mails, msPerDay, kills } = await simulateOnServer({
    seed,
    accounts: wholeNumber('accounts', values.accounts),
    years: wholeNumber('years', values.years),
    msPerDay: wholeNumber('ms-per-day', values['ms-per-day']),
    kills: wholeNumber('kills', values.kills),
    tell: (words) => {
      console.log(words);
    },
  });
  const total = Object.values(counts).reduce((a, b) => a + b);
  console.log(
    `${String(accounts)} accounts, ${String(mails)} mails, ${String(kills)} workers killed, ` +
      `a day in ${String(msPerDay)} ms; ${String(merged)} notices merged with a later one; ${String(total)} findings`,
  );
  // What has no figure of its own below would otherwise not be seen in it.
  if (counts.lost + counts.wrong > 0)
    console.log(`lost: ${String(counts.lost)}, unexplained: ${String(counts.wrong)}`);
  console.log(
    JSON.stringify({
      accountYears: Math.round(accountYears),
      seed,
      wrongBlocks: counts.wrongBlock,
      wrongDeletes: counts.wrongDelete,
      noticesMissed: counts.noticeMissed,
      noticesDoubled: counts.noticeDoubled,
      early: counts.early,
      seconds: Math.round((performance.now() - since) / 100) / 10,
    }),
  );
  return total === 0 ? 0 : 1;
}

process.exitCode = await main();
