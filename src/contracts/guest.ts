/** Provider of a guest account that stands for an external address itself. */
export const BY_EMAIL = 'email';

/** By what whoever signs in is known: the provider's name, and its name for them. */
export interface GuestKey {
  /** `email`, or the name of an identity provider, such as `edugain`. */
  readonly provider: string;
  /** By which the provider knows them; for `email` the address in lower case. */
  readonly subject: string;
}

/** An identity elsewhere, as whoever signs in by it shows it. */
export interface ExternalIdentity extends GuestKey {
  readonly email: string | null;
}

/** What an account's own workflow is told when an admin has associated or released an identity: no more than that. */
export interface GuestChanged {
  readonly requestId: string;
}

/** Why an admin's association or release is refused: a code for programs, and words that name the rule. */
export interface GuestRefusal {
  readonly code: string;
  readonly why: string;
}
