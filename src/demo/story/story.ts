import type { HrFaultMode } from '../doubles/hr-double-fault.ts';
import type { Character } from './character.ts';
import { leavers } from './leavers.ts';
import { members } from './members.ts';
import { movedDates } from './moved-dates.ts';
import { operated } from './operated.ts';
import { owners } from './owners.ts';
import { FELIX } from './records.ts';
import { returners } from './returners.ts';

/** A stretch of days, the last one not included, in which HR goes wrong for everybody. */
export interface HrTrouble {
  readonly from: string;
  readonly until: string;
  readonly mode: HrFaultMode;
}

export interface Story {
  /** First day, and the day on which it is over; both begin at 00:00 in Zurich. */
  readonly begins: string;
  readonly ends: string;
  readonly characters: readonly Character[];
  readonly troubles: readonly HrTrouble[];
  /** Person id of the fallback owner. */
  readonly fallbackOwner: string;
}

/** Ten months with everything that can happen to an account. */
export const story: Story = {
  begins: '2027-01-18',
  // Nothing is due from 4 to 25 November: what is late has time to come.
  ends: '2027-11-10',
  characters: [...leavers, ...members, ...movedDates, ...returners, ...owners, ...operated],
  troubles: [
    { from: '2027-06-14', until: '2027-06-24', mode: '500' },
    { from: '2027-08-13', until: '2027-08-18', mode: 'slow' },
  ],
  fallbackOwner: String(FELIX),
};
