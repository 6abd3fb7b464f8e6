import {
  type Actor,
  encodeWire,
  Id,
  Retrain,
  RetrainAccepted,
  TrainingRun,
  TrainingRunPage,
  TrainingRunsQuery,
} from '@gimbal/contracts';
import { CallableBy, CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { EventStreams } from '../events/event-streams.js';
import { RequestRunService } from './request-run.service.js';
import { RunService } from './run.service.js';
import { isOver, showRun } from './show-run.js';

@Controller()
@CallableBy('gateway')
export class RunController {
  constructor(
    private readonly requests: RequestRunService,
    private readonly runs: RunService,
    private readonly events: EventStreams,
  ) {}

  @Post('retrain')
  @HttpCode(202)
  async retrain(
    @Body({ schema: Retrain }) request: Retrain,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') idempotencyKey?: string,
  ) {
    const trainingRunId = await this.requests.retrain(request, actor, idempotencyKey);
    return encodeWire(RetrainAccepted, { trainingRunId, statusUrl: `/api/v1/training-runs/${trainingRunId}` });
  }

  @Get('api/v1/training-runs')
  async list(@Query({ schema: TrainingRunsQuery }) query: z.output<typeof TrainingRunsQuery>) {
    return encodeWire(TrainingRunPage, await this.runs.list(query));
  }

  @Get('api/v1/training-runs/:id')
  async get(@Param('id', { schema: Id }) id: string) {
    return encodeWire(TrainingRun, await this.runs.get(id));
  }

  @Get('api/v1/training-runs/:id/events')
  async watch(@Param('id', { schema: Id }) id: string, @Res() reply: FastifyReply): Promise<void> {
    await this.events.open(reply, {
      event: 'training-run',
      find: () => this.runs.find(id),
      show: (row) => encodeWire(TrainingRun, showRun(row)),
      isOver,
    });
  }

  @Post('api/v1/training-runs/:id/cancel')
  @HttpCode(202)
  async cancel(@Param('id', { schema: Id }) id: string, @CurrentActor() actor: Actor) {
    return encodeWire(TrainingRun, await this.runs.cancel(id, actor));
  }
}
