/** Something official that belongs to a person and is no account of ours: a website, a mailing list, a licence. */
export interface OfficialResource {
  /** What kind of thing it is, in the source's own words. One line, 60 characters at most. */
  readonly type: string;
  /** One line, 200 characters at most. */
  readonly name: string;
}

/**
 * Codes of a `ResourceError` (beside `RESOURCES_STATUS_nnn` for every other status), and whether a retry may mend it
 * without anyone changing anything.
 */
export const RESOURCE_ERROR_CODES = {
  /** The credentials are wrong, or there are none. */
  RESOURCES_UNAUTHORIZED: false,
  /** Who we are may not read this. */
  RESOURCES_FORBIDDEN: false,
  /** An id that does not fit into a path. */
  RESOURCES_BAD_ID: false,
  /** JSON in which something is missing or of another kind. */
  RESOURCES_WRONG_SHAPE: false,
  RESOURCES_BODY_TOO_LARGE: false,
  /** 429, or a `Retry-After` longer than one waits. */
  RESOURCES_RATE: true,
  RESOURCES_TIMEOUT: true,
  RESOURCES_UNREACHABLE: true,
  RESOURCES_CONNECTION_LOST: true,
  RESOURCES_BROKEN_HTTP: true,
  /** Empty, cut off, or no JSON. */
  RESOURCES_BROKEN_BODY: true,
} as const satisfies Readonly<Record<string, boolean>>;

export type ResourceErrorCode = keyof typeof RESOURCE_ERROR_CODES;

/**
 * The system that knows which official resources people own. Throws a `ResourceError` that says whether a retry may mend
 * it, and the signal's reason when called off. No name of a resource and no person id is in an error.
 */
export interface ResourceSource {
  /** What the person owns, in the source's order; empty = nothing, or the source does not know them. */
  readResources(input: {
    readonly personId: string;
    readonly signal: AbortSignal;
  }): Promise<readonly OfficialResource[]>;
  close(): Promise<void>;
}
