import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import * as z from 'zod';
import type { ProposalAnswer, Proposals } from '../../links/propose-owner.ts';
import { prepareLinkPages, sendLinkPage } from './link-site.ts';
import { proposalPage } from './proposal-page.ts';

/** Below `PROPOSALS_PATH` of `src/links/proposal-token.ts`: register it with that prefix. */
const ADDRESS = '/:accountId/:token';

/** Longer than any that we give. */
const LONGEST_PART = 300;

const part = z.string().min(1).max(LONGEST_PART);
const link = z.object({ accountId: part, token: part });
const said = z.object({
  newOwner: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9._~-]{1,64}$/),
});

const NO_PERSON_ID = { code: 'NOT_A_PERSON_ID', why: 'that is no person id' };

const STATUS: Readonly<Record<ProposalAnswer['outcome'], number>> = {
  unknown: 404,
  shown: 200,
  asked: 200,
  refused: 409,
};

export interface ProposalsArea {
  readonly proposals: Proposals;
  readonly defaultLanguage: string;
  /** In which moments are written. */
  readonly timeZone: string;
}

/**
 * The pages on which owners propose who is to own a service account: `GET` shows the form and changes nothing, `POST`
 * asks. No token but the link's own is needed, so that no other site can post here for somebody. Rule: "Links in mails".
 */
export function proposalRoutes({ proposals, ...site }: ProposalsArea): FastifyPluginAsync {
  const send = (reply: FastifyReply, answer: ProposalAnswer) =>
    sendLinkPage(reply, STATUS[answer.outcome], proposalPage(answer, site));
  const config = { access: 'public' } as const;
  const schema = { hide: true };

  return async (app) => {
    prepareLinkPages(app);
    app.get(ADDRESS, { config, schema }, async (request, reply) => {
      const params = link.safeParse(request.params);
      return send(reply, params.success ? await proposals.show(params.data) : { outcome: 'unknown' });
    });
    app.post(ADDRESS, { config, schema }, async (request, reply) => {
      const params = link.safeParse(request.params);
      if (!params.success) return send(reply, { outcome: 'unknown' });
      const body = said.safeParse(request.body);
      if (body.success) return send(reply, await proposals.ask({ ...params.data, ...body.data }));
      const shown = await proposals.show(params.data);
      return send(
        reply,
        shown.outcome === 'shown' ? { ...shown, outcome: 'refused', ...NO_PERSON_ID } : shown,
      );
    });
  };
}
