import Table from 'cli-table3';

/** One thing measured. `limit` = at most so much; `null` = told, not judged. */
export interface Measure {
  readonly name: string;
  /** Its name for scripts; `null` = for people only. */
  readonly field: string | null;
  readonly value: number;
  readonly unit: string;
  readonly limit: number | null;
  /** At least so much. */
  readonly atLeast?: number;
}

/**
 * Prints a table for people and, as the last line, one JSON object for scripts. Answers the exit code: 1 when a limit
 * is broken.
 */
export function report(measures: readonly Measure[]): number {
  const table = new Table({
    head: ['measured', 'value', 'wanted', ''],
    colAligns: ['left', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  const isBroken = ({ value, limit, atLeast }: Measure) =>
    (limit !== null && !(value <= limit)) || (atLeast !== undefined && !(value >= atLeast));
  for (const measure of measures) {
    const { name, value, unit, limit, atLeast } = measure;
    const amount = (number: number) => `${number.toLocaleString('en', { maximumFractionDigits: 4 })} ${unit}`;
    const wanted = [
      ...(limit === null ? [] : [`at most ${amount(limit)}`]),
      ...(atLeast === undefined ? [] : [`at least ${amount(atLeast)}`]),
    ];
    table.push([name, amount(value), wanted.join(', '), isBroken(measure) ? 'BROKEN' : '']);
  }
  console.log(table.toString());
  const fields = measures.flatMap(({ field, value }) => (field === null ? [] : [[field, value] as const]));
  console.log(JSON.stringify(Object.fromEntries(fields)));
  return measures.some(isBroken) ? 1 : 0;
}
