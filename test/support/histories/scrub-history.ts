import { virtualNow, type ClockAnchor } from '../../../src/contracts/time.ts';
import type { Step } from '../../../src/contracts/step.ts';
import { wordsOf } from './story.ts';
import type { HistoryEvent, HistoryJson, TracedStep } from './golden.ts';

/** Says who recorded it on which machine, or only fills the file: replay reads none of it. */
const DROPPED = new Set([
  'requestId',
  'identity',
  'taskId',
  'version',
  'workerVersion',
  'historySizeBytes',
  'meteringMetadata',
  'binaryChecksum',
  'stackTrace',
  'lastHeartbeatDetails',
  'prevAutoResetPoints',
]);

const STICKY = 'TASK_QUEUE_KIND_STICKY';

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function scrub(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrub);
  if (!isObject(value)) return value;
  // The name of a sticky queue tells process and machine.
  if (value['kind'] === STICKY) return { ...value, name: 'sticky' };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !DROPPED.has(key))
      .map(([key, inner]) => [key, scrub(inner)]),
  );
}

/**
 * What an event repeats and replay does not read: the argument of activities, which is the whole state, and what is
 * passed on to the next run, whose own first event tells it.
 */
const REPEATED: Readonly<Record<string, readonly string[]>> = {
  activityTaskScheduledEventAttributes: ['input'],
  workflowExecutionContinuedAsNewEventAttributes: ['input', 'memo', 'searchAttributes'],
};

/** An event without what names a machine and what is told elsewhere. */
function scrubEvent(event: HistoryEvent): HistoryEvent {
  const bare = Object.entries(event).map(([key, value]) => {
    const repeated = REPEATED[key];
    if (!repeated || !isObject(value)) return [key, value] as const;
    return [
      key,
      Object.fromEntries(Object.entries(value).filter(([name]) => !repeated.includes(name))),
    ] as const;
  });
  return scrub(Object.fromEntries(bare)) as HistoryEvent;
}

/** A history as it is kept. */
export function scrubHistory(history: HistoryJson): HistoryJson {
  return { events: history.events.map(scrubEvent) };
}

interface Payloads {
  readonly payloads?: readonly { readonly data?: string }[];
}

/** The first argument that an event carries. */
export function inputOf(attributes: unknown): unknown {
  const { input } = attributes as { input?: Payloads };
  const data = input?.payloads?.[0]?.data;
  return data === undefined ? undefined : JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
}

/** The history of a run that was started with another argument. */
export function withInput(history: HistoryJson, change: (input: unknown) => unknown): HistoryJson {
  const [first, ...rest] = history.events;
  const attributes = first?.['workflowExecutionStartedEventAttributes'] as { input?: Payloads } | undefined;
  if (!first || !attributes) throw new TypeError('a history begins with the start of its workflow');
  const changed = Buffer.from(JSON.stringify(change(inputOf(attributes)))).toString('base64');
  const [payload, ...others] = attributes.input?.payloads ?? [];
  const payloads = [{ ...payload, data: changed }, ...others];
  return {
    events: [
      { ...first, workflowExecutionStartedEventAttributes: { ...attributes, input: { payloads } } },
      ...rest,
    ],
  };
}

/** What a run began, in words, without the recording of changes. For a history that is not scrubbed yet. */
export function stepsBegun({ events }: HistoryJson): readonly string[] {
  return events.flatMap((event) => {
    const scheduled = event['activityTaskScheduledEventAttributes'];
    if (scheduled === undefined) return [];
    const { step } = inputOf(scheduled) as { step?: Step };
    return step && step.action !== 'record' ? [wordsOf(step)] : [];
  });
}

const iso = (instant: number) => new Date(instant).toISOString();

/**
 * The steps that a run scheduled, as they stand in its own history before it is scrubbed: what was asked of the
 * activities when it was recorded, thought through by nobody again.
 */
export function recordedSteps(history: HistoryJson, clock: ClockAnchor): readonly TracedStep[] {
  const byId = new Map(history.events.map((event) => [event.eventId, event]));
  return history.events.flatMap((event): TracedStep[] => {
    const scheduled = event['activityTaskScheduledEventAttributes'];
    if (!isObject(scheduled)) return [];
    const completed = byId.get(String(scheduled['workflowTaskCompletedEventId']));
    const task = completed?.['workflowTaskCompletedEventAttributes'];
    const started = isObject(task) ? byId.get(String(task['startedEventId'])) : undefined;
    if (!started) throw new TypeError(`event ${event.eventId} belongs to no workflow task`);
    const at = iso(virtualNow(clock, Math.floor(Date.parse(started.eventTime))));
    const { step } = inputOf(scheduled) as { step?: Step };
    if (step) return [{ key: step.key, action: step.action, due: iso(step.dueAt), at }];
    const { name = '' } = scheduled['activityType'] as { name?: string };
    return [{ key: name, action: name, due: null, at }];
  });
}
