import Table from 'cli-table3';

/** One thing measured. `limit` = at most so much; `null` = told, not judged. */
export interface Measure {
  readonly name: string;
  /** Its name for scripts. */
  readonly field: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number | null;
}

/**
 * Prints a table for people and, as the last line, one JSON object for scripts. Answers the exit code: 1 when a limit
 * is broken.
 */
export function report(measures: readonly Measure[]): number {
  const table = new Table({
    head: ['measured', 'value', 'at most', ''],
    colAligns: ['left', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  const isBroken = ({ value, limit }: Measure) => limit !== null && !(value <= limit);
  for (const measure of measures) {
    const { name, value, unit, limit } = measure;
    const amount = (number: number) => `${number.toLocaleString('en', { maximumFractionDigits: 4 })} ${unit}`;
    table.push([name, amount(value), limit === null ? '' : amount(limit), isBroken(measure) ? 'BROKEN' : '']);
  }
  console.log(table.toString());
  console.log(JSON.stringify(Object.fromEntries(measures.map(({ field, value }) => [field, value]))));
  return measures.some(isBroken) ? 1 : 0;
}
