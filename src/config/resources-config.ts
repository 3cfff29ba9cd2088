import type * as z from 'zod';
import type { CrossProblem } from './cross-checks.ts';
import type { resourcesSchema } from './resources-schema.ts';
import type { Secret } from './secret.ts';
import { secretFrom, type Environment } from './secrets.ts';

type ResourcesFile = z.infer<typeof resourcesSchema>;

/** The system that knows which other official resources people own, with the secret that its settings name. */
export interface ResourcesConfig extends Readonly<Omit<ResourcesFile, 'user' | 'secretEnv'>> {
  /** `user` `null` = the secret is a bearer token, else a password; `null` = it is called without credentials. */
  readonly credentials: { readonly user: string | null; readonly secret: Secret } | null;
}

/** The block `resources`, complete; `null` = notices list service accounts only. */
export function resourcesConfig(file: ResourcesFile | undefined, env: Environment): ResourcesConfig | null {
  if (file === undefined) return null;
  const { user = null, secretEnv, ...rest } = file;
  const credentials = secretEnv === undefined ? null : { user, secret: secretFrom(env, secretEnv) };
  return { ...rest, credentials };
}

/** What is wrong between settings that are right each by itself. */
export function resourcesProblems(
  resources: ResourcesFile | null,
  tuning: { readonly startToCloseSeconds: number } | null,
): CrossProblem[] {
  if (resources === null) return [];
  const problems: CrossProblem[] = [];
  if (resources.user !== undefined && resources.secretEnv === undefined) {
    problems.push({
      path: ['resources', 'user'],
      what: 'user is given without secretEnv',
      remedy: 'add secretEnv, or take user out to call it without credentials',
    });
  }
  if (tuning !== null && resources.timeoutSeconds >= tuning.startToCloseSeconds) {
    problems.push({
      path: ['resources', 'timeoutSeconds'],
      what: 'is not shorter than tuning.startToCloseSeconds: a call must end before its activity does',
      remedy: `write less than ${tuning.startToCloseSeconds}`,
    });
  }
  return problems;
}
