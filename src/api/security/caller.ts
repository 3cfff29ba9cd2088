/** Who calls, as their token says. */
export interface Caller {
  /** The OAuth client, not a person. */
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

/** What a caller's token must hold; `null` = nothing more. */
export interface Requirement {
  readonly scope: string | null;
  readonly role: string | null;
}

/** Tells who calls by their token. Throws an `ApiProblem`: 401 for a bad token, 503 while the issuer's keys are unknown. */
export type TokenVerifier = (token: string) => Promise<Caller>;
