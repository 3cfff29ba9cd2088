import * as z from 'zod';
import { fileError } from '../config/file-problem.ts';
import { readYaml } from '../config/yaml-source.ts';
import type { Policy, PolicySet } from '../contracts/policy.ts';
import type { PolicyProblem } from '../policy/check-policy.ts';
import { checkPolicySet } from '../policy/check-policy.ts';
import { FILE_KEYS, KINDS } from './fields.ts';
import type { Mapping, Path } from './policy-reader.ts';
import { createPolicyReader } from './policy-reader.ts';
import type { PolicyDraft } from './read-policy.ts';
import { readDefaults, readPolicy } from './read-policy.ts';

const text = { schema: z.string(), want: 'it as text, in quotes if it looks like a number' };

/**
 * Reads a site's own policies. The form is documented in `policies/example.yaml`.
 *
 * Throws a `ConfigurationError` that lists every problem: file, line, what, the thought behind it, the remedy.
 */
export function loadPolicySet(yamlText: string, fileName: string): PolicySet {
  const source = readYaml(yamlText);
  if (source.problems.length > 0) throw fileError(fileName, source.problems);
  const reader = createPolicyReader(source);
  const file = reader.mapping(source.value, [], FILE_KEYS);
  const name = reader.field(file, 'name', [], text) ?? '';
  const version = reader.field(file, 'version', [], text) ?? '';
  const defaults = file['defaults'] === undefined ? {} : readDefaults(reader, file['defaults']);
  const kinds = file['policies'] === undefined ? {} : reader.mapping(file['policies'], ['policies'], KINDS);

  const drafts = new Map<string, PolicyDraft>();
  const policies: Partial<Record<Policy['kind'], Policy>> = {};
  for (const kind of KINDS) {
    if (kinds[kind] === undefined) continue;
    const draft = readPolicy(reader, { value: kinds[kind], kind, name, version, defaults });
    drafts.set(kind, draft);
    policies[kind] = draft.policy;
  }

  const set: PolicySet = { name, version, policies };
  // With nothing read there is one problem, not three.
  const unreadable = reader.hasFailed([]);
  for (const problem of unreadable ? [] : checkPolicySet(set)) {
    const path = pathInFile(problem.path, drafts, kinds);
    if (reader.hasFailed(path) || isDerived(problem, drafts)) continue;
    const { what, why, remedy } = problem;
    reader.report(path, { what, why, remedy });
  }
  if (reader.problems.length > 0) throw fileError(fileName, reader.problems);
  return set;
}

/** Where the fault stands that `checkPolicySet` found: a setting may stand under `defaults`. */
function pathInFile(path: Path, drafts: ReadonlyMap<string, PolicyDraft>, kinds: Mapping): Path {
  const [top, kind, key, index, ...rest] = path;
  if (top !== 'policies' || typeof kind !== 'string' || typeof key !== 'string') return path;
  if (key === 'version' || key === 'name') return [key];
  if (key === 'milestones' && typeof index === 'number') {
    return [top, kind, key, drafts.get(kind)?.fileIndex[index] ?? index, ...rest];
  }
  const own = kinds[kind];
  const standsHere =
    key === 'milestones' || key === 'noticesBy' || (typeof own === 'object' && own !== null && key in own);
  return standsHere ? path : ['defaults', key];
}

/** Whether it only says that something is missing which could not be read. */
function isDerived(problem: PolicyProblem, drafts: ReadonlyMap<string, PolicyDraft>): boolean {
  const aboutAbsence = /-missing$|-without-|^notices-by$/.test(problem.code);
  return aboutAbsence && drafts.get(String(problem.path[1]))?.incomplete === true;
}
