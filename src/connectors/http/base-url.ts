import { ConfigurationError } from '../../errors.ts';

/**
 * The URL under which an HTTP interface begins. Throws a `ConfigurationError` for what is no http(s) URL, and for one
 * that carries credentials: URLs are logged. `what` = its name in the message, for instance `the HR API`.
 */
export function readBaseUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError(`The URL of ${what} must be an http or https URL.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigurationError(
      `The URL of ${what} must not carry credentials: give user name and password apart.`,
    );
  }
  return url;
}

/** The header `Authorization` of HTTP Basic. `who` must not contain a colon, else a `ConfigurationError` is thrown. */
export function basicAuthorization(who: string, password: string, what: string): string {
  if (who.includes(':')) throw new ConfigurationError(`${what} must not contain a colon.`);
  return `Basic ${Buffer.from(`${who}:${password}`, 'utf8').toString('base64')}`;
}
