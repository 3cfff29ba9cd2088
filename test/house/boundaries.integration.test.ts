import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const eslint = new ESLint({ cwd: root, overrideConfigFile: 'eslint/house.config.js' });

async function messagesOf(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: `${root}${file}` });
  return (result?.messages ?? []).map((message) => message.message);
}

describe('a forbidden import is refused with the reason', () => {
  it.each([
    ['src/policy/snippet.ts', `import { z } from 'zod';`, 'src/policy is pure'],
    ['src/policy/snippet.ts', `import { readFileSync } from 'node:fs';`, 'src/policy is pure'],
    ['src/policy/snippet.ts', `import type { Duration } from '@temporalio/common';`, 'src/policy is pure'],
    ['src/policy/deep/snippet.ts', `import { x } from '../../errors.ts';`, 'src/policy is pure'],
    [
      'src/contracts/snippet.ts',
      `import { x } from '../policy/calendar.ts';`,
      'src/contracts imports nothing',
    ],
    ['src/contracts/snippet.ts', `export { z } from 'zod';`, 'src/contracts imports nothing'],
    ['workflows/snippet.ts', `import { z } from 'zod';`, 'waiting and ordering only'],
    ['workflows/snippet.ts', `import { a } from '../activities/index.ts';`, 'waiting and ordering only'],
    // A type inside a value import leaves the import, and with it the module, in the bundle.
    ['workflows/snippet.ts', `import { type A } from '../activities/index.ts';`, 'waiting and ordering only'],
    ['workflows/snippet.ts', `import { Client } from '@temporalio/client';`, 'waiting and ordering only'],
    ['workflows/snippet.ts', `const x = await import('node:fs');`, 'waiting and ordering only'],
    ['workflows/snippet.ts', `import type { Registry } from '../src/registry/registry.ts';`, 'waiting and'],
    ['activities/snippet.ts', `import { x } from '../src/connectors/hr-api/client.ts';`, 'act through ports'],
    ['activities/snippet.ts', `import { x } from '../src/registry/postgres/open.ts';`, 'act through ports'],
    ['activities/snippet.ts', `export * from '../src/registry/migrations.ts';`, 'act through ports'],
    ['activities/snippet.ts', `import { x } from '../workflows/account-lifecycle.ts';`, 'act through ports'],
    ['activities/snippet.ts', `import { request } from 'undici';`, 'act through ports'],
    [
      'src/api/server.ts',
      `import { x } from '../registry/postgres/open.ts';`,
      'the API reads the registry through',
    ],
    ['src/api/server.ts', `import { x } from '../../workflows/account-lifecycle.ts';`, 'the API reads'],
    [
      'src/cli/status.ts',
      `import type { Registry } from '../registry/registry.ts';`,
      'never opens the registry',
    ],
    ['src/cli/status.ts', `import { Worker } from '@temporalio/worker';`, 'never opens the registry'],
    ['src/connectors/ldap/client.ts', `import { log } from '@temporalio/activity';`, 'nothing of Temporal'],
    [
      'src/registry/postgres/open.ts',
      `import { x } from '../../connectors/mail/smtp.ts';`,
      'knows its database',
    ],
    ['src/notices/render.ts', `import { x } from '../connectors/mail/smtp.ts';`, 'leave sending'],
    ['src/temporal-client.ts', `import { x } from './registry/postgres/open.ts';`, 'only entry points'],
    [
      'checker/duties.ts',
      `import type { Tie } from '../src/contracts/affiliation.ts';`,
      'imports nothing but',
    ],
    [
      'checker/duties.ts',
      `import { addDays } from '../src/policy/calendar.ts';`,
      'imports nothing but itself',
    ],
    ['checker/duties.ts', `import { x } from '../workflows/messages.ts';`, 'imports nothing but itself'],
    ['checker/duties.ts', `import type { A } from '../activities/index.ts';`, 'imports nothing but itself'],
    ['checker/duties.ts', `import { z } from 'zod';`, 'imports nothing but itself'],
    ['src/policy/snippet.ts', `import { x } from '../../checker/ties.ts';`, 'src/policy is pure'],
    ['src/worker/main.ts', `import { x } from '../../checker/check-life.ts';`, 'judged by nobody'],
    ['src/worker/main.ts', `import { x } from '../demo/doubles/hr.ts';`, 'doubles of outside systems'],
    ['src/api/main.ts', `import { x } from '../demo/doubles/hr.ts';`, 'doubles of outside systems'],
    ['src/worker/main.ts', `import { x } from '../dev/temporal-server.ts';`, 'for trying things out'],
    ['src/worker/main.ts', `import { x } from '../../test/support/builders.ts';`, 'not shipped'],
    [
      'src/worker/main.ts',
      `import { proxyActivities } from '@temporalio/workflow';`,
      'inside the workflow sandbox',
    ],
    ['src/demo/main.ts', `import { x } from '@temporalio/testing';`, 'not there in production'],
  ])('%s: %s', async (file, code, reason) => {
    expect(await messagesOf(file, code)).toEqual([expect.stringContaining(reason)]);
  });
});

describe('an allowed import is left alone', () => {
  it.each([
    ['src/policy/snippet.ts', `import type { Tie } from '../contracts/affiliation.ts';`],
    ['src/contracts/snippet.ts', `import type { Tie } from './affiliation.ts';`],
    ['workflows/snippet.ts', `import { condition } from '@temporalio/workflow';`],
    ['workflows/snippet.ts', `import type { A } from '../activities/index.ts';`],
    ['workflows/snippet.ts', `import { nextStep } from '../src/policy/next-step.ts';`],
    ['activities/snippet.ts', `import type { Registry } from '../src/registry/registry.ts';`],
    ['activities/snippet.ts', `import type { HrSource } from '../src/connectors/hr-source.ts';`],
    ['src/api/server.ts', `import fastify from 'fastify';`],
    ['src/api/main.ts', `import { x } from '../registry/postgres/open.ts';`],
    ['src/cli/status.ts', `import { Client } from '@temporalio/client';`],
    ['src/worker/wiring.ts', `import { x } from '../connectors/mail/smtp.ts';`],
    ['src/demo/story.ts', `import { x } from './doubles/hr.ts';`],
    ['src/connectors/hr-api/client.ts', `import { Pool } from 'undici';`],
  ])('%s: %s', async (file, code) => {
    expect(await messagesOf(file, code)).toEqual([]);
  });
});

describe('the environment, the clock and the console have their places', () => {
  it.each([
    ['src/config.ts', `export const url = process.env['URL'];`, 'Only entry points'],
    ['src/config.ts', `const { env } = process;`, 'Only entry points'],
    ['src/policy/a.ts', `const { env } = process;`, 'Only entry points'],
    ['src/config.ts', `import { env } from 'node:process';`, 'Only entry points'],
    ['src/policy/a.ts', `export const now = Date.now();`, 'Time enters as an argument'],
    ['src/contracts/a.ts', `export const now = new Date();`, 'Time enters as an argument'],
    ['src/policy/a.ts', `export const spread = Math.random();`, 'pure function'],
    ['workflows/a.ts', `export const now = Date.now();`, 'workflows/clock.ts alone'],
    ['workflows/a.ts', `await Promise.race([]);`, 'leaks the timer'],
    ['src/api/a.ts', `console.log('x');`, 'Unexpected console'],
  ])('%s: %s', async (file, code, reason) => {
    expect(await messagesOf(file, code)).toEqual([expect.stringContaining(reason)]);
  });

  it.each([
    ['src/worker/main.ts', `console.log(process.env['URL']);`],
    ['test/a.test.ts', `console.log(process.env['URL'], Date.now());`],
    ['src/policy/a.ts', `export const date = new Date(0);`],
    ['workflows/clock.ts', `export const now = Date.now();`],
    ['src/demo/table.ts', `console.log('x');`],
  ])('%s: %s', async (file, code) => {
    expect(await messagesOf(file, code)).toEqual([]);
  });
});

it('the project’s own configuration contains these rules', async () => {
  const config: unknown = await new ESLint({ cwd: root }).calculateConfigForFile(
    `${root}src/policy/calendar.ts`,
  );
  expect(config).toHaveProperty(['rules', 'house/boundaries'], [2]);
});
