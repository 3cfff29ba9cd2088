import * as z from 'zod';
import type { WhenNotFound } from '../contracts/instance.ts';
import type { Credentials } from './config.ts';
import { findCernEntries } from './cern-keys.ts';
import { springCron } from './cron-setting.ts';
import type { CrossProblem } from './cross-checks.ts';
import type { Environment } from './secrets.ts';
import { Secret } from './secret.ts';
import { httpUrl, text, wanted, wantOf } from './settings.ts';
import { fillSpringText } from './spring-text.ts';

/** INDIGO IAM's own block `cern`, as far as it means something here. */
export interface CernBlock {
  readonly experiment: string | null;
  /** Name, under the prefix `hr.cern`, of the label that holds the person id. */
  readonly personIdLabel: string;
  readonly hrUrl: string | null;
  readonly hrCredentials: Credentials | null;
  readonly cron: string | null;
  readonly onPersonIdNotFound: WhenNotFound;
  readonly onParticipationNotFound: WhenNotFound;
}

export interface CernReading {
  readonly block: CernBlock;
  /** What becomes of members whose participation is not found was decided by whoever wrote it. */
  readonly saysOnParticipationNotFound: boolean;
  readonly problems: readonly CrossProblem[];
  /** What works and had better be otherwise, in words. */
  readonly warnings: readonly string[];
}

const spelled = (words: readonly string[], want: string) =>
  wanted(
    z.string().refine((word) => words.includes(word.toLowerCase()), `is none of ${words.join(', ')}`),
    want,
  );

const whenNotFound = () =>
  wanted(
    z
      .string()
      .transform((word) => word.replace(/[-_]/g, '').toLowerCase())
      .refine(
        (word) => word === 'noaction' || word === 'disableuser',
        'is neither no_action nor disable_user',
      )
      .transform((word): WhenNotFound => (word === 'noaction' ? 'no_action' : 'disable_user')),
    'no_action or disable_user',
  );

const experimentName = text('the experiment as HR names it, such as CMS', {
  // The documentation's own example, pasted before it was filled in.
  pattern: /^(?!%%)/,
  message: 'is still the placeholder of the documentation',
});

const personIdClaim = text('the name of a label, such as cern_person_id', {
  pattern: /^[a-zA-Z][a-zA-Z0-9_.-]{0,63}$/,
  message: 'is no name of a label',
});

const userName = text('the user name for HTTP Basic', { pattern: /^[^:]+$/, message: 'has a colon in it' });

/**
 * Reads the block `cern` as INDIGO IAM's own configuration writes it: in any of Spring's ways to write a key, with
 * Spring's placeholders. What stands in it and means nothing here (`sso-issuer`, `task.enabled`, `task.page-size`) is
 * checked all the same. No problem and no warning repeats a value. `usesCron` = whether the block's schedule counts;
 * `usesCredentials` = whether its user name and password do.
 * Source: `docs/configuration.md`, "The block `cern`".
 */
export function readCernBlock(input: {
  readonly block: unknown;
  readonly environment: Environment;
  readonly usesCron: boolean;
  readonly usesCredentials: boolean;
}): CernReading {
  const { environment, usesCron, usesCredentials } = input;
  const found = findCernEntries(input.block);
  const problems = [...found.problems];
  const warnings: string[] = [];

  /** A setting as text, `null` if it is absent or wrong. */
  const textAt = (name: string): { text: string; isFromEnvironment: boolean } | null => {
    const entry = found.entries.get(name);
    if (entry === undefined) return null;
    const { value, path } = entry;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      problems.push({ path, what: 'is no single value', remedy: 'write one value behind it' });
      return null;
    }
    const filled = fillSpringText(String(value), environment);
    if (filled.ok) return filled;
    const what = `the environment variable ${filled.missing} is not set`;
    problems.push({ path, what, remedy: 'set it, or write a default behind a colon' });
    return null;
  };
  const read = <Value>(name: string, schema: z.ZodType<Value>): Value | null => {
    const filled = textAt(name);
    if (filled === null) return null;
    const result = schema.safeParse(filled.text.trim());
    if (result.success) return result.data;
    const path = found.entries.get(name)?.path ?? ['cern'];
    const what = result.error.issues[0]?.message ?? 'cannot be used';
    problems.push({ path, what, remedy: `write ${wantOf(schema) ?? 'something else'}` });
    return null;
  };

  const readCredentials = (): Credentials | null => {
    if (!usesCredentials) return null;
    const user = read('hr-api.username', userName);
    const password = textAt('hr-api.password');
    const [userEntry, passwordEntry] = ['hr-api.username', 'hr-api.password'].map((name) =>
      found.entries.get(name),
    );
    if (userEntry && !passwordEntry) {
      problems.push({
        path: userEntry.path,
        what: 'username is given without password',
        remedy: 'write password: ${CERN_HRAPI_PASSWORD} below it, and set that variable',
      });
    }
    if (passwordEntry && !userEntry) {
      const remedy = 'add username, or take password out to call HR without credentials';
      problems.push({ path: passwordEntry.path, what: 'password is given without username', remedy });
    }
    if (password !== null && !password.isFromEnvironment) {
      warnings.push(
        'the password of HR stands in the file, at cern.hr-api.password: write ${CERN_HRAPI_PASSWORD} in its place and set that variable',
      );
    }
    return user === null || password === null ? null : { user, password: new Secret(password.text) };
  };

  const readCron = (): string | null => {
    if (!usesCron) return null;
    const cron = read('task.cron-schedule', springCron());
    if (cron === '-') {
      warnings.push(
        'cern.task.cron-schedule is "-", so that nothing is synchronised by itself: if that was to switch off IAM\'s own task, write sync.cron',
      );
    }
    return cron;
  };

  read('sso-issuer', httpUrl());
  read(
    'task.page-size',
    text('a whole number of accounts', { pattern: /^\d+$/, message: 'is no whole number' }),
  );
  const enabled = read(
    'task.enabled',
    spelled(['true', 'on', 'yes', '1', 'false', 'off', 'no', '0'], 'true or false'),
  );
  if (enabled !== null && ['true', 'on', 'yes', '1'].includes(enabled.toLowerCase())) {
    warnings.push(
      "cern.task.enabled is true: IAM's own HR task must be off in the instance, or both write the same accounts; sync.enabled is the switch of ours",
    );
  }
  const block: CernBlock = {
    experiment: read('experiment-name', experimentName),
    personIdLabel: read('person-id-claim', personIdClaim) ?? 'cern_person_id',
    hrUrl: read('hr-api.url', httpUrl()),
    hrCredentials: readCredentials(),
    cron: readCron(),
    onPersonIdNotFound: read('on-person-id-not-found', whenNotFound()) ?? 'no_action',
    onParticipationNotFound: read('on-participation-not-found', whenNotFound()) ?? 'disable_user',
  };
  const saysOnParticipationNotFound = found.entries.has('on-participation-not-found');
  return { block, saysOnParticipationNotFound, problems, warnings };
}
