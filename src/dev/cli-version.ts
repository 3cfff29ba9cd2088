/** The oldest Temporal CLI whose server does what the project relies on. */
export const MINIMUM_CLI_VERSION = '1.9.1';

/** The version in what `temporal --version` prints (`temporal version 1.9.1 (Server …)`); `null` = none found. */
export function parseCliVersion(output: string): string | null {
  return /\btemporal version v?(\d+\.\d+\.\d+)(?![\w.-])/.exec(output)?.[1] ?? null;
}

/** Whether `version` (`1.9.1`, three numbers) is `minimum` or newer, part by part as numbers. */
export function isNewEnough(version: string, minimum: string): boolean {
  const have = version.split('.').map(Number);
  const need = minimum.split('.').map(Number);
  for (const [index, wanted] of need.entries()) {
    const part = have[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
