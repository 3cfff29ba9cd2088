import type { Connection } from '@temporalio/client';
import type { SearchAttributeKind } from '../contracts/search-attributes.ts';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';
import { ConfigurationError } from '../errors.ts';

/** Numbers of `temporal.api.enums.v1.IndexedValueType`. */
const INDEXED_VALUE_TYPE = { Keyword: 2, Datetime: 6, KeywordList: 7 } as const;

/** A client's connection or a worker's. */
export type OperatorConnection = Pick<Connection, 'operatorService'>;

/**
 * Registers in the namespace the search attributes that it lacks; answers their names. What is there already is
 * left alone, so every worker may call it when it starts.
 *
 * @throws ConfigurationError when an attribute is there with another type, which no server can change.
 */
export async function ensureSearchAttributes(
  connection: OperatorConnection,
  namespace: string,
  wanted: Readonly<Record<string, SearchAttributeKind>> = SEARCH_ATTRIBUTES,
): Promise<readonly string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing: Record<string, 2 | 6 | 7> = {};
  for (const [name, kind] of Object.entries(wanted)) {
    const there: number | undefined = customAttributes[name];
    if (there === undefined) missing[name] = INDEXED_VALUE_TYPE[kind];
    else if (there !== INDEXED_VALUE_TYPE[kind]) {
      throw new ConfigurationError(
        `The search attribute ${name} of namespace ${namespace} must have the type ${kind}. Remove it there (temporal operator search-attribute remove) or use a namespace of its own.`,
        { attribute: name, namespace },
      );
    }
  }
  const names = Object.keys(missing);
  if (names.length > 0) {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
  }
  return names;
}
