import {
  type Actor,
  CreateExperiment,
  CreateRun,
  Experiment,
  ExperimentPage,
  ExperimentsQuery,
  encodeWire,
  Id,
  Run,
} from '@gimbal/contracts';
import { CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { ExperimentService } from './experiment.service.js';
import { RunService } from './run.service.js';

@Controller('api/v1/experiments')
export class ExperimentController {
  constructor(
    private readonly experiments: ExperimentService,
    private readonly runs: RunService,
  ) {}

  @Get()
  async list(@Query({ schema: ExperimentsQuery }) query: z.output<typeof ExperimentsQuery>) {
    return encodeWire(ExperimentPage, await this.experiments.list(query));
  }

  @Post()
  async create(
    @Body({ schema: CreateExperiment }) request: z.output<typeof CreateExperiment>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(Experiment, await this.experiments.create(request, actor));
  }

  @Get(':id')
  async get(@Param('id', { schema: Id }) id: string) {
    return encodeWire(Experiment, await this.experiments.get(id));
  }

  @Post(':id/runs')
  async createRun(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: CreateRun }) request: z.output<typeof CreateRun>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(Run, await this.runs.create(id, request, actor));
  }
}
