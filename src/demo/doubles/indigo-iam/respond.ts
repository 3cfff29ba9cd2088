import type { IncomingHttpHeaders } from 'node:http';
import { empty, type Answer, type AnswerForm } from './answer.ts';
import type { AccountStore } from './account-store.ts';
import { scopeOf, type FoundCall, type IndigoIamCall } from './calls.ts';
import { putEndTime } from './end-time.ts';
import { deleteLabel, getLabels, putLabel } from './labels.ts';
import { patchUser } from './patch-user.ts';
import {
  acceptsScim,
  deleteUser,
  findByLabel,
  getUser,
  listUsers,
  type IndigoIamPage,
} from './scim-users.ts';
import type { IndigoIamSettings } from './settings.ts';
import type { Tokens } from './tokens.ts';

export interface AskedCall extends FoundCall {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

export interface Instance {
  readonly url: string;
  readonly store: AccountStore;
  readonly tokens: Tokens;
  readonly settings: IndigoIamSettings;
  readonly onPage: (page: IndigoIamPage) => void;
}

export function formOf(call: IndigoIamCall): AnswerForm {
  switch (call) {
    case 'token':
      return 'oauth';
    case 'listUsers':
    case 'getUser':
    case 'patchUser':
    case 'deleteUser':
      return 'scim';
    case 'getLabels':
    case 'putLabel':
    case 'deleteLabel':
    case 'putEndTime':
    case 'findByLabel':
      return 'rest';
  }
}

/** Media types: what the answer may be, what the body is. `null` = nothing to object to. */
function refuseMediaType(call: IndigoIamCall, headers: IncomingHttpHeaders): Answer | null {
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  switch (call) {
    case 'listUsers':
    case 'getUser':
    case 'findByLabel':
      return acceptsScim(headers.accept) ? null : empty(406);
    case 'patchUser':
      return contentType === 'application/scim+json' ? null : empty(415);
    case 'putLabel':
    case 'putEndTime':
      return /^application\/([\w.-]+\+)?json$/.test(contentType) ? null : empty(415);
    case 'token':
    case 'deleteUser':
    case 'getLabels':
    case 'deleteLabel':
      return null;
  }
}

/** Does what a call asks for, and answers it: who asks first, then the media types, then the call itself. */
export function respond(asked: AskedCall, instance: Instance): Answer {
  const { call, query, headers, body } = asked;
  const { store, settings, tokens } = instance;
  const id = asked.account ?? '';
  const scope = scopeOf(call);
  const refusal = (scope && tokens.refuse(headers.authorization, scope)) ?? refuseMediaType(call, headers);
  if (refusal) return refusal;

  const form = { url: instance.url, ...settings };
  switch (call) {
    case 'token':
      return tokens.grant(headers.authorization, headers['content-type'], body);
    case 'listUsers':
      return listUsers(store, query, form, instance.onPage);
    case 'getUser':
      return getUser(store, id, form);
    case 'patchUser':
      return patchUser(store, id, body);
    case 'deleteUser':
      return deleteUser(store, id);
    case 'getLabels':
      return getLabels(store, id);
    case 'putLabel':
      return putLabel(store, id, body);
    case 'deleteLabel':
      return deleteLabel(store, id, query);
    case 'putEndTime':
      return putEndTime(store, id, body, {
        readOnly: settings.readOnlyEndTime,
        everyWriteEndsExpiry: settings.everyEndTimeEndsExpiry,
        path: asked.path,
        at: asked.at,
      });
    case 'findByLabel':
      return findByLabel(store, query, form);
  }
}
