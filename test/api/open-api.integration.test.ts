import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiWorld, type ApiWorld } from '../support/api.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());

describe('the description of the API', () => {
  it('is OpenAPI 3.1, and the one in docs/openapi (written by scripts/write-openapi.ts)', async () => {
    const { status, body } = await world.get('/api/v1.0/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({ openapi: '3.1.0', security: [{ bearer: [] }] });
    const kept: unknown = JSON.parse(
      readFileSync(new URL('../../docs/openapi/identity.json', import.meta.url), 'utf8'),
    );
    expect(body).toEqual(kept);
  });

  it('tells every route, every answer and every parameter', async () => {
    const { body } = await world.get('/api/v1.0/openapi.json');
    const { paths } = body as {
      paths: Record<string, { get: { parameters: { name: string }[]; responses: object } }>;
    };
    expect(Object.keys(paths)).toEqual([
      ...['/api/v1.0/Identity/{upn}', '/api/v1.0/Identity', '/api/v1.0/GuestIdentity'],
    ]);
    const parameters = (path: string) => paths[path]?.get.parameters.map(({ name }) => name).sort();
    expect(parameters('/api/v1.0/Identity')).toEqual(['field', 'filter', 'limit', 'offset', 'token']);
    expect(parameters('/api/v1.0/Identity/{upn}')).toEqual(['field', 'upn']);
    expect(Object.keys(paths['/api/v1.0/Identity']?.get.responses ?? {})).toEqual([
      '200',
      '400',
      '401',
      '403',
      '429',
      '503',
    ]);
  });
});
