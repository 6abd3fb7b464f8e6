import { basename } from 'node:path';
import {
  type Actor,
  BatchPrediction,
  BatchPredictionAccepted,
  BatchPredictionPage,
  BatchPredictionsQuery,
  CreateBatchPrediction,
  encodeWire,
  Id,
  UploadBatchPrediction,
} from '@gimbal/contracts';
import { CallableBy, CurrentActor, InvalidInputError, parseInput, readUpload } from '@gimbal/platform';
import { Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { EventStreams } from '../events/event-streams.js';
import { BatchFiles } from './batch-files.js';
import { BatchPredictionService } from './batch-prediction.service.js';
import { isOver } from './batch-request.js';
import { CreateBatchPredictionService } from './create-batch-prediction.service.js';

const PATH = 'api/v1/batch-predictions';
const invalid = (path: string, message: string): InvalidInputError => new InvalidInputError([{ path, message }]);

@Controller(PATH)
@CallableBy('gateway')
export class BatchPredictionController {
  constructor(
    private readonly creation: CreateBatchPredictionService,
    private readonly batches: BatchPredictionService,
    private readonly files: BatchFiles,
    private readonly events: EventStreams,
  ) {}

  @Post()
  @HttpCode(202)
  async create(
    @Req() request: FastifyRequest,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') idempotencyKey?: string,
  ) {
    const batchPredictionId = request.isMultipart()
      ? await this.createOfUpload(request, actor)
      : await this.creation.ofDataset(parseInput(CreateBatchPrediction, request.body), actor, idempotencyKey);
    return encodeWire(BatchPredictionAccepted, { batchPredictionId, statusUrl: `/${PATH}/${batchPredictionId}` });
  }

  private async createOfUpload(request: FastifyRequest, actor: Actor): Promise<string> {
    const id = this.creation.createId();
    try {
      const { metadata, file } = await readUpload(request, {
        metadata: UploadBatchPrediction,
        keep: async ({ metadata: asked, content, fileName }) => {
          if (!asked) throw invalid('metadata', 'the part metadata comes before the part file');
          await this.creation.check(asked, actor);
          await this.files.keepInput(id, content);
          return basename(fileName.replaceAll('\\', '/')).slice(0, 200) || 'file';
        },
      });
      if (file === null) throw invalid('file', 'is required');
      return await this.creation.ofUpload(id, metadata, file, actor);
    } catch (error) {
      await this.files.remove(id);
      throw error;
    }
  }

  @Get()
  async list(
    @Query({ schema: BatchPredictionsQuery }) query: z.output<typeof BatchPredictionsQuery>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(BatchPredictionPage, await this.batches.list(query, actor));
  }

  @Get(':id')
  async get(@Param('id', { schema: Id }) id: string, @CurrentActor() actor: Actor) {
    return encodeWire(BatchPrediction, await this.batches.get(id, actor));
  }

  @Get(':id/events')
  async watch(
    @Param('id', { schema: Id }) id: string,
    @CurrentActor() actor: Actor,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.events.open(reply, {
      event: 'batch-prediction',
      find: () => this.batches.find(id, actor),
      show: (row) => encodeWire(BatchPrediction, this.batches.show(row)),
      isOver,
    });
  }

  @Post(':id/cancel')
  @HttpCode(202)
  async cancel(@Param('id', { schema: Id }) id: string, @CurrentActor() actor: Actor) {
    return encodeWire(BatchPrediction, await this.batches.cancel(id, actor));
  }

  @Get(':id/result')
  async result(
    @Param('id', { schema: Id }) id: string,
    @CurrentActor() actor: Actor,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { content, bytes, contentType, fileName } = await this.batches.openResult(id, actor);
    await reply
      .header('content-type', contentType)
      .header('content-length', bytes)
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .send(content);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id', { schema: Id }) id: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.batches.remove(id, actor);
  }
}
