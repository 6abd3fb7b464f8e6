import { basename } from 'node:path';
import { type Actor, DatasetVersion, encodeWire, ImportDataset, UploadDataset } from '@gimbal/contracts';
import { CallableBy, CONFIG, CurrentActor, InvalidInputError, parseInput, readUpload } from '@gimbal/platform';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RegistryConfig } from '../config.js';
import { AddDatasetService } from './add-dataset.service.js';
import { openAllowed } from './allowed-folders.js';
import { DatasetFiles, type ReadFile } from './dataset-files.js';

/** Asked by operators, through the gateway. */
@Controller('api/v1/datasets')
@CallableBy('gateway')
export class DatasetUploadController {
  constructor(
    private readonly datasets: AddDatasetService,
    private readonly files: DatasetFiles,
    @Inject(CONFIG) private readonly config: RegistryConfig,
  ) {}

  @Post()
  async add(
    @Req() request: FastifyRequest,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { metadata, file } = request.isMultipart()
      ? await this.readForm(request)
      : await this.readNamed(request.body);
    const { name, description } = metadata;
    const { version, isNew } = await this.datasets.add({ name, description, file, actor });
    void reply.status(isNew ? 201 : 200);
    return encodeWire(DatasetVersion, version);
  }

  private async readForm(request: FastifyRequest): Promise<{ metadata: UploadDataset; file: ReadFile }> {
    const { metadata, file } = await readUpload(request, {
      metadata: UploadDataset,
      fileBytesMax: this.config.datasets.maxBytes,
      keep: async (arriving) => {
        if (!arriving.metadata)
          throw new InvalidInputError([{ path: 'metadata', message: 'the part metadata comes before the part file' }]);
        return await this.files.keep(arriving.content, shownName(arriving.fileName), arriving.metadata);
      },
    });
    if (!file) throw new InvalidInputError([{ path: 'file', message: 'is required' }]);
    return { metadata, file };
  }

  private async readNamed(body: unknown): Promise<{ metadata: UploadDataset; file: ReadFile }> {
    const { path, ...metadata } = parseInput(ImportDataset, body);
    const file = await openAllowed(path, this.config.datasets.folders);
    try {
      const content = file.createReadStream({ autoClose: false, highWaterMark: 262_144 });
      return { metadata, file: await this.files.keep(content, shownName(path), metadata) };
    } finally {
      await file.close();
    }
  }
}

/** A name that can be shown: the last part of what was sent. */
const shownName = (name: string): string => basename(name.replaceAll('\\', '/')).slice(0, 200) || 'file';
