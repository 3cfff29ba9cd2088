import type * as z from 'zod';
import { isShipped } from '../policies/shipped.ts';
import type { Config, Credentials } from './config.ts';
import { crossChecks } from './cross-checks.ts';
import { pastedBlock, pastedCredentials, pastedWarnings, withCern, withPasted } from './pasted-block.ts';
import type { CernReading } from './cern-block.ts';
import { dotted, fileError } from './file-problem.ts';
import type { FileProblem } from './file-problem.ts';
import { ldapConfig, ldapWarnings } from './ldap-config.ts';
import { parseLoginPattern } from './login-pattern.ts';
import { isMapping } from './is-mapping.ts';
import { nearest } from './nearest.ts';
import type { ConfigFile } from './schema.ts';
import { resourcesConfig } from './resources-config.ts';
import { configSchema } from './schema.ts';
import type { Environment } from './secrets.ts';
import { missingSecrets, secretFrom } from './secrets.ts';
import { unknownKeys } from './unknown-keys.ts';
import { schemaAt, valueAt } from './walk.ts';
import { wantOf } from './settings.ts';
import { readYaml } from './yaml-source.ts';

const DEFAULT_FOLDER = './data/registry';
const MISSING = 'is missing';

/**
 * Reads a deployment's configuration: the text of `lifecycle.yaml`, and secrets from the environment variables
 * that it names. Opens no file and no connection.
 *
 * Throws a `ConfigurationError` that lists every problem with line, setting, what is wrong and the remedy.
 * It repeats no secret. Every setting is explained in `lifecycle.example.yaml`.
 */
export function loadConfig(input: { text: string; fileName: string; env: Environment }): Config {
  const source = readYaml(input.text);
  if (source.problems.length > 0) throw fileError(input.fileName, source.problems);
  const written = withoutEmpty(source.value);
  if (!isMapping(written)) {
    const remedy = 'copy lifecycle.example.yaml and change what differs';
    throw fileError(input.fileName, [{ line: 1, path: '', what: 'it holds no settings', remedy }]);
  }
  const pasted = pastedBlock(written, input.env);
  const file = pasted === null ? written : withPasted(written, pasted.block);
  const parsed = configSchema.safeParse(file);
  // A block that is wrong gives no URL of HR, which is then not missing.
  const isWrongBlock = pasted !== null && pasted.problems.length > 0;
  const issues = (parsed.error?.issues ?? []).map((issue) => describe(issue, file));
  const found = [
    ...(pasted?.problems ?? []),
    ...unknownKeys(configSchema, file),
    ...issues.filter(
      ({ path, what }) => !(isWrongBlock && what === MISSING && /^hr(\.url)?$/.test(dotted(path))),
    ),
    ...missingSecrets(file, input.env),
    ...crossChecks(file, isWrongBlock || (pasted?.block.experiment ?? null) !== null),
  ];
  const problems = found.map(({ path, what, remedy }): FileProblem => {
    return { line: source.lineOf(path), path: dotted(path), what, remedy };
  });
  if (!parsed.success || problems.length > 0) throw fileError(input.fileName, problems);
  return complete(parsed.data, pasted, input.env);
}

function describe(
  issue: z.core.$ZodIssue,
  file: unknown,
): { path: (string | number)[]; what: string; remedy: string } {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const value = valueAt(file, path);
  const want = wantOf(schemaAt(configSchema, path));
  if (value === undefined) {
    return { path, what: MISSING, remedy: want === null ? 'write its settings' : `write ${want}` };
  }
  const what = issue.code === 'invalid_type' ? `is ${typeName(value)}` : issue.message;
  const quotes = issue.code === 'invalid_type' && issue.expected === 'string' && typeof value === 'number';
  const meant = typeof value === 'string' ? nearest(value, wordsOf(issue)) : null;
  const remedy =
    meant === null ? `write ${want ?? 'its settings below it, indented'}` : `did you mean ${meant}?`;
  return { path, what, remedy: quotes ? `${remedy}; put it in quotes` : remedy };
}

function wordsOf(issue: z.core.$ZodIssue): string[] {
  return issue.code === 'invalid_value' ? issue.values.map(String) : [];
}

function complete(file: ConfigFile, pasted: CernReading | null, env: Environment): Config {
  const {
    registry,
    hr,
    mail,
    logins,
    policy,
    sync,
    ldap,
    indigoIam,
    links,
    resources,
    api,
    cern: _cern,
    ...rest
  } = file;
  const { user: hrUser, passwordEnv: hrVariable, ...hrRest } = hr;
  const { user: mailUser, passwordEnv: mailVariable, ...mailRest } = mail;
  return {
    ...rest,
    policy: isShipped(policy) ? { shipped: policy } : { file: policy },
    registry:
      registry.urlEnv === undefined
        ? { type: 'embedded', folder: registry.folder ?? DEFAULT_FOLDER }
        : { type: 'postgres', url: secretFrom(env, registry.urlEnv) },
    hr: {
      ...hrRest,
      credentials: credentials(hrUser, hrVariable, env) ?? pastedCredentials(hr.url, pasted),
      timeZone: hr.timeZone ?? file.timeZone,
    },
    mail: {
      ...mailRest,
      credentials: credentials(mailUser, mailVariable, env),
      fromName: mail.fromName ?? null,
      domain: mail.domain ?? mail.from.slice(mail.from.lastIndexOf('@') + 1),
    },
    logins: {
      parts: parseLoginPattern(logins.pattern) ?? [],
      maxLength: logins.maxLength,
      requestedMaxLength: logins.requestedMaxLength,
      reserved: logins.reserved,
      mailDomain: logins.mailDomain,
    },
    links: linksOf(links, env),
    resources: resourcesConfig(resources, env),
    sync: { ...sync, timeZone: sync.timeZone ?? file.timeZone },
    ldap: ldapConfig(ldap, env),
    indigoIam: indigoIam === undefined || pasted === null ? null : withCern(indigoIam, pasted.block, env),
    api: api ?? null,
    warnings: [...(pasted?.warnings ?? []), ...pastedWarnings(file, pasted), ...ldapWarnings(ldap)],
  };
}

function linksOf({ publicUrl, keyEnv }: ConfigFile['links'], env: Environment): Config['links'] {
  return publicUrl === undefined || keyEnv === undefined ? null : { publicUrl, key: secretFrom(env, keyEnv) };
}

function credentials(
  user: string | undefined,
  variable: string | undefined,
  env: Environment,
): Credentials | null {
  return user === undefined || variable === undefined ? null : { user, password: secretFrom(env, variable) };
}

/** A key with nothing behind it says nothing, as if it were not there. */
function withoutEmpty(value: unknown): unknown {
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutEmpty(inner)]])),
  );
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}
