import type { ModelVersion } from '@gimbal/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { ClaimedRun } from '../execution/claimed-run.js';
import type { ModelConfig } from '../model-config/load-model-config.js';
import { MODEL_CONFIG } from '../model-config/model-config.module.js';
import { TablePipeline } from '../tables/table.pipeline.js';
import { LearnService } from './learn.service.js';
import { PrepareDataService } from './prepare-data.service.js';
import { PromoteService } from './promote.service.js';
import { RegisterService } from './register.service.js';
import type { RunWatch, TrainingOutcome } from './run-watch.js';

/** One training from its data to a registered version. Every step may be repeated by another attempt without doing anything twice. */
@Injectable()
export class TrainingPipeline {
  constructor(
    private readonly preparation: PrepareDataService,
    private readonly learning: LearnService,
    private readonly registration: RegisterService,
    private readonly promotion: PromoteService,
    private readonly tables: TablePipeline,
    @Inject(MODEL_CONFIG) private readonly defaults: ModelConfig,
  ) {}

  /** @throws DomainError, LearningError, WorkerLostError, the reason of the watch's signal */
  async train(run: ClaimedRun, watch: RunWatch): Promise<TrainingOutcome> {
    const version = (await this.registration.findRegistered(run)) ?? (await this.makeVersion(run, watch));
    return await this.promotion.promote(run, version, watch);
  }

  private async makeVersion(run: ClaimedRun, watch: RunWatch): Promise<ModelVersion> {
    const live = await this.registration.findLive(run);
    if (run.data.version !== undefined) return await this.tables.makeVersion(run, live, watch);
    const seed = run.request.seed ?? this.defaults.seed;
    const prepared = await this.preparation.prepare(run, { live, seed }, watch);
    const learned = await this.learning.learn(run, { prepared, live, seed }, watch);
    return await this.registration.register(run, { prepared, learned, live }, watch);
  }
}
