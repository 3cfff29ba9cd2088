import { expect, it } from 'vitest';
import { tellProgress } from '../../src/cli/sync-progress.ts';

type Pending = Awaited<ReturnType<Parameters<typeof tellProgress>[0]['pending']>>;

/** What is said when the server answers so, one after the other, and then it is over. */
async function said(answers: readonly (Pending | Error)[]): Promise<readonly string[]> {
  const left = [...answers];
  const lines: string[] = [];
  await tellProgress({
    pause: async () => left.length > 0,
    pending: async () => {
      const answer = left.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? [];
    },
    progress: (line) => lines.push(line),
  });
  return lines;
}

const looking = { activityType: { name: 'observePersons' }, attempt: 1 };
const waiting = { ...looking, attempt: 3, lastFailure: { message: 'HR is unavailable' } };

it('says what the synchronisation waits for, once as long as it stays the same', async () => {
  expect(await said([[looking], [looking], [looking, waiting], []])).toEqual([
    'observePersons',
    'observePersons; observePersons, attempt 3, waits: HR is unavailable',
  ]);
});

it('goes on when the server gives no answer for a moment', async () => {
  const hiccup = new Error('14 UNAVAILABLE');
  expect(await said([[looking], hiccup, hiccup, [looking]])).toEqual([
    'observePersons',
    'no answer from Temporal; asking again',
    'observePersons',
  ]);
});
