import * as z from 'zod';
import { environmentVariable } from './settings.ts';
import { Secret } from './secret.ts';

/** The environment, as an entry point hands it over. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every setting that names the environment variable of a secret. Nothing else is read from the environment. */
export const SECRET_SETTINGS = [
  ['registry', 'urlEnv'],
  ['hr', 'passwordEnv'],
  ['mail', 'passwordEnv'],
  ['links', 'keyEnv'],
  ['resources', 'secretEnv'],
  ['ldap', 'passwordEnv'],
  ['indigoIam', 'clientSecretEnv'],
] as const;

/** A key that nobody can guess has at least so many bytes. */
const SHORTEST_KEY_BYTES = 32;

const named = environmentVariable();
const mapping = z.record(z.string(), z.unknown());

/** Named variables that are not set. A name that is none is left to the schema, which does not repeat it. */
export function missingSecrets(
  file: unknown,
  environment: Environment,
): { path: readonly string[]; what: string; remedy: string }[] {
  return SECRET_SETTINGS.flatMap(([section, key]) => {
    const sections = mapping.safeParse(file);
    const settings = mapping.safeParse(sections.success ? sections.data[section] : undefined);
    const variable = named.safeParse(settings.success ? settings.data[key] : undefined);
    if (!variable.success) return [];
    const path = [section, key];
    const value = environment[variable.data] ?? '';
    if (value === '') {
      return [
        {
          path,
          what: `the environment variable ${variable.data} is not set`,
          remedy: 'set it, or correct the name',
        },
      ];
    }
    if (section === 'links' && Buffer.byteLength(value) < SHORTEST_KEY_BYTES) {
      const what = `the environment variable ${variable.data} holds a key of less than ${String(SHORTEST_KEY_BYTES)} bytes`;
      return [{ path, what, remedy: 'make one with: openssl rand -base64 48' }];
    }
    if (section === 'registry' && !/^postgres(ql)?:\/\//.test(value)) {
      const what = `the environment variable ${variable.data} holds no address of a Postgres database`;
      return [{ path, what, remedy: 'set it to postgres://user:password@host:5432/database' }];
    }
    return [];
  });
}

/** The secret in a variable that `missingSecrets` has seen to be set. */
export function secretFrom(environment: Environment, variable: string): Secret {
  return new Secret(environment[variable] ?? '');
}
