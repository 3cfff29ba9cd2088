/** One numbered change of the tables. Once released it is never edited: a later one mends it. */
export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly version: number;
  readonly name: string;
  /** SQL, one statement each, that both PGlite and Postgres take. */
  readonly statements: readonly string[];
}
