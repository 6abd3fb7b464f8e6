import type { DatasetVersion, ModelVersion, ServedVersion, TrainingWarning } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { DatasetVersionService, type LoadedVersion } from '../data/dataset-version.service.js';
import type { StoredTable } from '../data/stored-table.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { refuseBroken } from '../pipeline/prepare-data.service.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import type { Competitor } from '../pipeline/select-candidate.js';
import { CheckTableService } from './check-table.service.js';
import { ChooseFamiliesService, type RunTerms } from './choose-families.service.js';
import type { CardSource } from './describe-card.js';
import { describeTrainedTable, describeTrainedTexts } from './describe-trained.js';
import { LearnTableService } from './learn-table.service.js';
import { LearnTextsService } from './learn-texts.service.js';
import type { StoragePlan } from './plan-storage.js';
import type { TableSet } from './plan-table.js';
import { RegisterTableService } from './register-table.service.js';
import type { TrainedModel } from './trained-model.js';

interface Prepared extends RunTerms {
  readonly version: DatasetVersion;
  readonly digest: string;
  readonly table: StoredTable;
  readonly competitors: readonly Competitor[];
}

interface Trained {
  readonly trained: TrainedModel;
  readonly rows: { readonly training: number; readonly holdout: number };
  /** Of the data. */
  readonly warnings: readonly TrainingWarning[];
}

/** One training from an uploaded table to a registered version. Every step may be repeated by another attempt without doing anything twice. */
@Injectable()
export class TablePipeline {
  constructor(
    private readonly datasets: DatasetVersionService,
    private readonly families: ChooseFamiliesService,
    private readonly learning: LearnTableService,
    private readonly reading: LearnTextsService,
    private readonly checks: CheckTableService,
    private readonly registration: RegisterTableService,
  ) {}

  /** @throws DomainError, LearningError, WorkerLostError, the reason of the watch's signal */
  async makeVersion(run: ClaimedRun, live: ServedVersion | null, watch: RunWatch): Promise<ModelVersion> {
    await watch.enter('loading-data');
    const { dataset: name, version: number } = run.data;
    const { requestedBy } = run.request;
    const found = await this.datasets.find({ name, version: number }, requestedBy);
    const { storage, competitors, warnings } = this.families.choose(run, found);
    const loaded = await this.datasets.load(found, storage, requestedBy, {
      signal: watch.signal,
      onProgress: (done) => watch.advance(done),
    });
    try {
      const prepared = await this.prepare(run, loaded, { competitors, warnings }, watch);
      return await this.learn(run, prepared, live, watch);
    } finally {
      await loaded.dispose();
    }
  }

  private async prepare(
    run: ClaimedRun,
    { version: found, expectations, digest, table }: LoadedVersion,
    { competitors, warnings }: Pick<StoragePlan, 'competitors' | 'warnings'>,
    watch: RunWatch,
  ): Promise<Prepared> {
    const version = { ...found, warnings: [...found.warnings, ...warnings] };
    await watch.note({ dataOrigin: version.dataOrigin, datasetDigest: digest });
    await watch.enter('validating-data');
    await watch.note({ expectations: [...expectations], warnings: version.warnings });
    refuseBroken(expectations);
    if (!table) throw new Error('A table whose expectations are met was not loaded.');
    return { version, digest, table, competitors, ...this.families.termsOf(run) };
  }

  private async learn(
    run: ClaimedRun,
    prepared: Prepared,
    live: ServedVersion | null,
    watch: RunWatch,
  ): Promise<ModelVersion> {
    const learned =
      prepared.table.task === 'text-classification'
        ? await this.learnTexts(run, prepared, live, watch)
        : await this.learnTable(run, prepared, live, watch);
    const { version, digest, testSize, seed } = prepared;
    await watch.note({ warnings: [...learned.warnings, ...learned.trained.warnings] });
    return await this.registration.register(run, { version, digest, testSize, seed, ...learned, live }, watch);
  }

  private async learnTable(
    run: ClaimedRun,
    prepared: Prepared,
    live: ServedVersion | null,
    watch: RunWatch,
  ): Promise<Trained> {
    const { competitors, folds, seed, search } = prepared;
    const { set, warnings } = await this.checks.plan(prepared, watch);
    const version = { ...prepared.version, warnings: [...warnings] };
    const rows = await this.tellRows(set, watch);
    const learned = await this.learning.learn(
      run,
      set,
      { competitors, folds, seed, search, live, source: sourceOf(run, { ...prepared, version }) },
      watch,
    );
    return { trained: await describeTrainedTable(set, learned), rows, warnings };
  }

  private async learnTexts(
    run: ClaimedRun,
    prepared: Prepared,
    live: ServedVersion | null,
    watch: RunWatch,
  ): Promise<Trained> {
    const { version, table, competitors, testSize, seed, search } = prepared;
    const set = await this.reading.split(table, { testSize, seed }, watch);
    const rows = await this.tellRows(set, watch);
    const terms = { competitors, search, seed, live, source: sourceOf(run, prepared) };
    const learned = await this.reading.learn(run, set, terms, watch);
    return { trained: await describeTrainedTexts(version, set, learned), rows, warnings: version.warnings };
  }

  private async tellRows(
    { trainRows, holdoutRows }: Pick<TableSet, 'trainRows' | 'holdoutRows'>,
    watch: RunWatch,
  ): Promise<Trained['rows']> {
    const rows = { training: trainRows.length, holdout: holdoutRows.length };
    await watch.note({ rows: { ...rows, labelled: 0 } });
    return rows;
  }
}

const sourceOf = ({ modelName }: ClaimedRun, { version, digest, testSize, seed }: Prepared): CardSource => ({
  ...{ modelName, version, digest, testSize, seed },
});
