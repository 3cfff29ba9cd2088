import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Requirement } from './security/caller.ts';

const DESCRIPTION = `Identities of an organisation's accounts, in the form of CERN's Authorization Service API. Errors are
problem details (RFC 9457).`;

/** Describes the routes that are registered behind it, as OpenAPI 3.1. */
export function describeApi(app: FastifyInstance): void {
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Authorization Service API', description: DESCRIPTION, version: '1.0' },
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'OAuth 2.0 client credentials, audience `authorization-service-api`.',
          },
        },
      },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
  });
}

/** The description itself. */
export function openApiRoute(access: Requirement): FastifyPluginAsync {
  return async (app) => {
    app.get('/openapi.json', { config: { access }, schema: { hide: true } }, async () => app.swagger());
  };
}
