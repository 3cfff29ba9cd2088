/** Provider of a guest account that stands for an external address itself. */
export const BY_EMAIL = 'email';

/** An identity elsewhere, as whoever signs in by it shows it. */
export interface ExternalIdentity {
  /** `email`, or the name of an identity provider, such as `edugain`. */
  readonly provider: string;
  /** By which the provider knows them; for `email` the address in lower case. */
  readonly subject: string;
  readonly email: string | null;
}
