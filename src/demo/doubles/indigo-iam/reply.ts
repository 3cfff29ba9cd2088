import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { wrongAnswer, type IndigoIamFault } from './faults.ts';
import type { IndigoIamRequest } from './request-log.ts';
import { formOf, type AskedCall } from './respond.ts';

/** Where an answer goes, and where its status is noted. */
export interface Reply {
  readonly request: IndigoIamRequest;
  readonly response: ServerResponse;
}

export function send({ request, response }: Reply, answer: Answer): void {
  if (response.destroyed) return;
  request.status = answer.status;
  const length = answer.status === 204 ? {} : { 'content-length': Buffer.byteLength(answer.body) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(answer.body);
}

/** A success that cannot be read: what has no body gets one that is no JSON. */
function breakJson(good: Answer): Answer {
  if (good.status >= 400) return good;
  if (good.body !== '') return { ...good, body: good.body.slice(0, -2) };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: '<html>' };
}

/** Sends half of the answer, and ends the connection: of one without a body, half of the head. */
function sendHalf({ request, response }: Reply, { status, headers, body }: Answer): void {
  request.status = status;
  if (body === '') {
    response.socket?.end(`HTTP/1.1 ${status} \r\ncontent-le`);
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.socket?.end());
}

/** Answers by the fault. `good` = the right answer; `null` = nothing was done. */
export function replyWith(
  reply: Reply,
  fault: IndigoIamFault | null,
  good: Answer | null,
  asked: AskedCall,
): void {
  const answer = (fault && wrongAnswer(fault, { ...asked, form: formOf(asked.call) })) ?? good;
  if (fault?.mode === 'reset' || answer === null) reply.response.socket?.resetAndDestroy();
  else if (fault?.mode === 'cut-body') sendHalf(reply, answer);
  else send(reply, fault?.mode === 'broken-json' ? breakJson(answer) : answer);
}
