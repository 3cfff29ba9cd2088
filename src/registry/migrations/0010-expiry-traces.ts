import type { Migration } from './migration.ts';

/** Accounts of an instance at which a step found a deed of INDIGO IAM's own task, until a synchronisation has told. */
const EXPIRY_TRACES = `
create table expiry_traces (
  external_id text collate "C" primary key,
  seen_at bigint not null
)`;

/** Traces of another handler of expired accounts, as steps see them. */
export const expiryTraces: Migration = { version: 10, name: 'expiry-traces', statements: [EXPIRY_TRACES] };
