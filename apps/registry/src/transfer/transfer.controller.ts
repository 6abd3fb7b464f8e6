import { type Actor, encodeWire, ImportedModel, ImportModel, RegisteredModelName } from '@gimbal/contracts';
import { CONFIG, CurrentActor, InvalidInputError, readUpload } from '@gimbal/platform';
import { Controller, Get, Inject, Param, Post, Req, StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { RegistryConfig } from '../config.js';
import { ExportService } from './export.service.js';
import { ImportService } from './import.service.js';

@Controller('api/v1/models')
export class TransferController {
  constructor(
    private readonly exports: ExportService,
    private readonly imports: ImportService,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  @Get(':model/export')
  async export(@Param('model', { schema: RegisteredModelName }) model: string, @CurrentActor() actor: Actor) {
    const content = await this.exports.export(model, actor.name);
    const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(model)}.tar`;
    return new StreamableFile(content, { type: 'application/x-tar', disposition });
  }

  @Post('import')
  async import(@Req() request: FastifyRequest, @CurrentActor() actor: Actor) {
    const { metadata, file } = await readUpload(request, {
      metadata: ImportModel,
      fileBytesMax: this.config.transfer.importBytesMax,
      keep: ({ content, metadata: asked }) => {
        if (!asked) throw new InvalidInputError([{ path: 'metadata', message: 'must come before the file' }]);
        return this.imports.receive(content, asked);
      },
    });
    if (!file) throw new InvalidInputError([{ path: 'file', message: 'is required' }]);
    return encodeWire(ImportedModel, await this.imports.add(file, metadata, actor));
  }
}
