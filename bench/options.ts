import { parseArgs } from 'node:util';

/** What an option is: a whole number, or a time such as `90s` or `10m`, in ms. */
type Kind = 'number' | 'time';

interface Option {
  readonly kind: Kind;
  readonly default: number;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function readOne(name: string, { kind }: Option, text: string): number {
  if (kind === 'number') {
    if (/^\d+$/.test(text)) return Number(text);
    throw new Error(`--${name} ${text}: write a whole number`);
  }
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new Error(`--${name} ${text}: write a time such as 90s or 10m`);
  return Number(amount) * factor;
}

/** Reads the command line's options, all of them numbers. Throws for an unknown or unreadable one. */
export function readOptions<Name extends string>(
  options: Readonly<Record<Name, Option>>,
): Record<Name, number> {
  const named = Object.entries<Option>(options);
  const { values } = parseArgs({
    options: Object.fromEntries(named.map(([name]) => [name, { type: 'string' as const }])),
  });
  const read = named.map(([name, option]) => {
    const text = values[name];
    return [name, typeof text === 'string' ? readOne(name, option, text) : option.default];
  });
  // Every name of `options`, and no other, is among the entries.
  return Object.fromEntries(read) as Record<Name, number>;
}
