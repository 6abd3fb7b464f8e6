import { encodeWire, RegistryStatistics } from '@gimbal/contracts';
import { Controller, Get } from '@nestjs/common';
import { Database } from '../database/database.js';
import { readStatistics } from './read-statistics.js';

@Controller('api/v1/registry/statistics')
export class StatisticsController {
  constructor(private readonly database: Database) {}

  @Get()
  async show() {
    return encodeWire(RegistryStatistics, await this.database.snapshot(readStatistics));
  }
}
