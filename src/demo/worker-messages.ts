import type { ClockAnchor } from '../contracts/time.ts';
import type { DirectoryEntry } from '../connectors/directory.ts';
import type {
  AccountRow,
  AlarmRow,
  EffectRow,
  NoticeRow,
  ObservationRow,
  OwnershipRow,
} from '../registry/registry.ts';
import type { ExtraAccount } from './story/character.ts';

/** Everything the worker needs to know, once it is told to begin. */
export interface BeginMessage {
  readonly type: 'begin';
  readonly clock: ClockAnchor;
  /** The text of its configuration. */
  readonly config: string;
  /** Folder of the demo's own files. */
  readonly folder: string;
  /** What its configuration takes from the environment, beside HR's password. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An account that the demo adds before the story begins. */
export interface SeedAccount extends ExtraAccount {
  readonly personId: string;
}

export interface SeedGroups {
  readonly login: string;
  readonly groups: readonly string[];
}

/** What the demo asks of the worker, which alone opens the registry. */
export type Request =
  | { readonly ask: 'accounts' }
  | { readonly ask: 'everything' }
  | { readonly ask: 'addAccounts'; readonly accounts: readonly SeedAccount[] }
  | { readonly ask: 'addGroups'; readonly groups: readonly SeedGroups[] };

/** What it answers. */
export interface Answers {
  readonly accounts: readonly AccountRow[];
  readonly everything: Everything;
  readonly addAccounts: null;
  readonly addGroups: null;
}

export type ToWorker =
  | BeginMessage
  | { readonly type: 'request'; readonly id: number; readonly request: Request }
  | { readonly type: 'stop' };

export type FromWorker =
  /** Its code is loaded; it waits to be told to begin. */
  | { readonly type: 'loaded' }
  | { readonly type: 'running' }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number | null; readonly message: string };

/** The registry and the directory as they stand. */
export interface Everything {
  readonly accounts: readonly AccountRow[];
  readonly effects: readonly EffectRow[];
  readonly notices: readonly NoticeRow[];
  /** Of all accounts, the oldest first. */
  readonly ownership: readonly OwnershipRow[];
  readonly alarms: readonly AlarmRow[];
  readonly observations: readonly ObservationRow[];
  /** By login. */
  readonly entries: Readonly<Record<string, DirectoryEntry | null>>;
}
