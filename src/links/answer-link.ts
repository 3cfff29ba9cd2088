import type { Reassignment } from '../contracts/reassignment.ts';
import type { PersonRow, Registry } from '../registry/registry.ts';
import type { LinkTokens } from './link-token.ts';

/** What a page shows of a request: to its proposed owner, who alone has the link. */
export interface LinkView {
  readonly requestId: string;
  readonly login: string;
  readonly owner: string;
  readonly newOwner: string;
  readonly status: Reassignment['status'];
  readonly lapsesAt: number;
  /** Of the proposed owner; `null` = the deployment's default. */
  readonly language: string | null;
}

/** What following a link comes to; `unknown` = no such request, or not its token: nobody is told which. */
export type LinkAnswer =
  | { readonly outcome: 'unknown' }
  /** The request, which can be answered if it is `open`. */
  | { readonly outcome: 'shown'; readonly view: LinkView }
  | { readonly outcome: 'answered'; readonly view: LinkView; readonly message: string }
  /** It could not be answered, in words. */
  | { readonly outcome: 'refused'; readonly view: LinkView; readonly why: string };

/** Passes an answer on to the workflow of the request; `refused` = in words, why not. */
export type PassOn = (input: {
  readonly accountId: string;
  readonly requestId: string;
  readonly verdict: 'approved' | 'rejected';
  /** The proposed owner, as the link has proved. */
  readonly by: string;
}) => Promise<{ readonly message: string } | { readonly refused: string }>;

export interface Links {
  /** Shows the request, and changes nothing: scanners of mail open links, too. */
  show(link: { readonly requestId: string; readonly token: string }): Promise<LinkAnswer>;
  /** Answers it. A link works for one answer. */
  answer(link: {
    readonly requestId: string;
    readonly token: string;
    readonly verdict: 'approved' | 'rejected';
  }): Promise<LinkAnswer>;
}

type Read = Pick<Registry, 'reassignment' | 'account' | 'person'>;

function nameOf(person: PersonRow | null): string {
  return person === null ? '' : `${person.givenName} ${person.familyName}`.trim();
}

/** What people do by the links in mails about re-assigning service accounts. */
export function createLinks(deps: {
  readonly registry: Read;
  readonly tokens: LinkTokens;
  readonly passOn: PassOn;
}): Links {
  const { registry, tokens, passOn } = deps;

  const find = async (link: { requestId: string; token: string }): Promise<Reassignment | null> =>
    tokens.isRight(link.requestId, link.token) ? registry.reassignment(link.requestId) : null;

  const viewOf = async (row: Reassignment): Promise<LinkView> => {
    const account = await registry.account(row.accountId);
    const owner = await registry.person(account?.personId ?? row.owner);
    const newOwner = await registry.person(row.newOwner);
    const { requestId, status, lapsesAt } = row;
    return {
      ...{ requestId, status, lapsesAt, login: account?.login ?? '' },
      ...{ owner: nameOf(owner), newOwner: nameOf(newOwner), language: newOwner?.language ?? null },
    };
  };

  return {
    async show(link) {
      const row = await find(link);
      return row === null ? { outcome: 'unknown' } : { outcome: 'shown', view: await viewOf(row) };
    },
    async answer(link) {
      const row = await find(link);
      if (row === null) return { outcome: 'unknown' };
      if (row.status !== 'open') {
        const why = `the request is ${row.status} already`;
        return { outcome: 'refused', view: await viewOf(row), why };
      }
      const { requestId, accountId, newOwner: by } = row;
      const answer = await passOn({ accountId, requestId, verdict: link.verdict, by });
      const view = await viewOf((await registry.reassignment(requestId)) ?? row);
      return 'refused' in answer
        ? { outcome: 'refused', view, why: answer.refused }
        : { outcome: 'answered', view, message: answer.message };
    },
  };
}
