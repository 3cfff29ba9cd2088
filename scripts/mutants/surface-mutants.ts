import type { Mutant } from './mutant.ts';

const CHECK = ['test/demo/check/check-story.test.ts'];

/** Mail that is not sent as the setting says, and a judge of the demo that looks away. */
export const SURFACE_MUTANTS: readonly Mutant[] = [
  {
    name: 'tls-none-asks-for-starttls',
    file: 'src/connectors/smtp/create-smtp-mailer.ts',
    find: 'ignoreTLS: options.ignoreTls ?? false,',
    replace: 'ignoreTLS: false,',
    tests: ['test/connectors/smtp/create-smtp-mailer.integration.test.ts'],
  },
  {
    name: 'untrusted-certificate-is-trusted',
    file: 'src/connectors/smtp/create-smtp-mailer.ts',
    find: 'requireTLS: requireTls,',
    replace: 'requireTLS: requireTls, tls: { rejectUnauthorized: false },',
    tests: ['test/connectors/smtp/create-smtp-mailer.integration.test.ts'],
  },
  {
    name: 'demo-excuses-without-a-name',
    file: 'src/demo/check/summary.ts',
    find: 'excused === null ? [] :',
    replace: "excused !== 'it may happen or not' ? [] :",
    tests: CHECK,
  },
  {
    name: 'demo-excuses-although-no-worker-was-down',
    file: 'src/demo/check/check-story.ts',
    find: 'if (line.unlessDown !== null && wasDown(outages, line.unlessDown))',
    replace: 'if (line.unlessDown !== null)',
    tests: CHECK,
  },
];
