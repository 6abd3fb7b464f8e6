import type { Readable, Transform } from 'node:stream';
import { DomainError } from '@gimbal/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../door/door.service.js';
import type { WholeAnswer } from '../idempotency/idempotency.service.js';
import { isMergedRoute, mergeAnswers } from './merge-answers.js';
import { limitBytes, type Owner, OwnerClient, type OwnerRequest } from './owner.client.js';
import { CONTROL_PLANE_OPTIONS, type ControlPlaneOptions, isForm, pathOf, type RoutedCall } from './routed-call.js';
import { sendStream, sendWhole } from './send-answer.js';

const PASSED_HEADERS = ['accept', 'content-type', 'if-match', 'if-none-match'] as const;

/** Hands admitted requests on to the services that own their routes. */
@Injectable()
export class Forwarding {
  constructor(
    private readonly owners: OwnerClient,
    @Inject(CONTROL_PLANE_OPTIONS) private readonly options: ControlPlaneOptions,
  ) {}

  /**
   * Passes the owner's answer on as it comes. A caller that leaves ends what only reads; a write goes on, since what it does must not
   * depend on who still listens.
   * @throws DomainError as {@link OwnerClient.send}
   */
  async pass(call: RoutedCall, owner: Owner): Promise<void> {
    const { route, request, reply } = call;
    if (this.isMerged(call, owner)) return sendWhole(reply, await this.answerMerged(call, owner, {}));
    const gone = new AbortController();
    if (route.method === 'GET') reply.raw.once('close', () => gone.abort());
    const upload = isForm(call) ? this.uploadOf(request) : null;
    try {
      const answer = await this.owners.send(owner, {
        ...this.requestOf(call),
        body: upload ?? jsonOf(call),
        signal: gone.signal,
      });
      if (upload && !request.raw.complete) void reply.header('connection', 'close');
      sendStream(reply, answer);
    } catch (error) {
      upload?.destroy();
      // The rest of the upload is not read; on a connection that stays open it would never end.
      if (upload && !request.raw.complete) void reply.header('connection', 'close');
      if (gone.signal.aborted) void reply.hijack();
      else throw error;
    }
  }

  /**
   * The owner's answer held whole, to be kept for repeats. Goes on when the caller leaves. The owner is told the key, so that it can know a
   * repeat of which this gateway has no record.
   * @throws DomainError as {@link OwnerClient.send}
   */
  async answerWhole(call: RoutedCall, owner: Owner, idempotencyKey: string): Promise<WholeAnswer> {
    const headersOfRepeat = { 'idempotency-key': idempotencyKey };
    if (this.isMerged(call, owner)) return this.answerMerged(call, owner, headersOfRepeat);
    const request = this.requestOf(call);
    const headers = { ...request.headers, ...headersOfRepeat };
    const answer = await this.owners.send(owner, { ...request, headers, body: jsonOf(call), signal: undefined });
    const { 'content-length': _length, ...passed } = answer.headers;
    return { status: answer.status, headers: passed, text: await this.owners.hold(owner, answer) };
  }

  private isMerged({ name }: RoutedCall, owner: Owner): boolean {
    return isMergedRoute(name) && this.owners.replicasOf(owner) > 1;
  }

  /** What every process of the owner says, as one answer. One that is away says nothing. */
  private async answerMerged(
    call: RoutedCall,
    owner: Owner,
    headers: Readonly<Record<string, string>>,
  ): Promise<WholeAnswer> {
    const request = this.requestOf(call);
    const ask = async (replica: number): Promise<WholeAnswer> => {
      const asked = { ...request, headers: { ...request.headers, ...headers }, body: jsonOf(call), signal: undefined };
      const answer = await this.owners.sendTo(owner, replica, asked);
      const { 'content-length': _length, ...passed } = answer.headers;
      return { status: answer.status, headers: passed, text: await this.owners.hold(owner, answer) };
    };
    const asked = Array.from({ length: this.owners.replicasOf(owner) }, (_, replica) => ask(replica));
    return mergeAnswers(call, await Promise.allSettled(asked));
  }

  private requestOf(call: RoutedCall): Omit<OwnerRequest, 'body' | 'signal'> {
    const { route, request, key } = call;
    const headers: Record<string, string> = {};
    for (const name of PASSED_HEADERS) {
      const value = request.headers[name];
      if (typeof value === 'string') headers[name] = value;
    }
    if (route.body && !isForm(call)) headers['content-type'] = 'application/json';
    else if (!route.upload) delete headers['content-type'];
    return {
      method: route.method,
      path: pathOf(call),
      headers,
      actor: actorOf(key),
      requestId: request.id,
      pace: route.upload || typeof route.response === 'string' ? 'stream' : 'answer',
    };
  }

  private uploadOf({ headers, body }: FastifyRequest): Transform {
    const { uploadLimitBytes } = this.options;
    if (Number(headers['content-length'] ?? 0) > uploadLimitBytes)
      throw new DomainError('payload-too-large', `At most ${uploadLimitBytes} bytes are taken.`);
    if (!isStream(body)) throw new DomainError('unsupported-media-type', 'Send multipart/form-data.');
    return passOn(body, limitBytes(uploadLimitBytes));
  }
}

/**
 * Pipes an upload. Not by `pipeline`: when the owner refuses before all was sent, that would destroy the request, and with it the
 * connection on which the refusal has to go back. A request that breaks off breaks `target`; a broken `target` leaves the rest unread.
 */
function passOn(body: Readable, target: Transform): Transform {
  body.on('error', (error) => target.destroy(error));
  body.once('close', () => {
    if (!body.readableEnded) target.destroy(new Error('The upload broke off.'));
  });
  // Told to whoever reads `target`; this keeps a failure after that from ending the process.
  target.on('error', () => undefined);
  target.once('close', () => body.unpipe(target));
  return body.pipe(target);
}

const isStream = (body: unknown): body is Readable => typeof body === 'object' && body !== null && 'pipe' in body;

/** The body as it was sent; one that may be left out is handed on as the empty object it stands for. */
function jsonOf({ route, request }: RoutedCall): Buffer | null {
  if (!route.body) return null;
  return Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : Buffer.from('{}');
}
