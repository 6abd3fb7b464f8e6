import { CHANGED_MODELS, encodeWire, TrafficChanges, TrafficDocument, wire } from '@gimbal/contracts';
import { CallableBy } from '@gimbal/platform';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { entityTag, matchesRevision, readEntityTags } from './entity-tag.js';
import type { TrafficState } from './traffic-state.js';
import { TrafficWatch } from './traffic-watch.js';

const TrafficQuery = wire({ waitSeconds: z.coerce.number().pipe(z.number().min(0).max(30)).default(0) });

/** What serving pulls: the plans of all models in one document. */
@Controller('internal/traffic')
@CallableBy('serving', 'gateway', 'agent')
export class TrafficDocumentController {
  constructor(private readonly watch: TrafficWatch) {}

  /**
   * 304 when nothing changed within `wait_seconds`; without `If-None-Match` the answer comes at once. 226 with what changed when the caller
   * takes that (RFC 3229) and its revision is still known.
   */
  @Get()
  async get(
    @Query({ schema: TrafficQuery }) { waitSeconds }: z.output<typeof TrafficQuery>,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Headers('a-im') manipulations: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const [known] = readEntityTags(ifNoneMatch);
    const state = await this.hold(known, waitSeconds * 1_000, reply);
    const { document } = state;
    void reply.header('etag', entityTag(document.revision)).header('cache-control', 'no-cache');
    if (matchesRevision(ifNoneMatch, document.revision)) {
      void reply.status(304);
      return undefined;
    }
    const changes =
      known !== undefined && manipulations === CHANGED_MODELS ? this.watch.changesSince(known, state) : undefined;
    if (!changes) return encodeWire(TrafficDocument, document);
    void reply.status(226).header('im', CHANGED_MODELS).header('delta-base', entityTag(changes.since));
    return encodeWire(TrafficChanges, changes);
  }

  private async hold(known: string | undefined, waitMs: number, reply: FastifyReply): Promise<TrafficState> {
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
