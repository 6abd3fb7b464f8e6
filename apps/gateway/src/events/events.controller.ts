import type { ServerResponse } from 'node:http';
import { DomainError } from '@gimbal/domain';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { KeyRing } from '../access/key-ring.service.js';
import type { RoutedCall } from '../control-plane/routed-call.js';
import type { Change } from './change-feed.repository.js';
import { ChangeFeed } from './change-feed.service.js';

export const EVENTS_OPTIONS = Symbol('gateway:events-options');
export interface EventsOptions {
  /** Open streams at once. */
  readonly clientsMax: number;
}

const HEARTBEAT_MS = 15_000;
/** A client that leaves so much unread is cut off; it comes back and reads the lists. */
const BACKLOG_MAX = 1_048_576;

const frame = ({ kind, id, model, state, at }: Change): string =>
  `event: ${kind}\ndata: ${JSON.stringify({ id, model, state, at: at.toISOString() })}\n\n`;

/**
 * `GET /api/v1/events`: one stream of changes for a dashboard, as server-sent events named after what changed. It tells that something
 * changed; the thing itself is read at its own route. Nothing is repeated to a client that comes back: it reads the lists again.
 */
@Injectable()
export class EventsController implements OnModuleDestroy {
  private readonly clients = new Set<() => void>();

  constructor(
    private readonly feed: ChangeFeed,
    private readonly ring: KeyRing,
    @Inject(EVENTS_OPTIONS) private readonly options: EventsOptions,
  ) {}

  /** Streams without end would keep the server from closing. */
  onModuleDestroy(): void {
    for (const end of this.clients) end();
  }

  /** @throws DomainError `overloaded` when there are as many streams as may be */
  open({ reply, key }: Pick<RoutedCall, 'reply' | 'key'>): void {
    if (this.clients.size >= this.options.clientsMax)
      throw new DomainError('overloaded', 'There are as many open event streams as there may be.');
    void reply.header('content-type', 'text/event-stream; charset=utf-8').header('x-accel-buffering', 'no');
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200);
    raw.write('retry: 2000\n\n');
    // Gone already: its end was told before anybody listened for it.
    if (!raw.destroyed) this.follow(raw, key.id);
  }

  private follow(raw: ServerResponse, keyId: string): void {
    const send = (text: string): void => {
      raw.write(text);
      if (raw.writableLength > BACKLOG_MAX) raw.destroy();
    };
    const stop = this.feed.listen((changes) => send(changes.map(frame).join('')));
    // A key that was revoked or has expired ends its streams, too.
    const heartbeat = setInterval(
      () => (this.ring.isValid(keyId) ? send(': still here\n\n') : raw.end()),
      HEARTBEAT_MS,
    ).unref();
    const end = (): void => void raw.end();
    this.clients.add(end);
    raw.once('close', () => {
      clearInterval(heartbeat);
      stop();
      this.clients.delete(end);
    });
  }
}
