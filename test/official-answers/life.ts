import type { DateText, Tie } from '../../checker/life.ts';

/** Something that HR or an admin says at the noon of a date. */
export type Happening =
  | { readonly on: DateText; readonly type: 'hr'; readonly ties: readonly Tie[] }
  | {
      readonly on: DateText;
      readonly type: 'command';
      readonly name: 'extend' | 'restore' | 'ignore' | 'disable' | 'enable';
      /** As it is sent; absent = left out. */
      readonly until?: DateText | null;
    };

/** One person, what HR and admins say of them, and the accounts they have beside their primary one. */
export interface Life {
  /** Tells it apart, in words. */
  readonly story: string;
  readonly id: number;
  /** The family name, of which the login is made. */
  readonly name: string;
  readonly beside: readonly ('secondary' | 'service')[];
  /** What HR says when the walk begins. */
  readonly ties: readonly Tie[];
  /** In the order of their dates. */
  readonly happenings: readonly Happening[];
}

/** A contract; without an end it is open. */
export function contract(start: DateText, end: DateText | null = null, excluded = false): Tie {
  return { kind: 'contract', start, end, excluded };
}
