import { type Actor, encodeWire, ModelName, ModelVersion, UploadVersion } from '@gimbal/contracts';
import { CallableBy, CurrentActor, parseInput, readUpload } from '@gimbal/platform';
import { Controller, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ModelFiles } from '../model-files/model-files.js';
import { UploadService } from './upload.service.js';

/** Asked by operators, through the gateway. */
@Controller('api/v1/models/:model/versions')
@CallableBy('gateway')
export class UploadController {
  constructor(
    private readonly uploads: UploadService,
    private readonly files: ModelFiles,
  ) {}

  @Post()
  async register(
    @Param('model', { schema: ModelName }) model: string,
    @Req() request: FastifyRequest,
    @CurrentActor() actor: Actor,
  ) {
    const upload = request.isMultipart()
      ? await readUpload(request, { metadata: UploadVersion, keep: ({ content }) => this.files.keep(content) })
      : { metadata: parseInput(UploadVersion, request.body), file: null };
    return encodeWire(ModelVersion, await this.uploads.register({ model, upload, actor }));
  }
}
