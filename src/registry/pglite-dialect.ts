import type { PGlite } from '@electric-sql/pglite';
import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import { RegistryError } from '../errors.ts';
import { createFifoMutex } from './fifo-mutex.ts';

/** What is used of it. */
export type PGliteSession = Pick<PGlite, 'query' | 'close'>;

/**
 * Kysely over PGlite. PGlite is one session: whatever is sent while a transaction is open belongs to it. So there
 * is one connection, and who has it keeps it until its transaction is over; the others wait in line.
 */
export function createPGliteDialect(pglite: PGliteSession): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createDriver: () => createDriver(pglite),
  };
}

function createDriver(pglite: PGliteSession): Driver {
  const mutex = createFifoMutex();
  const connection = createConnection(pglite);
  let release: () => void = () => undefined;
  let inTransaction = false;
  let closed = false;

  const send = (sql: string): Promise<QueryResult<unknown>> =>
    connection.executeQuery(CompiledQuery.raw(sql));

  return {
    init: () => Promise.resolve(),
    async acquireConnection() {
      const granted = await mutex.acquire();
      if (closed) {
        granted();
        throw new RegistryError({
          code: 'REGISTRY_CLOSED',
          message: 'The registry is closed.',
          retryable: true,
        });
      }
      release = granted;
      return connection;
    },
    async releaseConnection() {
      try {
        // A transaction whose end failed would swallow the work of whoever comes next.
        if (inTransaction) await send('rollback');
      } finally {
        inTransaction = false;
        release();
      }
    },
    async beginTransaction() {
      await send('begin');
      inTransaction = true;
    },
    async commitTransaction() {
      await send('commit');
      inTransaction = false;
    },
    async rollbackTransaction() {
      await send('rollback');
      inTransaction = false;
    },
    async destroy() {
      const granted = await mutex.acquire();
      closed = true;
      try {
        await pglite.close();
      } finally {
        granted();
      }
    },
  };
}

function createConnection(pglite: PGliteSession): DatabaseConnection {
  return {
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const result = await pglite.query<Row>(query.sql, [...query.parameters]);
      return {
        rows: result.rows,
        ...(result.affectedRows === undefined ? {} : { numAffectedRows: BigInt(result.affectedRows) }),
      };
    },
    // eslint-disable-next-line require-yield -- the interface wants a generator; nothing here streams
    async *streamQuery() {
      throw new Error('The embedded registry does not stream.');
    },
  };
}
