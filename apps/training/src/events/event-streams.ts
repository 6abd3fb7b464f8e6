import type { ServerResponse } from 'node:http';
import { DomainError, isDomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { TrainingConfig } from '../config.js';

const LOOK_MS = 500;
const ALIVE_MS = 15_000;
/** A client that leaves so much unread is cut off; it comes back and gets the present state. */
const BACKLOG_MAX = 1_048_576;

/** A row that is followed to its end. */
export interface Followed<R extends { readonly revision: number }> {
  /** Name of the events; their id is the row's revision. */
  readonly event: string;
  /** Throws when there is no such row. */
  readonly find: () => Promise<R>;
  /** In the form of the wire. */
  readonly show: (row: R) => unknown;
  /** Nothing changes any more. */
  readonly isOver: (row: R) => boolean;
}

/**
 * Follows rows for those who watch them, as server-sent events. Written by hand: a stream must answer 404 or 503 in the agreed form before
 * it begins, and a framework's stream has begun by then.
 */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly streams = new Set<() => void>();

  constructor(
    @Inject(CONFIG) private readonly config: { readonly training: Pick<TrainingConfig['training'], 'watchersMax'> },
  ) {}

  /** Streams without end would keep the server from closing. */
  onModuleDestroy(): void {
    for (const end of this.streams) end();
  }

  /**
   * Sends the row now and after each change, until it is over.
   * @throws DomainError what `find` throws; `overloaded` when there are as many streams as may be
   */
  async open<R extends { readonly revision: number }>(reply: FastifyReply, followed: Followed<R>): Promise<void> {
    if (this.streams.size >= this.config.training.watchersMax)
      throw new DomainError('overloaded', 'There are as many open event streams as there may be.');
    await followed.find();
    void reply.header('content-type', 'text/event-stream; charset=utf-8').header('cache-control', 'no-store');
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200);
    raw.write('retry: 2000\n\n');
    this.follow(raw, followed);
  }

  private follow<R extends { readonly revision: number }>(raw: ServerResponse, followed: Followed<R>): void {
    let seen = -1;
    let toldAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const send = (text: string): void => {
      toldAt = performance.now();
      raw.write(text);
      if (raw.writableLength > BACKLOG_MAX) raw.destroy();
    };
    const look = async (): Promise<void> => {
      const row = await followed.find().catch((error: unknown) => {
        if (isDomainError(error)) raw.end(); // it was removed meanwhile
        return undefined; // else the database is away for a moment: the next look tells
      });
      if (raw.writableEnded || raw.destroyed) return;
      if (row && row.revision !== seen) {
        seen = row.revision;
        send(`event: ${followed.event}\nid: ${seen}\ndata: ${JSON.stringify(followed.show(row))}\n\n`);
      } else if (performance.now() - toldAt > ALIVE_MS) send(': still here\n\n');
      if (row && followed.isOver(row)) raw.end();
      else timer = setTimeout(() => void look(), LOOK_MS);
    };
    const end = (): void => void raw.end();
    this.streams.add(end);
    raw.once('close', () => {
      clearTimeout(timer);
      this.streams.delete(end);
    });
    void look();
  }
}
