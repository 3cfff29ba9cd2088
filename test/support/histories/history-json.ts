import type { WorkflowHandle } from '@temporalio/client';
import { createRequire } from 'node:module';
import type { HistoryJson } from './golden.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** What the SDK's own conversion uses. */
interface ProtoJson {
  toJson(type: unknown, message: unknown): unknown;
  fromJson(type: unknown, json: unknown, options: { ignoreUnknownFields: boolean }): unknown;
}

const require = createRequire(import.meta.url);

/**
 * The SDK converts with the protobufjs of `@temporalio/common`, but takes its types from `@temporalio/proto`. Where npm
 * gave each a copy of its own, every type is foreign to the other ("type must be a Type"): hence this detour by the copy
 * that belongs to the types.
 */
function conversion(): { protoJson: ProtoJson; type: unknown } {
  const proto: unknown = require('@temporalio/proto');
  const { patchProtobufRoot } = require('@temporalio/proto/lib/patch-protobuf-root') as {
    patchProtobufRoot(root: unknown): { lookupType(name: string): unknown };
  };
  const ofProto = createRequire(require.resolve('@temporalio/proto'));
  const protoJson = ofProto('protobufjs/ext/protojson') as ProtoJson;
  return { protoJson, type: patchProtobufRoot(proto).lookupType('temporal.api.history.v1.History') };
}

/** The form in which Temporal's own tools keep a history. */
export function toHistoryJson(history: History): HistoryJson {
  const { protoJson, type } = conversion();
  const create = (type as { fromObject(object: unknown): unknown }).fromObject.bind(type);
  return protoJson.toJson(type, create(history)) as HistoryJson;
}

/** The history that replay takes. */
export function fromHistoryJson(json: HistoryJson): History {
  const { protoJson, type } = conversion();
  return protoJson.fromJson(type, json, { ignoreUnknownFields: true }) as History;
}
