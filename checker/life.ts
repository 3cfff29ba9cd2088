/** A moment on the clock of the world that is judged, in ms since the epoch. */
export type Moment = number;

/** `YYYY-MM-DD`. */
export type DateText = string;

export type Kind = 'primary' | 'secondary' | 'service';

/** One dated tie of a person, as HR tells it; `null` = open at that end. */
export interface Tie {
  readonly kind: 'contract' | 'participation';
  readonly start: DateText | null;
  readonly end: DateText | null;
  readonly excluded: boolean;
}

/** What HR says of a person. */
export type Answer =
  | { readonly outcome: 'found'; readonly ties: readonly Tie[] }
  | { readonly outcome: 'no-person' }
  | { readonly outcome: 'unavailable' };

/** Something that happened to an account and that somebody outside could see. */
export type Fact =
  /** From then on HR, whoever asks for this person, answers so. Without such facts nothing is held against HR. */
  | { readonly type: 'hrAnswers'; readonly at: Moment; readonly person: string; readonly answer: Answer }
  /** The account was sent word of what HR says. A number that is not higher than one before says nothing new. */
  | {
      readonly type: 'told';
      readonly at: Moment;
      readonly person: string;
      readonly number: number;
      readonly answer: Answer;
    }
  /** An admin's command that was accepted. `until` as it was sent; absent = left out. */
  | {
      readonly type: 'command';
      readonly at: Moment;
      readonly name: 'restore' | 'extend' | 'ignore' | 'resume' | 'disable' | 'enable';
      readonly until?: DateText | 'never' | null;
      readonly commandId?: string;
    };

/** A time in which something could not work. What failed in it is tried again within a day of its end. */
export interface Trouble {
  readonly what: 'worker' | 'hr' | 'targets' | 'mail' | 'freeze';
  readonly from: Moment;
  readonly to: Moment;
  /** When a worker ran again, if what waited for it took it until `to`: from then on facts reach accounts. */
  readonly backAt?: Moment;
}

/** Something that was done to an account, as its targets or the registry's effects show it. */
export type Deed =
  /** A joiner was made on the targets. */
  | { readonly type: 'joined'; readonly at: Moment }
  | { readonly type: 'neverJoined'; readonly at: Moment }
  | { readonly type: 'leaving'; readonly at: Moment; readonly lastDay: DateText | null }
  | { readonly type: 'block'; readonly at: Moment; readonly lastDay: DateText | null }
  /** `begunAt` = when the first target lost the account, if that was earlier. */
  | {
      readonly type: 'delete';
      readonly at: Moment;
      readonly lastDay: DateText | null;
      readonly begunAt?: Moment;
    }
  | { readonly type: 'transfer'; readonly at: Moment; readonly lastDay: DateText | null; readonly to: string }
  /** The person is back. */
  | { readonly type: 'returned'; readonly at: Moment }
  /** A block that a moved last day made too early was taken back. */
  | { readonly type: 'corrected'; readonly at: Moment }
  /** Access as the targets hold it from then on. */
  | { readonly type: 'access'; readonly at: Moment; readonly access: 'on' | 'off' }
  /** The directory's `cernActiveStatus` from then on. */
  | { readonly type: 'status'; readonly at: Moment; readonly value: string };

/** A mail to the person, as the registry's notices and the mail server show it. */
export interface Mail {
  readonly type: 'notice' | 'allClear' | 'returned' | 'holdEnds' | 'adminDateEnds';
  /** Of the account that sent it. */
  readonly account: string;
  readonly key: string;
  /** Of a notice: −60, −27 or −7. */
  readonly offset: number | null;
  readonly lastDay: DateText | null;
  readonly dueAt: Moment;
  /** When somebody first worked on it. */
  readonly begunAt: Moment;
  /** When it got out; `null` = it has not. */
  readonly sentAt: Moment | null;
  /** When it was given up; `null` = it was not. */
  readonly failedAt: Moment | null;
  /** Further copies that got out although nobody was unsure about an earlier one. */
  readonly extraCopies: number;
}

export type Stage = 'pending' | 'active' | 'grace' | 'blocked' | 'deleted' | 'neverJoined';

/** Everything an outside observer knows of one account: what happened to it, and what it did. */
export interface ObservedLife {
  readonly account: string;
  readonly kind: Kind;
  /** Whose facts it follows; a service account's first owner. */
  readonly person: string;
  /** Observed from, with the stage it then had; nothing before is judged. */
  readonly from: Moment;
  readonly until: Moment;
  readonly stageAtStart: 'pending' | 'active';
  readonly stageAtEnd: Stage;
  readonly facts: readonly Fact[];
  readonly troubles: readonly Trouble[];
  readonly deeds: readonly Deed[];
  /** All mails to the person, by whichever of their accounts; none for a service account but its own reminders. */
  readonly mails: readonly Mail[];
  /** How often HR is synchronised, in ms; absent = nothing is held against what was told how late. */
  readonly synchronisedEveryMs?: number;
  /** How much later than it was done in time something may be seen, in ms; 0 where time stands still meanwhile. */
  readonly slackMs: number;
}

export type FindingKind =
  | 'wrongBlock'
  | 'wrongDelete'
  | 'noticeMissed'
  | 'noticeDoubled'
  /** Done before its moment. */
  | 'early'
  /** Due, and never done. */
  | 'lost'
  /** Done, and no rule explains it. */
  | 'wrong';

export interface Finding {
  readonly kind: FindingKind;
  readonly account: string;
  readonly at: Moment;
  readonly words: string;
}
