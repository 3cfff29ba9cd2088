/**
 * What an account's workflow shows in Temporal's lists, and the type each attribute has there. Names are part of
 * operators' saved queries: they are never renamed. Nothing personal may be in a value.
 */
export const SEARCH_ATTRIBUTES = {
  /** The account kind. */
  AccountKind: 'Keyword',
  /** The stage. */
  LifecycleStage: 'Keyword',
  /** The standing with HR. */
  HrStanding: 'Keyword',
  /** Names of the holds in force. */
  Holds: 'KeywordList',
  /** Midnight UTC of the effective last day; absent = open-ended. */
  LastDay: 'Datetime',
  /** The action of the next step. */
  NextMilestone: 'Keyword',
  /** When it is due, on the deployment's clock. */
  NextMilestoneAt: 'Datetime',
  /** Stable code of the trouble the account is in; absent = none. */
  LifecycleProblem: 'Keyword',
} as const satisfies Readonly<Record<string, SearchAttributeKind>>;

/** The types of Temporal's search attributes that the project uses. */
export type SearchAttributeKind = 'Keyword' | 'KeywordList' | 'Datetime';

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
