/** What handling accounts of an INDIGO IAM instance came to. */
export interface HandledCounts {
  /** Accounts that were decided on. */
  readonly handled: number;
  /** Of them, those to which something beside the time stamp was written. */
  readonly written: number;
  /** Accounts whose workflow was told what the instance shows. */
  readonly told: number;
  /** Given back after the lifecycle had suspended them. */
  readonly restored: number;
  /** Their end time was moved to now (or to an admin's date), or they were disabled. */
  readonly ended: number;
  /** Names that the instance does not take; the rest went on. */
  readonly refusedNames: number;
  /** E-mail addresses that the instance does not take, or that belong to another account; the rest went on. */
  readonly refusedEmails: number;
  /** End times that could not be written, since the instance lets nobody change them; the rest went on. */
  readonly refusedEndTimes: number;
  /** Left alone: gone, no account of ours, or one of another person that is not told yet. */
  readonly leftAlone: number;
  /** Not handled to the end; the next synchronisation does. */
  readonly failed: number;
  /** Of those, the ones that were adopted for an experiment of another name. */
  readonly otherExperiment: number;
}

export const NOTHING_HANDLED: HandledCounts = {
  handled: 0,
  written: 0,
  told: 0,
  restored: 0,
  ended: 0,
  refusedNames: 0,
  refusedEmails: 0,
  refusedEndTimes: 0,
  leftAlone: 0,
  failed: 0,
  otherExperiment: 0,
};

/** What `b` leaves out counts as none. */
export function addHandled(a: HandledCounts, b: Partial<HandledCounts>): HandledCounts {
  return {
    handled: a.handled + (b.handled ?? 0),
    written: a.written + (b.written ?? 0),
    told: a.told + (b.told ?? 0),
    restored: a.restored + (b.restored ?? 0),
    ended: a.ended + (b.ended ?? 0),
    refusedNames: a.refusedNames + (b.refusedNames ?? 0),
    refusedEmails: a.refusedEmails + (b.refusedEmails ?? 0),
    refusedEndTimes: a.refusedEndTimes + (b.refusedEndTimes ?? 0),
    leftAlone: a.leftAlone + (b.leftAlone ?? 0),
    failed: a.failed + (b.failed ?? 0),
    otherExperiment: a.otherExperiment + (b.otherExperiment ?? 0),
  };
}

/** The code of a part that goes without the instance, which was silent for too long; its facts are the counts it had. */
export const IAM_GAVE_UP = 'IAM_GAVE_UP';
