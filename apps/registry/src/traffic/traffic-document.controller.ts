import { encodeWire, TrafficDocument, wire } from '@gimbal/contracts';
import { CallableBy } from '@gimbal/platform';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { entityTag, matchesRevision, readEntityTags } from './entity-tag.js';
import { TrafficWatch } from './traffic-watch.js';

const TrafficQuery = wire({ waitSeconds: z.coerce.number().pipe(z.number().min(0).max(30)).default(0) });

/** What serving pulls: the plans of all models in one document. */
@Controller('internal/traffic')
@CallableBy('serving', 'gateway', 'agent')
export class TrafficDocumentController {
  constructor(private readonly watch: TrafficWatch) {}

  /** 304 when nothing changed within `wait_seconds`; without `If-None-Match` the answer comes at once. */
  @Get()
  async get(
    @Query({ schema: TrafficQuery }) { waitSeconds }: z.output<typeof TrafficQuery>,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const [known] = readEntityTags(ifNoneMatch);
    const document = await this.hold(known, waitSeconds * 1_000, reply);
    void reply.header('etag', entityTag(document.revision)).header('cache-control', 'no-cache');
    if (!matchesRevision(ifNoneMatch, document.revision)) return encodeWire(TrafficDocument, document);
    void reply.status(304);
    return undefined;
  }

  private async hold(known: string | undefined, waitMs: number, reply: FastifyReply): Promise<TrafficDocument> {
    if (known === undefined || waitMs === 0) return await this.watch.current();
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    reply.raw.once('close', leave);
    try {
      return await this.watch.next({ known, waitMs, gone: gone.signal });
    } finally {
      reply.raw.off('close', leave);
    }
  }
}
