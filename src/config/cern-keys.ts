import type { CrossProblem } from './cross-checks.ts';
import { isMapping } from './is-mapping.ts';
import { nearest } from './nearest.ts';

/** The keys of INDIGO IAM's block `cern`, as its documentation writes them, and those below each. */
export const CERN_KEYS = {
  'sso-issuer': null,
  'person-id-claim': null,
  'experiment-name': null,
  'hr-api': ['url', 'username', 'password'],
  task: ['enabled', 'cron-schedule', 'page-size'],
  'on-person-id-not-found': null,
  'on-participation-not-found': null,
} as const satisfies Readonly<Record<string, readonly string[] | null>>;

/** A setting of the block, wherever it stands: `experiment-name`, `hr-api.url`. */
export interface CernEntry {
  readonly value: unknown;
  /** As the file writes it. */
  readonly path: readonly string[];
}

export interface CernEntries {
  readonly entries: ReadonlyMap<string, CernEntry>;
  readonly problems: readonly CrossProblem[];
}

/** Spring takes a key in camel case, kebab case or with underscores, in any letter case. */
function plain(key: string): string {
  return key.replace(/[-_]/g, '').toLowerCase();
}

function camelCase(key: string): string {
  return key.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
}

/** The settings of a pasted block by their names, whichever way they are written; and what is unknown or there twice. */
export function findCernEntries(block: unknown): CernEntries {
  const entries = new Map<string, CernEntry>();
  const problems: CrossProblem[] = [];

  const walk = (value: unknown, path: readonly string[], known: readonly string[], above: string): void => {
    if (!isMapping(value)) {
      const what = 'holds no settings';
      problems.push({ path, what, remedy: `write its settings below it, indented: ${known.join(', ')}` });
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const at = [...path, key];
      const name = known.find((candidate) => plain(candidate) === plain(key));
      if (name === undefined) {
        const meant = nearest(key, [...known, ...known.map(camelCase)]);
        const remedy =
          meant === null ? `take it out; known here are ${known.join(', ')}` : `did you mean ${meant}?`;
        problems.push({ path: at, what: 'unknown setting', remedy });
        continue;
      }
      const full = above + name;
      if (entries.has(full)) {
        problems.push({ path: at, what: `is ${name} a second time`, remedy: 'keep one of them' });
        continue;
      }
      entries.set(full, { value: inner, path: at });
      const below = Object.entries(CERN_KEYS).find(([group]) => group === full)?.[1] ?? null;
      if (below !== null) walk(inner, at, below, `${full}.`);
    }
  };
  walk(block, ['cern'], Object.keys(CERN_KEYS), '');
  return { entries, problems };
}
