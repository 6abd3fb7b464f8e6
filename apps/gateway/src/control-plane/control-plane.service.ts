import { encodeWire } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { buildProblem } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { actorOf } from '../door/door.service.js';
import { hashRequest, IdempotencyService, type WholeAnswer } from '../idempotency/idempotency.service.js';
import { Forwarding } from './forwarding.service.js';
import { OWN_HANDLERS, type OwnCall, type OwnHandlers, type OwnJsonRouteName } from './own-routes.js';
import { isForm, pathOf, type RoutedCall } from './routed-call.js';
import { sendWhole } from './send-answer.js';

/** Answers an admitted request: by the service that owns its route or by the gateway itself, once per Idempotency-Key. */
@Injectable()
export class ControlPlane {
  constructor(
    private readonly forwarding: Forwarding,
    private readonly idempotency: IdempotencyService,
    @Inject(OWN_HANDLERS) private readonly own: OwnHandlers,
  ) {}

  /** @throws DomainError as PROBLEMS lists them */
  async answer(call: RoutedCall): Promise<void> {
    const { route, request, reply } = call;
    const word = request.headers['idempotency-key'];
    if (word !== undefined && route.method !== 'GET') sendWhole(reply, await this.answerOnce(call, String(word)));
    else if (route.owner === 'gateway') sendWhole(reply, await this.answerOwn(call));
    else await this.forwarding.pass(call, route.owner);
  }

  private answerOnce(call: RoutedCall, word: string): Promise<WholeAnswer> {
    const { name, route, request, key, parsed } = call;
    if (isForm(call))
      throw new DomainError(
        'validation-failed',
        'An upload takes no Idempotency-Key: its parts are framed anew each time.',
      );
    const { owner } = route;
    const requestHash = hashRequest(route.method, pathOf(call), { json: parsed.json, bytes: request.body });
    const work = () => (owner === 'gateway' ? this.answerOwn(call) : this.forwarding.answerWhole(call, owner, word));
    // A secret is shown once and kept nowhere, so this answer can't be given again.
    const asRepeated = name === 'createApiKey' ? () => secretWasShown(request.id) : undefined;
    return this.idempotency.once({ caller: key.id, key: word, requestHash }, work, asRepeated);
  }

  private async answerOwn({ name, route, key, parsed }: RoutedCall): Promise<WholeAnswer> {
    // Owned by the gateway, so its handler is there, and parsed by the very schemas that type it.
    const handler = this.own[name as OwnJsonRouteName] as (call: OwnCall<OwnJsonRouteName>) => Promise<unknown>;
    const value = await handler({ ...parsed, actor: actorOf(key) } as OwnCall<OwnJsonRouteName>);
    if (route.status === 204 || !(route.response instanceof z.ZodType)) return { status: 204, headers: {}, text: '' };
    return {
      status: route.status,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      text: JSON.stringify(encodeWire(route.response, value)),
    };
  }
}

const secretWasShown = (requestId: string): WholeAnswer => {
  const detail = 'This request made a key already; its secret was shown then. Revoke that key and make another.';
  const problem = buildProblem('already-exists', detail, requestId);
  return {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    text: JSON.stringify(problem),
  };
};
