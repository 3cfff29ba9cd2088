/** The numbers of CERN's rules, written down here a second time on purpose. */
export const RULES = {
  timeZone: 'Europe/Zurich',
  /** Minutes past midnight. */
  noticeTime: 8 * 60,
  /** Days from the last day, earliest first. */
  notices: [-60, -27, -7],
  /** Days after leaving, of which the first is day 0. */
  block: 60,
  delete: 180,
  /** No block so many days after the first notice that named its date was due. */
  blockAfterNotice: 7,
  /** No delete so many days after the block. */
  deleteAfterBlock: 8,
  /** A return before this day after leaving lets a transfer wait. */
  transferWaits: 60,
  restore: 30,
  ignore: 90,
  reminder: 7,
  /** Every milestone comes within so many ms of its moment. */
  windowMs: 60 * 60_000,
  /** What failed is tried again within so many ms after it can work again. */
  retryMs: 25 * 60 * 60_000,
  /** That HR knows no such person is a fact after so many sightings over so many ms. */
  sightings: 3,
  sightingsMs: 72 * 60 * 60_000,
  /** What HR goes on saying has been told by so many synchronisations. */
  toldWithin: 2,
  /** So long after it was due a mail that nobody worked on goes out as it is; later it was missed, in days. */
  mailKeepsDays: 3,
} as const;

export type Rules = typeof RULES;
