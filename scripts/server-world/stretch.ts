/** A stretch of time from one moment to another, in ms; whose clock is said where it is used. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}
