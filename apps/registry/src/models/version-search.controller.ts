import { encodeWire, ModelVersionPage, VersionsQuery } from '@gimbal/contracts';
import { Controller, Get, Query } from '@nestjs/common';
import type { z } from 'zod';
import { ModelService } from './model.service.js';

@Controller('api/v1/versions')
export class VersionSearchController {
  constructor(private readonly models: ModelService) {}

  @Get()
  async search(@Query({ schema: VersionsQuery }) query: z.output<typeof VersionsQuery>) {
    return encodeWire(ModelVersionPage, await this.models.searchVersions(query));
  }
}
