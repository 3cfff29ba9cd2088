import { parseArgs } from 'node:util';
import { ConfigurationError } from '../errors.ts';

export interface DemoOptions {
  readonly secondsPerDay: number;
  readonly once: boolean;
  readonly kills: number;
  readonly seed: number;
  readonly quiet: boolean;
  /** With an INDIGO IAM instance beside the directory. */
  readonly withIam: boolean;
  /** With a directory over LDAP in place of the embedded one. */
  readonly withLdap: boolean;
  readonly help: boolean;
}

export const USAGE = `Plays ten months in the life of some fifty people: their accounts live in a real Temporal server.

  npm run demo -- [options]

  --seconds-per-day N   real seconds for a day of the story (default 1; at least 0.25)
  --once                end with the story, check every outcome against the story's lists, and exit 0 only if all held
  --kills N             kill -9 the worker N times on the way, and start another
  --seed S              a whole number that decides the moments of the kills (default 1)
  --quiet               print the summary only
  --with-iam            six more people, who have accounts in an INDIGO IAM instance too
  --with-ldap           keep the accounts in an OpenLDAP server (wants slapd and ldap-utils)
  --help                this text

Without --once it goes on after the story, until Ctrl-C. More: docs/demo.md`;

function numberFrom(name: string, text: string, least: number, whole: boolean): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least && (!whole || Number.isInteger(value)))
    return value;
  throw new ConfigurationError(
    `--${name} must be a ${whole ? 'whole ' : ''}number, at least ${String(least)}, not "${text}".`,
  );
}

/** Reads the command line. Throws a `ConfigurationError` that names what is wrong. */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'seconds-per-day': { type: 'string', default: '1' },
        once: { type: 'boolean', default: false },
        kills: { type: 'string', default: '0' },
        seed: { type: 'string', default: '1' },
        quiet: { type: 'boolean', default: false },
        'with-iam': { type: 'boolean', default: false },
        'with-ldap': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return {
      secondsPerDay: numberFrom('seconds-per-day', values['seconds-per-day'], 0.25, false),
      once: values.once,
      kills: numberFrom('kills', values.kills, 0, true),
      seed: numberFrom('seed', values.seed, 0, true),
      quiet: values.quiet,
      withIam: values['with-iam'],
      withLdap: values['with-ldap'],
      help: values.help,
    };
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}
