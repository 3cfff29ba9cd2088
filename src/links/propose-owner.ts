import { randomUUID } from 'node:crypto';
import type { ReassignmentAsk } from '../contracts/reassignment.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { isFinal } from '../policy/facts.ts';
import { governing } from '../policy/governing.ts';
import type { AccountRow, PersonRow, Registry } from '../registry/registry.ts';
import type { ProposalTokens } from './proposal-token.ts';

/** What a page shows of an account: to its owner, who alone has the link. */
export interface ProposalView {
  readonly login: string;
  /** A request that is not over: nobody else can be proposed meanwhile. `null` = there is none. */
  readonly open: {
    readonly newOwner: string;
    readonly lapsesAt: Instant;
    /** They have agreed, and the account is on its way. */
    readonly isApproved: boolean;
  } | null;
  /** Of the owner; `null` = the deployment's default. */
  readonly language: string | null;
}

/** What following such a link comes to; `unknown` = it is none, or holds no longer: nobody is told which. */
export type ProposalAnswer =
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'shown'; readonly view: ProposalView }
  /** Somebody is asked now: `view.open` says who. */
  | { readonly outcome: 'asked'; readonly view: ProposalView }
  /** Nobody was asked: a code for programs, and words that name the rule. */
  | {
      readonly outcome: 'refused';
      readonly view: ProposalView;
      readonly code: string;
      readonly why: string;
    };

/** Hands a request to its workflow; `refused` = why it is not opened. */
export type AskOn = (
  ask: ReassignmentAsk,
) => Promise<
  { readonly lapsesAt: Instant } | { readonly refused: { readonly code: string; readonly why: string } }
>;

/** Where a link leads, and the secret in it. */
export interface ProposalLink {
  readonly accountId: string;
  readonly token: string;
}

export interface Proposals {
  /** Shows the account, and changes nothing: scanners of mail open links, too. */
  show(link: ProposalLink): Promise<ProposalAnswer>;
  /** Asks somebody to become the owner, in the name of who owns the account. `newOwner` = a person id, as it was typed. */
  ask(link: ProposalLink & { readonly newOwner: string }): Promise<ProposalAnswer>;
}

type Read = Pick<Registry, 'account' | 'accounts' | 'ownership' | 'person' | 'reassignments'>;

const BY_LINK = 'by the link in the notice';

/** Whether the owner has not left yet, by what their primary account was told, and no admin has disabled them. */
function isHere(primary: AccountRow | undefined, today: CalendarDate): boolean {
  if (primary?.state.stage !== 'active' || primary.state.holds.disabledManually !== null) return false;
  const { observation, adminDate } = primary.state;
  const { standing } = governing({ kind: 'primary', experiment: null, observation, today });
  return standing === 'member' || (adminDate !== null && adminDate.until >= today);
}

/**
 * What owners do by the links in the notices before they leave: propose who is to own a service account. A link holds
 * until its owner has left or the account has another one. Rule: "Links in mails".
 */
export function createProposals(deps: {
  readonly registry: Read;
  readonly tokens: ProposalTokens;
  /** The date, in the zone of the policy's calendar. */
  readonly today: () => CalendarDate;
  readonly askOn: AskOn;
}): Proposals {
  const { registry, tokens, today, askOn } = deps;

  /** The account and its owner, if the link is theirs and still holds. */
  const find = async ({ accountId, token }: ProposalLink) => {
    const account = await registry.account(accountId);
    if (account?.kind !== 'service' || account.state.stage !== 'active') return null;
    const owned = (await registry.ownership(accountId)).at(-1);
    if (owned?.personId !== account.personId) return null;
    const { personId: owner, since } = owned;
    if (!tokens.isRight({ accountId, owner, since }, token)) return null;
    const primaries = await registry.accounts({ personId: owner, kind: 'primary' });
    const primary = primaries.find(({ state }) => !isFinal(state.stage));
    if (!isHere(primary, today())) return null;
    return { account, owner: await registry.person(owner) };
  };

  const viewOf = async (account: AccountRow, owner: PersonRow | null): Promise<ProposalView> => {
    const rows = await registry.reassignments(account.accountId);
    const open = rows.find(
      ({ status, doneAt }) => status === 'open' || (status === 'approved' && doneAt === null),
    );
    return {
      login: account.login,
      open: open
        ? { newOwner: open.newOwner, lapsesAt: open.lapsesAt, isApproved: open.status === 'approved' }
        : null,
      language: owner?.language ?? null,
    };
  };

  return {
    async show(link) {
      const found = await find(link);
      if (found === null) return { outcome: 'unknown' };
      return { outcome: 'shown', view: await viewOf(found.account, found.owner) };
    },
    async ask({ newOwner, ...link }) {
      const found = await find(link);
      if (found === null) return { outcome: 'unknown' };
      const { account, owner } = found;
      // A second click asks nobody a second time.
      const before = await viewOf(account, owner);
      if (before.open?.newOwner === newOwner) return { outcome: 'asked', view: before };
      const { accountId, personId: onlyOf } = account;
      const ask = { accountId, newOwner, actor: onlyOf, reason: BY_LINK, requestId: randomUUID(), onlyOf };
      const answer = await askOn(ask);
      const view = await viewOf(account, owner);
      if ('refused' in answer) return { outcome: 'refused', view, ...answer.refused };
      // What the workflow has said counts, whatever has become of it since.
      const open = view.open ?? { newOwner, lapsesAt: answer.lapsesAt, isApproved: false };
      return { outcome: 'asked', view: { ...view, open } };
    },
  };
}
