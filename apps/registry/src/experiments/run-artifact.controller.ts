import { encodeWire, Id, LogArtifact, Run, RunArtifactQuery, UploadArtifact } from '@gimbal/contracts';
import {
  ARTIFACT_STORE,
  type ArtifactStore,
  CONFIG,
  InvalidInputError,
  parseInput,
  readUpload,
} from '@gimbal/platform';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ArtifactFiles } from '../artifacts/artifact-files.service.js';
import { checkArtifactPath } from '../artifacts/artifact-path.js';
import { sendFile } from '../artifacts/send-file.js';
import type { RegistryConfig } from '../config.js';
import { RunService } from './run.service.js';

/** Files of runs: takes new ones as they are (a form), and those that are artifacts already by their digest (JSON). */
@Controller('api/v1/runs')
export class RunArtifactController {
  constructor(
    private readonly runs: RunService,
    private readonly files: ArtifactFiles,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  @Post(':id/artifacts')
  @HttpCode(200)
  async log(@Param('id', { schema: Id }) id: string, @Req() request: FastifyRequest) {
    const artifact = request.isMultipart() ? await this.keep(request) : await this.readNamed(request);
    return encodeWire(Run, await this.runs.logArtifact(id, artifact));
  }

  /** Served as a download: what a run logged is not to be run by a browser on this address. */
  @Get(':id/artifact')
  async file(
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: RunArtifactQuery }) { path }: z.output<typeof RunArtifactQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.files.find({ owner: { kind: 'run', id }, path: checkArtifactPath(path) });
    await sendFile(request, reply, { file, open: (range) => this.files.open(file, range) });
  }

  /** Other services store files by themselves, and may read any; who comes through the gateway may not. */
  private async readNamed({ body, caller }: FastifyRequest): Promise<z.output<typeof LogArtifact>> {
    const artifact = parseInput(LogArtifact, body);
    if (caller === 'gateway') await this.files.requireReadable(artifact.digest);
    return artifact;
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
