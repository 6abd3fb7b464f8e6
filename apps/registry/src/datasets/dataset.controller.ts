import {
  type Actor,
  Dataset,
  DatasetDiff,
  DatasetDiffQuery,
  DatasetPage,
  DatasetVersion,
  DatasetVersionPage,
  ExpectationSuite,
  encodeWire,
  ModelName,
  Paging,
  PutTableDefinition,
  VersionParam,
} from '@gimbal/contracts';
import { CallableBy, CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import type { z } from 'zod';
import { DatasetService } from './dataset.service.js';
import { ExpectationsService } from './expectations.service.js';

@Controller('api/v1/datasets')
export class DatasetController {
  constructor(
    private readonly datasets: DatasetService,
    private readonly expectations: ExpectationsService,
  ) {}

  @Get()
  async list(@Query({ schema: Paging }) query: z.output<typeof Paging>) {
    return encodeWire(DatasetPage, await this.datasets.list(query));
  }

  @Get(':name')
  async get(@Param('name', { schema: ModelName }) name: string) {
    return encodeWire(Dataset, await this.datasets.get(name));
  }

  @Get(':name/versions')
  async listVersions(
    @Param('name', { schema: ModelName }) name: string,
    @Query({ schema: Paging }) query: z.output<typeof Paging>,
  ) {
    return encodeWire(DatasetVersionPage, await this.datasets.listVersions(name, query));
  }

  @Get(':name/versions/:version')
  async getVersion(
    @Param('name', { schema: ModelName }) name: string,
    @Param('version', { schema: VersionParam }) version: number,
  ) {
    return encodeWire(DatasetVersion, await this.datasets.getVersion(name, version));
  }

  @Put(':name/versions/:version/definition')
  @CallableBy('gateway')
  async correct(
    @Param('name', { schema: ModelName }) name: string,
    @Param('version', { schema: VersionParam }) version: number,
    @Body({ schema: PutTableDefinition }) request: z.output<typeof PutTableDefinition>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(DatasetVersion, await this.datasets.correct({ name, version, request, actor }));
  }

  @Get(':name/diff')
  async diff(
    @Param('name', { schema: ModelName }) name: string,
    @Query({ schema: DatasetDiffQuery }) { from, to }: z.output<typeof DatasetDiffQuery>,
  ) {
    return encodeWire(DatasetDiff, await this.datasets.diff(name, from, to));
  }

  @Get(':name/expectations')
  async getExpectations(@Param('name', { schema: ModelName }) name: string) {
    return encodeWire(ExpectationSuite, await this.expectations.get(name));
  }

  @Put(':name/expectations')
  @CallableBy('gateway')
  async putExpectations(
    @Param('name', { schema: ModelName }) name: string,
    @Body({ schema: ExpectationSuite }) suite: ExpectationSuite,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(ExpectationSuite, await this.expectations.put(name, suite, actor));
  }
}
