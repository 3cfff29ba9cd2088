import type { PolicyChoice } from '../policies/choose-policy-set.ts';
import type { WhenNotFound } from '../contracts/instance.ts';
import type { LdapConfig } from './ldap-config.ts';
import type { LoginPart } from './login-pattern.ts';
import type { ResourcesConfig } from './resources-config.ts';
import type { ConfigFile } from './schema.ts';
import type { Secret } from './secret.ts';

export interface Credentials {
  readonly user: string;
  readonly password: Secret;
}

/** Where the registry is: embedded in a folder that this process owns, or in Postgres. */
export type RegistryConfig =
  | { readonly type: 'embedded'; readonly folder: string }
  | { readonly type: 'postgres'; readonly url: Secret };

type IndigoIamFile = Omit<NonNullable<ConfigFile['indigoIam']>, 'tokenUrl' | 'clientSecretEnv'>;

/** The API that other systems ask, as the file says. */
export type ApiConfig = Readonly<NonNullable<ConfigFile['api']>>;

/** An INDIGO IAM instance whose accounts are kept, with what the block `cern` says of it. */
export interface IndigoIamConfig extends Readonly<IndigoIamFile> {
  readonly tokenUrl: string;
  readonly clientSecret: Secret;
  /** As HR names it, in any letter case. */
  readonly experiment: string;
  /** Name, under the prefix `hr.cern`, of the label that holds the person id. */
  readonly personIdLabel: string;
  /** What follows when HR knows no such person, after the sightings. */
  readonly onPersonIdNotFound: WhenNotFound;
  /** What follows when HR knows the person, and no participation in the experiment. */
  readonly onParticipationNotFound: WhenNotFound;
}

type HrFile = Omit<ConfigFile['hr'], 'user' | 'passwordEnv' | 'timeZone'>;
type MailFile = Omit<ConfigFile['mail'], 'user' | 'passwordEnv' | 'fromName' | 'domain'>;

/**
 * A deployment's configuration, checked and complete. Units stand in the names. Times are real, but for the hours of
 * sightings, which run on the deployment's clock.
 */
export interface Config extends Omit<
  ConfigFile,
  | 'policy'
  | 'registry'
  | 'hr'
  | 'mail'
  | 'logins'
  | 'links'
  | 'resources'
  | 'sync'
  | 'ldap'
  | 'indigoIam'
  | 'cern'
  | 'api'
> {
  readonly policy: PolicyChoice;
  readonly registry: RegistryConfig;
  readonly hr: Readonly<HrFile> & {
    readonly credentials: Credentials | null;
    /** In which HR's instants that are no midnight fall on a date. */
    readonly timeZone: string;
  };
  readonly mail: Readonly<MailFile> & {
    readonly credentials: Credentials | null;
    readonly fromName: string | null;
    /** The domain of Message-IDs. */
    readonly domain: string;
  };
  /** How the login of a primary account is made from a name, which others may be asked for, and the domain of mailboxes. */
  readonly logins: {
    readonly parts: readonly LoginPart[];
    readonly maxLength: number;
    readonly requestedMaxLength: number;
    /** In lower case. */
    readonly reserved: readonly string[];
    readonly mailDomain: string;
  };
  /** Links in mails, by which people answer; `null` = there are none. */
  readonly links: { readonly publicUrl: string; readonly key: Secret } | null;
  /** `null` = notices list service accounts only. */
  readonly resources: ResourcesConfig | null;
  /** `null` = accounts are kept in the embedded directory. */
  readonly ldap: LdapConfig | null;
  /** `null` = no INDIGO IAM instance is kept. */
  readonly indigoIam: IndigoIamConfig | null;
  /** `null` = no API is served. */
  readonly api: ApiConfig | null;
  /** What works and had better be otherwise, in words, for the log. Nothing secret is in it. */
  readonly warnings: readonly string[];
  readonly sync: Readonly<Omit<ConfigFile['sync'], 'timeZone'>> & { readonly timeZone: string };
}
