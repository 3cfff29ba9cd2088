import type * as z from 'zod';
import { ldapProblems } from './ldap-config.ts';
import { resourcesProblems } from './resources-config.ts';
import { configSchema } from './schema.ts';

export interface CrossProblem {
  readonly path: readonly string[];
  readonly what: string;
  readonly remedy: string;
}

/**
 * What is wrong between settings that are right each by itself. Sections that are wrong are left out. `isExperimentNamed`
 * = the block `cern` says which experiment counts, or is wrong itself.
 */
export function crossChecks(
  file: Readonly<Record<string, unknown>>,
  isExperimentNamed: boolean,
): CrossProblem[] {
  const section = <T>(schema: z.ZodType<T>, name: string): T | null => {
    const result = schema.safeParse(file[name]);
    return result.success ? result.data : null;
  };
  const { shape } = configSchema;
  const registry = section(shape.registry, 'registry');
  const hr = section(shape.hr, 'hr');
  const mail = section(shape.mail, 'mail');
  const tuning = section(shape.tuning, 'tuning');
  const sync = section(shape.sync, 'sync');
  const problems: CrossProblem[] = [];
  if (registry?.folder !== undefined && registry.urlEnv !== undefined) {
    problems.push({
      path: ['registry'],
      what: 'both folder and urlEnv are given, but the registry is in one place',
      remedy: 'keep folder (embedded) or urlEnv (Postgres)',
    });
  }
  for (const [name, settings] of [
    ['hr', hr],
    ['mail', mail],
  ] as const) {
    if (settings === null || (settings.user === undefined) === (settings.passwordEnv === undefined)) continue;
    const [there, missing] = settings.user === undefined ? ['passwordEnv', 'user'] : ['user', 'passwordEnv'];
    problems.push({
      path: [name, there],
      what: `${there} is given without ${missing}`,
      remedy: `add ${missing}, or take ${there} out to call it without credentials`,
    });
  }
  const links = section(shape.links, 'links');
  if (links !== null && (links.publicUrl === undefined) !== (links.keyEnv === undefined)) {
    const [there, missing] =
      links.publicUrl === undefined ? ['keyEnv', 'publicUrl'] : ['publicUrl', 'keyEnv'];
    problems.push({
      path: ['links', there],
      what: `${there} is given without ${missing}`,
      remedy: `add ${missing}, or take ${there} out to send mails without links`,
    });
  }
  if (tuning !== null && tuning.heartbeatSeconds >= tuning.startToCloseSeconds) {
    problems.push({
      path: ['tuning', 'heartbeatSeconds'],
      what: 'is not shorter than startToCloseSeconds, so that a dead worker would be noticed no sooner',
      remedy: `write less than ${tuning.startToCloseSeconds}`,
    });
  }
  if (sync !== null && sync.safeguard.hours >= sync.keepPlansDays * 24) {
    problems.push({
      path: ['sync', 'safeguard', 'hours'],
      what: 'is not shorter than keepPlansDays, so that losses would be forgotten before they count no more',
      remedy: `write less than ${sync.keepPlansDays * 24}, or keep plans for more days`,
    });
  }
  const indigoIam = section(shape.indigoIam, 'indigoIam') ?? null;
  if (indigoIam !== null && !isExperimentNamed) {
    problems.push({
      path: ['indigoIam'],
      what: 'the experiment is not named whose participations count',
      remedy: "paste the block cern of the instance's own configuration, or write experiment-name below cern",
    });
  }
  if (tuning !== null && indigoIam !== null && indigoIam.timeoutSeconds >= tuning.startToCloseSeconds) {
    problems.push({
      path: ['indigoIam', 'timeoutSeconds'],
      what: 'is not shorter than tuning.startToCloseSeconds: a call must end before its activity does',
      remedy: `write less than ${tuning.startToCloseSeconds}`,
    });
  }
  if (tuning !== null && hr !== null && hr.timeoutSeconds >= tuning.startToCloseSeconds) {
    problems.push({
      path: ['hr', 'timeoutSeconds'],
      what: 'is not shorter than tuning.startToCloseSeconds: a call must end before its activity does',
      remedy: `write less than ${tuning.startToCloseSeconds}`,
    });
  }
  return [
    ...problems,
    ...resourcesProblems(section(shape.resources, 'resources') ?? null, tuning),
    ...ldapProblems(section(shape.ldap, 'ldap') ?? null, tuning),
  ];
}
