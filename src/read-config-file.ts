import { readFileSync } from 'node:fs';
import { type Config, type Environment, loadConfig } from './config.ts';
import { ConfigurationError } from './errors.ts';

/** Reads and checks a configuration file. Throws a `ConfigurationError` that names every problem. */
export function readConfigFile(path: string, env: Environment): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ConfigurationError(
      `The configuration file ${path} cannot be read. Remedy: copy lifecycle.example.yaml and give its path with --config.`,
    );
  }
  return loadConfig({ text, fileName: path, env });
}
