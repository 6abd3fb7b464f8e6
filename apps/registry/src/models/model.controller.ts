import {
  CompareQuery,
  Comparison,
  encodeWire,
  Model,
  ModelName,
  ModelPage,
  ModelsQuery,
  ModelVersion,
  ModelVersionPage,
  VersionParam,
  VersionsQuery,
} from '@gimbal/contracts';
import { parseInput } from '@gimbal/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { ModelService } from './model.service.js';

const TwoVersions = z.tuple([VersionParam, VersionParam]);

@Controller('api/v1/models')
export class ModelController {
  constructor(private readonly models: ModelService) {}

  @Get()
  async list(@Query({ schema: ModelsQuery }) query: z.output<typeof ModelsQuery>) {
    return encodeWire(ModelPage, await this.models.list(query));
  }

  @Get(':model')
  async get(@Param('model', { schema: ModelName }) model: string) {
    return encodeWire(Model, await this.models.get(model));
  }

  @Get(':model/versions')
  async listVersions(
    @Param('model', { schema: ModelName }) model: string,
    @Query({ schema: VersionsQuery }) query: z.output<typeof VersionsQuery>,
  ) {
    return encodeWire(ModelVersionPage, await this.models.listVersions(model, query));
  }

  @Get(':model/versions/:version')
  async getVersion(
    @Param('model', { schema: ModelName }) model: string,
    @Param('version', { schema: VersionParam }) version: number,
  ) {
    return encodeWire(ModelVersion, await this.models.getVersion(model, version));
  }

  @Get(':model/compare')
  async compare(
    @Param('model', { schema: ModelName }) model: string,
    @Query({ schema: CompareQuery }) { versions }: z.output<typeof CompareQuery>,
  ) {
    return encodeWire(Comparison, await this.models.compare(model, parseInput(TwoVersions, versions.split(','))));
  }
}
