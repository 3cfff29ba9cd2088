import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createResourceSource } from '../../../src/connectors/resources/create-resource-source.ts';
import type { ResourceSourceOptions } from '../../../src/connectors/resources/create-resource-source.ts';
import type { ResourceSource } from '../../../src/connectors/resource-source.ts';
import { startResourcesDouble } from '../../../src/demo/doubles/resources-double.ts';
import type { ResourcesDouble, ResourcesFaultMode } from '../../../src/demo/doubles/resources-double.ts';
import { ResourceError } from '../../../src/errors.ts';

const CREDENTIALS = { username: 'lifecycle', password: 'correct horse' };
const WEBSITE = { type: 'website', name: 'ada-lab' };
const LIST = { type: 'mailing list', name: 'detector-news' };

let double: ResourcesDouble;
const sources: ResourceSource[] = [];
const logged: string[] = [];

function sourceAt(baseUrl: string, options: Partial<ResourceSourceOptions> = {}): ResourceSource {
  const source = createResourceSource({
    baseUrl,
    credentials: CREDENTIALS,
    timeoutMs: 5_000,
    concurrency: 4,
    ratePerSecond: null,
    log: { warn: (facts, message) => void logged.push(JSON.stringify([facts, message])) },
    ...options,
  });
  sources.push(source);
  return source;
}

const read = (source: ResourceSource, personId = '900123', signal = new AbortController().signal) =>
  source.readResources({ personId, signal });

async function failure(reading: Promise<unknown>): Promise<ResourceError> {
  const error: unknown = await reading.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ResourceError) return error;
  throw new Error('it did not fail as it should', { cause: error });
}

beforeEach(async () => {
  logged.length = 0;
  double = await startResourcesDouble({ credentials: CREDENTIALS, owned: { '900123': [WEBSITE, LIST] } });
});
afterEach(async () => {
  await double.stop();
  await Promise.all(sources.splice(0).map((source) => source.close()));
});

describe('what a person owns', () => {
  test('is listed, in the order of the source', async () => {
    expect(await read(sourceAt(double.url))).toEqual([WEBSITE, LIST]);
    expect(double.requests).toEqual(['/owned/900123']);
  });

  test('is nothing for whom the source does not know, and after a slash in the address too', async () => {
    expect(await read(sourceAt(`${double.url}/`), '5')).toEqual([]);
    double.setAnswer('6', { resources: [] });
    expect(await read(sourceAt(double.url), '6')).toEqual([]);
    expect(double.requests).toEqual(['/owned/5', '/owned/6']);
  });

  test('is asked for with a bearer token, or with nothing', async () => {
    for (const credentials of [{ token: 'a token' }, null]) {
      const other = await startResourcesDouble({ credentials, owned: { '900123': [LIST] } });
      expect(await read(sourceAt(other.url, { credentials }))).toEqual([LIST]);
      await other.stop();
    }
  });

  test('has names that fit into a line of a mail, whatever stands in them', async () => {
    double.setAnswer('900123', {
      resources: [
        { type: 'web\r\nBcc: eve@example.org', name: '  a\u0000b\u2028c\u202ed\u{1f600}\ud800  ' },
        { type: 'x'.repeat(100), name: '\u{1f600}'.repeat(300), owner: { ignored: true } },
      ],
    });
    const [first, second] = await read(sourceAt(double.url));
    expect(first).toEqual({ type: 'web Bcc: eve@example.org', name: 'a b c d\u{1f600}' });
    expect(second?.type).toBe(`${'x'.repeat(59)}…`);
    expect(second?.name).toBe(`${'\u{1f600}'.repeat(199)}…`);
  });
});

describe('what is no answer', () => {
  test.each<[ResourcesFaultMode, string, boolean]>([
    ['500', 'RESOURCES_STATUS_500', true],
    ['429', 'RESOURCES_RATE', true],
    ['503', 'RESOURCES_STATUS_503', true],
    ['broken-json', 'RESOURCES_BROKEN_BODY', true],
    ['empty-body', 'RESOURCES_BROKEN_BODY', true],
    ['truncated', 'RESOURCES_CONNECTION_LOST', true],
    ['reset', 'RESOURCES_CONNECTION_LOST', true],
  ])('%s is %s, and a retry may mend it: %s', async (mode, code, retryable) => {
    double.fault(mode, { retryAfter: 0 });
    const error = await failure(read(sourceAt(double.url)));
    expect(error).toMatchObject({ code, retryable });
    expect(JSON.stringify([error, error.message, logged])).not.toMatch(/900123|ada-lab|horse|Basic/);
  });

  test('an answer that comes too late is not waited for', async () => {
    double.fault('slow');
    expect(await failure(read(sourceAt(double.url, { timeoutMs: 50 })))).toMatchObject({
      ...{ code: 'RESOURCES_TIMEOUT', retryable: true },
    });
    expect(double.requests).toHaveLength(1);
  });

  test('what passes by itself is asked for again at once', async () => {
    double.fault('500', { times: 2 });
    expect(await read(sourceAt(double.url))).toHaveLength(2);
    expect(double.requests).toHaveLength(3);
    expect(logged.join()).toContain('RESOURCES_STATUS_500');
  });

  test('nobody is asked again before the time that Retry-After names', async () => {
    double.fault('503', { retryAfter: 600 });
    const source = sourceAt(double.url);
    expect((await failure(read(source))).retryable).toBe(true);
    double.fault('none');
    const error = await failure(read(source));
    expect(error).toMatchObject({ code: 'RESOURCES_RATE', retryable: true });
    expect(double.requests).toHaveLength(1);
  });

  test('wrong credentials, which no retry mends', async () => {
    const source = sourceAt(double.url, { credentials: { token: 'correct horse' } });
    const error = await failure(read(source));
    expect(error).toMatchObject({ code: 'RESOURCES_UNAUTHORIZED', retryable: false });
    expect(double.requests).toHaveLength(1);
    expect(error.message).not.toContain('horse');
  });

  test('nobody listens', async () => {
    const gone = await startResourcesDouble({ credentials: null });
    await gone.stop();
    expect(await failure(read(sourceAt(gone.url)))).toMatchObject({
      ...{ code: 'RESOURCES_UNREACHABLE', retryable: true },
    });
  });

  test.each([
    ['no object', [WEBSITE]],
    ['no list', { owned: [] }],
    ['a name that is none', { resources: [WEBSITE, { type: 'website', name: 7 }] }],
    ['a name of which nothing is left', { resources: [{ type: 'website', name: '\u0000 \u200b' }] }],
    ['no type', { resources: [{ name: 'secret-project' }] }],
    ['a list without end', { resources: Array.from({ length: 10_001 }, () => WEBSITE) }],
  ])('%s: the list is not understood, and no value of it is told', async (_, answer) => {
    double.setAnswer('900123', answer);
    const error = await failure(read(sourceAt(double.url)));
    expect(error).toMatchObject({ code: 'RESOURCES_WRONG_SHAPE', retryable: false });
    expect(error.message).not.toMatch(/ada-lab|secret-project/);
  });

  test('an answer of many megabytes', async () => {
    double.setAnswer('900123', { resources: [], more: 'x'.repeat(5 * 1024 * 1024) });
    expect(await failure(read(sourceAt(double.url)))).toMatchObject({
      ...{ code: 'RESOURCES_BODY_TOO_LARGE', retryable: false },
    });
  });

  test('an id that would change the path, which is not asked for', async () => {
    const source = sourceAt(double.url);
    for (const id of ['..', '.', '', 'a/b', '1?x=1', '1#', '1 2']) {
      expect(await failure(read(source, id))).toMatchObject({ code: 'RESOURCES_BAD_ID' });
    }
    expect(double.requests).toEqual([]);
  });

  test('called off, it throws the reason of whoever did', async () => {
    double.fault('slow');
    const calledOff = new AbortController();
    const reading = read(sourceAt(double.url), '900123', calledOff.signal);
    const reason = new Error('not wanted any more');
    calledOff.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});

test.each(['ftp://resources.example.org', 'https://me:secret@resources.example.org', 'resources'])(
  'an address that cannot be used is told at once: %s',
  (baseUrl) => {
    expect(() => sourceAt(baseUrl)).toThrow(/source of resources/);
  },
);
