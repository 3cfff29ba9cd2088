import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  services: { worker: { environment: Record<string, string> } };
};

describe('docker-compose.yml', () => {
  it('gives the worker every secret under the name that the example configuration reads', () => {
    const example = readFileSync('lifecycle.example.yaml', 'utf8');
    const names = [...example.matchAll(/Env: (\w+)/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(2);
    expect(Object.keys(compose.services.worker.environment)).toEqual(expect.arrayContaining(names));
  });
});
