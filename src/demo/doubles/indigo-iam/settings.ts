import type { IndigoIamLabel } from './account-store.ts';
import type { ExpiryRules } from './expired-accounts-handler.ts';

/** How the instance is configured. A test can change it while the double runs. */
export interface IndigoIamSettings extends ExpiryRules {
  /** End times cannot be set through the API; default no. */
  readonly readOnlyEndTime: boolean;
  /** An end time that is written as it stood takes the label `lifecycle.status` away, too; default no. */
  readonly everyEndTimeEndsExpiry: boolean;
  /** Of the server's zone, minutes ahead of UTC; default 120, so that moments have to be compared and not texts. */
  readonly offsetMinutes: number;
  /** Labels that SCIM users show, by prefix and name; default none. */
  readonly shownLabels: readonly IndigoIamLabel[];
  /** Name of the label under `hr.cern` that its HR task goes by; default `cern_person_id`. */
  readonly personIdLabel: string;
}

/** INDIGO IAM's own defaults, where the wire formats name them. */
export const DEFAULT_SETTINGS: IndigoIamSettings = {
  suspensionGraceDays: 7,
  removalGraceDays: 30,
  removalEnabled: true,
  readOnlyEndTime: false,
  everyEndTimeEndsExpiry: false,
  offsetMinutes: 120,
  shownLabels: [],
  personIdLabel: 'cern_person_id',
};
