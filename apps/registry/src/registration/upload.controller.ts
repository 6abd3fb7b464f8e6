import { type Actor, encodeWire, ModelName, ModelVersion, UploadVersion } from '@gimbal/contracts';
import { CallableBy, CurrentActor, readUpload } from '@gimbal/platform';
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
    const upload = await readUpload(request, {
      metadata: UploadVersion,
      keep: ({ content }) => this.files.keep(content),
    });
    return encodeWire(ModelVersion, await this.uploads.register({ model, upload, actor }));
  }
}
