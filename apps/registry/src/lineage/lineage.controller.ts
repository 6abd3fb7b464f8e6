import { encodeWire, Lineage, LineageQuery, RegisteredModelName, VersionParam } from '@gimbal/contracts';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { LineageService } from './lineage.service.js';

@Controller('api/v1/models/:model/versions/:version/lineage')
export class LineageController {
  constructor(private readonly lineage: LineageService) {}

  @Get()
  async trace(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('version', { schema: VersionParam }) version: number,
    @Query({ schema: LineageQuery }) query: LineageQuery,
  ) {
    return encodeWire(Lineage, await this.lineage.trace(model, version, query));
  }
}
