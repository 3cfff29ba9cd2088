import { readCernBlock } from './cern-block.ts';
import type { CernBlock, CernReading } from './cern-block.ts';
import type { Credentials, IndigoIamConfig } from './config.ts';
import { isMapping } from './is-mapping.ts';
import type { ConfigFile } from './schema.ts';
import type { Environment } from './secrets.ts';
import { secretFrom } from './secrets.ts';

/**
 * What the pasted block `cern` gives the rest of the configuration. What our own settings say counts first; of the
 * block, user name and password go to no other HR than the block's own.
 */

type File = Readonly<Record<string, unknown>>;

const section = (file: File, name: string): File => {
  const found = file[name];
  return isMapping(found) ? found : {};
};

/** Two spellings of one address. */
function isSameUrl(a: string, b: string): boolean {
  const plain = (url: string): string => url.trim().replace(/\/+$/, '');
  return plain(a) === plain(b);
}

/** The block as it was read; `null` = there is none. */
export function pastedBlock(file: File, environment: Environment): CernReading | null {
  if (!('cern' in file)) return null;
  const hr = section(file, 'hr');
  return readCernBlock({
    block: file['cern'],
    environment,
    usesCron: !('cron' in section(file, 'sync')),
    usesCredentials: !('user' in hr) && !('passwordEnv' in hr),
  });
}

/** The file with the block's URL of HR and its schedule where it has none of its own. */
export function withPasted(file: File, { hrUrl, cron }: CernBlock): File {
  const filled = (name: string, setting: string, value: string | null): File =>
    // What stands there and is no group of settings is told as it is.
    value === null || (name in file && !isMapping(file[name]))
      ? {}
      : { [name]: { [setting]: value, ...section(file, name) } };
  return { ...file, ...filled('hr', 'url', hrUrl), ...filled('sync', 'cron', cron) };
}

/** The block's user name and password, for the block's own HR. */
export function pastedCredentials(hrUrl: string, pasted: CernReading | null): Credentials | null {
  const { hrCredentials = null, hrUrl: ownUrl = null } = pasted?.block ?? {};
  return ownUrl !== null && isSameUrl(ownUrl, hrUrl) ? hrCredentials : null;
}

/** What an operator may not have meant. */
export function pastedWarnings(file: ConfigFile, pasted: CernReading | null): string[] {
  if (pasted === null) return [];
  const { hrUrl, hrCredentials } = pasted.block;
  const warnings: string[] = [];
  if (file.indigoIam === undefined) {
    warnings.push('the block cern is there without indigoIam: only its HR and its schedule are used');
  } else if (!pasted.saysOnParticipationNotFound) {
    warnings.push(
      'cern.on-participation-not-found is absent and counts as disable_user: whoever HR shows without a participation in the experiment expires at once; write disable_user if that is meant, or no_action to leave their end times as they are',
    );
  }
  if (hrUrl !== null && !isSameUrl(hrUrl, file.hr.url)) {
    const without = hrCredentials === null ? '' : ', without the user name and the password of cern.hr-api';
    warnings.push(`hr.url and cern.hr-api.url differ: hr.url is called${without}`);
  }
  return warnings;
}

/** The settings of an instance, complete. */
export function withCern(
  settings: NonNullable<ConfigFile['indigoIam']>,
  block: CernBlock,
  environment: Environment,
): IndigoIamConfig {
  const { clientSecretEnv, tokenUrl, ...rest } = settings;
  return {
    ...rest,
    tokenUrl: tokenUrl ?? `${settings.url.replace(/\/+$/, '')}/token`,
    clientSecret: secretFrom(environment, clientSecretEnv),
    experiment: block.experiment ?? '',
    personIdLabel: block.personIdLabel,
    onPersonIdNotFound: block.onPersonIdNotFound,
    onParticipationNotFound: block.onParticipationNotFound,
  };
}
