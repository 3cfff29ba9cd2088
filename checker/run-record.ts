import type { Day } from './calendar.ts';
import type { DateText, Moment, Trouble } from './life.ts';

/** Something the registry says was done at a target. */
export interface Effect {
  readonly account: string;
  readonly action: string;
  readonly target: string;
  readonly lastDay: DateText | null;
  readonly isDone: boolean;
}

/** A mail the registry says was due. */
export interface Notice {
  readonly person: string;
  readonly account: string;
  readonly audience: string;
  readonly type: string;
  /** Days from the last day; `null` = it belongs to no offset. */
  readonly offset: number | null;
  readonly lastDay: DateText | null;
  readonly dueAt: Moment;
  readonly sentAt: Moment | null;
  readonly state: 'due' | 'sent' | 'failed';
  readonly messageId: string | null;
}

/** A mail that the mail server took, under its Message-ID. */
export interface TakenMail {
  readonly messageId: string;
  /** To the admins, who get what no notice in the registry stands for. */
  readonly isAlarm: boolean;
  /** Copies that nothing explains. */
  readonly copiesWithoutReason: number;
}

/** What a run of a story left behind in registry, mail server and directory. Accounts go by their logins. */
export interface RunRecord {
  /** The story's first day, from which all days count: two runs need not have begun on the same date. */
  readonly base: Day;
  readonly effects: readonly Effect[];
  readonly notices: readonly Notice[];
  readonly taken: readonly TakenMail[];
  /** How each account ended, in words: stage, owner, and the entry in the directory. */
  readonly ends: Readonly<Record<string, string>>;
  readonly troubles: readonly Trouble[];
}
