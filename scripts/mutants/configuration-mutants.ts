import type { Mutant } from './mutant.ts';

const TESTS = ['test/cli/configuration-warnings.integration.test.ts'];

/** Warnings about a configuration that nobody reads, or that spoil what a script reads. */
export const CONFIGURATION_MUTANTS: readonly Mutant[] = [
  {
    name: 'commands-keep-warnings-to-themselves',
    file: 'src/cli/deployment.ts',
    find: 'for (const warning of config.warnings) progress',
    replace: 'for (const warning of config.warnings.slice(1)) progress',
    tests: TESTS,
  },
  {
    name: 'warnings-stand-in-the-result',
    file: 'src/cli/deployment.ts',
    find: 'export function configOf({ readConfig, progress }: CliSurroundings',
    replace: 'export function configOf({ readConfig, print: progress }: CliSurroundings',
    tests: TESTS,
  },
  {
    name: 'schedule-apply-reads-without-warning',
    file: 'src/cli/schedule-command.ts',
    find: 'configOf(surroundings, file)',
    replace: 'surroundings.readConfig(file)',
    tests: TESTS,
  },
];
