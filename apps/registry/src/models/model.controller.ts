import {
  encodeWire,
  Model,
  ModelPage,
  ModelsQuery,
  ModelVersion,
  ModelVersionPage,
  RegisteredModelName,
  VersionParam,
  VersionsQuery,
} from '@gimbal/contracts';
import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { ModelService } from './model.service.js';

@Controller('api/v1/models')
export class ModelController {
  constructor(private readonly models: ModelService) {}

  @Get()
  async list(@Query({ schema: ModelsQuery }) query: z.output<typeof ModelsQuery>) {
    return encodeWire(ModelPage, await this.models.list(query));
  }

  @Get(':model')
  async get(@Param('model', { schema: RegisteredModelName }) model: string) {
    return encodeWire(Model, await this.models.get(model));
  }

  @Get(':model/versions')
  async listVersions(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Query({ schema: VersionsQuery }) query: z.output<typeof VersionsQuery>,
  ) {
    return encodeWire(ModelVersionPage, await this.models.listVersions(model, query));
  }

  @Get(':model/versions/:version')
  async getVersion(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('version', { schema: VersionParam }) version: number,
  ) {
    return encodeWire(ModelVersion, await this.models.getVersion(model, version));
  }
}
