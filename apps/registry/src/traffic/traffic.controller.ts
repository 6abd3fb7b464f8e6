import { type Actor, encodeWire, RegisteredModelName, TrafficPlan, TrafficState } from '@gimbal/contracts';
import { CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, Headers, Param, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { entityTag, matchesRevision, readIfMatch } from './entity-tag.js';
import { TrafficService } from './traffic.service.js';

@Controller('api/v1/models/:model/traffic')
export class TrafficController {
  constructor(private readonly traffic: TrafficService) {}

  @Get()
  async get(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const state = await this.traffic.get(model);
    void reply.header('etag', entityTag(state.revision)).header('cache-control', 'no-cache');
    if (!matchesRevision(known, state.revision)) return encodeWire(TrafficState, state);
    void reply.status(304);
    return undefined;
  }

  @Put()
  async put(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Body({ schema: TrafficPlan }) plan: TrafficPlan,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const state = await this.traffic.put({ model, plan, revision: readIfMatch(ifMatch), actor });
    void reply.header('etag', entityTag(state.revision));
    return encodeWire(TrafficState, state);
  }
}
