/** One mail, rendered. The addresses are checked by the adapter; headers cannot be injected. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Language of the text, for the header `Content-Language`. */
  readonly language: string;
  /** From it the `Message-ID` is made, the same for the same key, so that a mail sent twice can be recognised. */
  readonly key: string;
}

/**
 * Sends mail. Throws a `MailError`: `transient` when a retry may mend it or the outcome is unknown, not
 * transient when the server refused the mail for good (5xx).
 */
export interface Mailer {
  send(input: { mail: Mail; signal: AbortSignal }): Promise<{ messageId: string }>;
  close(): Promise<void>;
}
