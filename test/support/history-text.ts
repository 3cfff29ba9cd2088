/**
 * All that a history says, as text, payloads too: as JSON they stand in base64, where nothing that is looked for would
 * ever be found.
 */
export function historyText(history: object): string {
  return JSON.stringify(history, (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
}
