import { encodeWire, Id, LogArtifact, Run, UploadArtifact } from '@gimbal/contracts';
import {
  ARTIFACT_STORE,
  type ArtifactStore,
  CONFIG,
  InvalidInputError,
  parseInput,
  readUpload,
} from '@gimbal/platform';
import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { RegistryConfig } from '../config.js';
import { RunService } from './run.service.js';

/** Takes files of runs: those that are stored already by their digest (JSON), others as they are (a form). */
@Controller('api/v1/runs')
export class RunArtifactController {
  constructor(
    private readonly runs: RunService,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  @Post(':id/artifacts')
  @HttpCode(200)
  async log(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest) {
    const artifact = request.isMultipart() ? await this.keep(request) : parseInput(LogArtifact, request.body);
    return encodeWire(Run, await this.runs.logArtifact(id, artifact));
  }

  private async keep(request: FastifyRequest): Promise<z.output<typeof LogArtifact>> {
    const { maxBytes } = this.config.modelFiles;
    const { metadata, file } = await readUpload(request, {
      metadata: UploadArtifact,
      keep: ({ content }) => this.store.put(content, { maxBytes }),
    });
    if (!file) throw new InvalidInputError([{ path: 'file', message: 'is required' }]);
    return { ...metadata, digest: file.digest, bytes: file.bytes };
  }
}
