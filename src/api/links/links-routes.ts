import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import * as z from 'zod';
import type { LinkAnswer, Links } from '../../links/answer-link.ts';
import { prepareLinkPages, sendLinkPage } from './link-site.ts';
import { linkPage } from './page.ts';

/** Below `LINKS_PATH` of `src/links/link-token.ts`: register it with that prefix. */
const ADDRESS = '/:requestId/:token';

/** Longer than any that we give. */
const LONGEST_PART = 300;

const part = z.string().min(1).max(LONGEST_PART);
const link = z.object({ requestId: part, token: part });
const said = z.object({ answer: z.enum(['approved', 'rejected']) });

const STATUS: Readonly<Record<LinkAnswer['outcome'], number>> = {
  unknown: 404,
  shown: 200,
  answered: 200,
  refused: 409,
};

export interface LinksArea {
  readonly links: Links;
  readonly defaultLanguage: string;
  /** In which moments are written. */
  readonly timeZone: string;
}

/**
 * The pages behind the links in mails: `GET` shows what is asked and changes nothing, `POST` answers. No token but the
 * link's own is needed; none of it is kept by browsers or told to others. Rule: "Links in mails".
 */
export function linksRoutes({ links, ...site }: LinksArea): FastifyPluginAsync {
  const send = (reply: FastifyReply, answer: LinkAnswer) =>
    sendLinkPage(reply, STATUS[answer.outcome], linkPage(answer, site));
  const config = { access: 'public' } as const;
  const schema = { hide: true };

  return async (app) => {
    prepareLinkPages(app);
    app.get(ADDRESS, { config, schema }, async (request, reply) => {
      const params = link.safeParse(request.params);
      return send(reply, params.success ? await links.show(params.data) : { outcome: 'unknown' });
    });
    app.post(ADDRESS, { config, schema }, async (request, reply) => {
      const params = link.safeParse(request.params);
      const body = said.safeParse(request.body);
      if (!params.success) return send(reply, { outcome: 'unknown' });
      // Neither button: the question is shown again.
      if (!body.success) return send(reply, await links.show(params.data));
      return send(reply, await links.answer({ ...params.data, verdict: body.data.answer }));
    });
  };
}
