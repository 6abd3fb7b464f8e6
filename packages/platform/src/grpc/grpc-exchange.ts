import { constants, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Logger } from 'pino';
import { acceptRequestId } from '../start-service/request-id.js';
import { AnswersInTurn } from './answers-in-turn.js';
import { frameMessage, MessageCutter, type SentMessage } from './cut-messages.js';
import { encodeSentence, GRPC_STATUS, GrpcFailure, type GrpcStatus, toGrpcFailure } from './grpc-failure.js';
import type { AnswerMessage, GrpcCall, GrpcMethod } from './grpc-method.js';
import { readTimeout } from './grpc-timeout.js';
import { ENCODINGS_TAKEN, readEncoding } from './message-encoding.js';

export interface ExchangeOptions {
  readonly messageBytesMax: number;
  readonly logger: Pick<Logger, 'debug' | 'error' | 'info' | 'isLevelEnabled' | 'warn'>;
}

const HEADERS = { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': ENCODINGS_TAKEN };
const NEVER = Number.POSITIVE_INFINITY;
const FAULTS_OF_OURS: ReadonlySet<GrpcStatus> = new Set(['INTERNAL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED']);
const TRAILERS_OK = { 'grpc-status': '0' };

/** What of a path is logged. */
const ROUTE_LENGTH_MAX = 200;

/** One call over one HTTP/2 stream, from its head to its status. */
export class GrpcExchange implements GrpcCall {
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  deadlineMs = NEVER;
  /** Since when something more must come from the caller: a message, or the end of the call; Infinity when nothing must. */
  private awaitedSinceMs = performance.now();
  /** Since when an answer lies here that the caller does not read; Infinity when none does. */
  private unreadSinceMs = NEVER;
  private cutter: MessageCutter | undefined;
  private answer: AnswerMessage | undefined;
  private turns: AnswersInTurn | undefined;
  private told: Readonly<Record<string, string>> | undefined;
  private name: string | undefined;
  private readonly begunMs = performance.now();
  private taken = 0;
  private hasEnded = false;
  private isDone = false;
  private stopWatching: (() => void) | undefined;
  private trailers: Readonly<Record<string, string>> = TRAILERS_OK;

  constructor(
    private readonly stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    private readonly method: GrpcMethod,
    private readonly options: ExchangeOptions,
  ) {
    this.headers = headers;
    this.requestId = acceptRequestId(headers['x-request-id']);
  }

  get remoteAddress(): string | undefined {
    return this.stream.session?.socket.remoteAddress;
  }

  /** Bytes of a message that is not complete. */
  get held(): number {
    return this.cutter?.held ?? 0;
  }

  /** Since when it is the caller who keeps the call from going on; Infinity when it is not. */
  get waitingSinceMs(): number {
    return Math.min(this.awaitedSinceMs, this.unreadSinceMs);
  }

  isOn(session: ServerHttp2Session): boolean {
    return this.stream.session === session;
  }

  readonly tell = (metadata: Readonly<Record<string, string>>): void => {
    this.told = this.told ? { ...this.told, ...metadata } : metadata;
  };

  readonly recognise = (name: string): void => {
    this.name = name;
  };

  start(): void {
    const { stream, headers } = this;
    stream.on('error', () => undefined); // the peer is gone; its 'close' follows
    stream.on('close', () => this.stop());
    try {
      const timeoutMs = readTimeout(headers['grpc-timeout']);
      if (timeoutMs !== undefined) this.deadlineMs = performance.now() + timeoutMs;
      const cutter = new MessageCutter(this.options.messageBytesMax, readEncoding(headers['grpc-encoding']));
      this.cutter = cutter;
      this.open();
      stream.on('data', (chunk: Buffer) => this.take(chunk, cutter));
      stream.on('end', () => this.end());
    } catch (error) {
      this.fail(error);
    }
  }

  private open(): void {
    const { method } = this;
    if (method.kind === 'watch') return;
    const opened = method.open(this);
    const answer: AnswerMessage =
      opened instanceof Promise ? (message) => opened.then((take) => take(message)) : opened;
    if (opened instanceof Promise) opened.catch((error: unknown) => this.fail(error));
    if (method.kind === 'one') this.answer = answer;
    else
      this.turns = new AnswersInTurn({
        answer,
        say: (said) => this.say(said),
        onSaid: () => this.goOn(),
        onFailure: (error) => this.fail(error),
      });
  }

  /** Ends the call with a status other than OK. */
  fail(error: unknown): void {
    if (this.isDone) return;
    const { failure, expected } = toGrpcFailure(error, this.requestId);
    if (!expected) this.options.logger.error({ err: error, request_id: this.requestId }, 'request failed');
    this.log(failure.status);
    const trailers = {
      ...this.told,
      'x-request-id': this.requestId,
      'grpc-status': String(GRPC_STATUS[failure.status]),
      'grpc-message': encodeSentence(failure.message),
      ...(failure.retryAfterMs > 0 && { 'grpc-retry-pushback-ms': String(failure.retryAfterMs) }),
    };
    const { stream } = this;
    this.isDone = true;
    this.turns?.stop();
    if (stream.destroyed) return;
    if (stream.headersSent) this.finish(trailers);
    else stream.respond({ ...HEADERS, ...trailers }, { endStream: true });
    // What the caller still sends is of no use to anybody.
    if (!this.hasEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  }

  /** Gives up a caller that takes too long. */
  expire(): void {
    if (this.isDone || this.unreadSinceMs < NEVER) this.stream.close(constants.NGHTTP2_CANCEL);
    else this.fail(new GrpcFailure('DEADLINE_EXCEEDED', 'The message did not arrive in time.'));
  }

  private take(chunk: Buffer, cutter: MessageCutter): void {
    if (this.isDone) return;
    try {
      const messages = cutter.take(chunk);
      if (messages.length > 0 || this.awaitedSinceMs === NEVER)
        this.awaitedSinceMs = cutter.held > 0 ? performance.now() : NEVER;
      for (const message of messages) this.takeMessage(message);
      if (this.turns?.isFull) this.stream.pause();
    } catch (error) {
      this.fail(error);
    }
  }

  private takeMessage(message: SentMessage): void {
    this.taken += 1;
    const { method } = this;
    if (method.kind !== 'each' && this.taken > 1) throw new GrpcFailure('INTERNAL', 'This method takes one message.'); // grpc/grpc, doc/statuscodes.md
    this.turns?.take(message);
    void this.answer?.(message).then(this.sayOnly, (error: unknown) => this.fail(error));
    if (method.kind === 'watch') this.stopWatching = method.watch(message, (answer) => this.say(answer));
  }

  private readonly sayOnly = (answer: Uint8Array): void => {
    if (this.isDone || this.stream.destroyed) return;
    this.respond();
    this.isDone = true;
    this.log('OK');
    this.unreadSinceMs = performance.now();
    this.stream.end(frameMessage(answer));
  };

  /** After an answer of several. */
  private goOn(): void {
    const { stream, turns } = this;
    if (!turns || stream.destroyed) return;
    if (!turns.isFull) stream.resume();
    if (this.hasEnded && turns.isIdle) this.finish(TRAILERS_OK);
  }

  /** Resolves when there is room for more. */
  private async say(answer: Uint8Array): Promise<void> {
    const { stream } = this;
    if (this.isDone || stream.destroyed) return;
    if (!stream.headersSent) this.respond();
    if (stream.write(frameMessage(answer))) return;
    this.unreadSinceMs = performance.now();
    await new Promise<void>((resolve) => stream.once('drain', resolve).once('close', resolve));
    this.unreadSinceMs = NEVER;
  }

  private respond(): void {
    this.stream.respond(HEADERS, { waitForTrailers: true });
    this.stream.once('wantTrailers', () => this.stream.sendTrailers(this.trailers));
  }

  private finish(trailers: Readonly<Record<string, string>>): void {
    const { stream } = this;
    this.isDone = true;
    if (stream.destroyed) return;
    if (trailers === TRAILERS_OK) this.log('OK');
    this.trailers = trailers;
    this.unreadSinceMs = performance.now();
    if (!stream.headersSent) this.respond();
    stream.end();
  }

  /** The caller has sent all it will. */
  private end(): void {
    this.hasEnded = true;
    this.awaitedSinceMs = NEVER;
    if (this.isDone) return;
    if (this.held > 0) this.fail(new GrpcFailure('INVALID_ARGUMENT', 'The message is cut off.'));
    else if (this.method.kind === 'each') {
      if (this.turns?.isIdle) this.finish(TRAILERS_OK);
    } else if (this.taken === 0) this.fail(new GrpcFailure('INVALID_ARGUMENT', 'The call has no message.'));
  }

  /** As the platform logs every request. */
  private log(status: GrpcStatus): void {
    const { logger } = this.options;
    const level = FAULTS_OF_OURS.has(status) ? 'warn' : status === 'OK' ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    logger[level](
      {
        request_id: this.requestId,
        route: this.headers[':path']?.slice(0, ROUTE_LENGTH_MAX),
        status,
        duration_ms: Math.round((performance.now() - this.begunMs) * 10) / 10,
        caller: this.name,
      },
      'request answered',
    );
  }

  private stop(): void {
    this.isDone = true;
    this.turns?.stop();
    this.stopWatching?.();
    this.stopWatching = undefined;
    // Node keeps the stream for two more collections; what hangs on it would be kept, too, and that costs half as much as the call.
    this.stream.removeAllListeners();
  }
}
