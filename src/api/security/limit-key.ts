import type { FastifyRequest } from 'fastify';

/** Whose requests are counted together: those of a client, else those from an address. */
export function limitKey(request: FastifyRequest): string {
  return request.caller === null ? `address ${networkOf(request.ip)}` : `client ${request.caller.clientId}`;
}

/** Whoever has an address of IPv6 has 2^64 of them: the first half counts. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const first = head.split(':').filter((group) => group !== '');
  const last = tail === undefined ? [] : tail.split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':').toLowerCase()}::/64`;
}
