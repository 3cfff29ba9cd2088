import { parseInt8 } from './column-values.ts';

/** Readers of column types by their number in Postgres, the same for both databases. */
export const columnParsers: Readonly<Record<number, (text: string) => string | number>> = {
  /** `int8` */
  20: parseInt8,
  /** `date`: a calendar date has no time zone, so it must not become a `Date`. */
  1082: (text) => text,
};
