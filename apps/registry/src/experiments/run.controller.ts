import {
  encodeWire,
  Id,
  LogMetrics,
  LogParams,
  MetricHistory,
  Paging,
  Run,
  RunPage,
  RunsQuery,
  SetTags,
  UpdateRun,
} from '@gimbal/contracts';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { RunService } from './run.service.js';
import { RunHistoryService } from './run-history.service.js';

const MetricKey = z.string().min(1).max(250);

@Controller('api/v1/runs')
export class RunController {
  constructor(
    private readonly runs: RunService,
    private readonly history: RunHistoryService,
  ) {}

  @Get()
  async list(@Query({ schema: RunsQuery }) query: z.output<typeof RunsQuery>) {
    return encodeWire(RunPage, await this.runs.list(query));
  }

  @Get(':id')
  async get(@Param('id', { schema: Id }) id: string) {
    return encodeWire(Run, await this.runs.get(id));
  }

  @Put(':id')
  async update(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: UpdateRun }) request: z.output<typeof UpdateRun>,
  ) {
    return encodeWire(Run, await this.runs.update(id, request));
  }

  @Post(':id/metrics')
  @HttpCode(200)
  async logMetrics(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: LogMetrics }) request: z.output<typeof LogMetrics>,
  ) {
    return encodeWire(Run, await this.runs.logMetrics(id, request));
  }

  @Get(':id/metrics/:key')
  async metric(
    @Param('id', { schema: Id }) id: string,
    @Param('key', { schema: MetricKey }) key: string,
    @Query({ schema: Paging }) paging: z.output<typeof Paging>,
  ) {
    return encodeWire(MetricHistory, await this.history.metric(id, key, paging));
  }

  @Post(':id/params')
  @HttpCode(200)
  async logParams(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: LogParams }) { params }: z.output<typeof LogParams>,
  ) {
    return encodeWire(Run, await this.runs.logParams(id, params));
  }

  @Post(':id/tags')
  @HttpCode(200)
  async setTags(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: SetTags }) { tags }: z.output<typeof SetTags>,
  ) {
    return encodeWire(Run, await this.runs.setTags(id, tags));
  }
}
