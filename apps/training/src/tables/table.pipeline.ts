import {
  ALGORITHMS,
  type AlgorithmName,
  type DatasetVersion,
  type ModelVersion,
  type Search,
  type TrainingWarning,
} from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ALGORITHM_TASKS, type Algorithm, parseAlgorithm, type Task } from '@gimbal/learning';
import type { LearningTable } from '@gimbal/tabular';
import { Inject, Injectable } from '@nestjs/common';
import { DatasetVersionService } from '../data/dataset-version.service.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { kernelName } from '../learning-workers/kernel-name.js';
import type { ModelConfig } from '../model-config/load-model-config.js';
import { MODEL_CONFIG } from '../model-config/model-config.module.js';
import { refuseBroken } from '../pipeline/prepare-data.service.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import type { Competitor } from '../pipeline/select-candidate.js';
import { warnSkipped } from '../search/search.service.js';
import { CheckTableService } from './check-table.service.js';
import type { CardSource } from './describe-card.js';
import { describeTrainedTable, describeTrainedTexts } from './describe-trained.js';
import { LearnTableService } from './learn-table.service.js';
import { LearnTextsService, planTexts } from './learn-texts.service.js';
import type { TableSet } from './plan-table.js';
import { RegisterTableService } from './register-table.service.js';
import type { TrainedModel } from './trained-model.js';

/** Families that take longest and seldom win: they compete when they are asked for. */
const ON_REQUEST: ReadonlySet<AlgorithmName> = new Set<AlgorithmName>(['extra-trees']);

interface Prepared {
  readonly version: DatasetVersion;
  readonly digest: string;
  readonly table: LearningTable;
  readonly testSize: number;
  readonly folds: number;
  readonly seed: number;
  readonly search: Search | null;
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
    private readonly learning: LearnTableService,
    private readonly reading: LearnTextsService,
    private readonly checks: CheckTableService,
    private readonly registration: RegisterTableService,
    @Inject(MODEL_CONFIG) private readonly defaults: ModelConfig,
  ) {}

  /** @throws DomainError, LearningError, WorkerLostError, the reason of the watch's signal */
  async makeVersion(run: ClaimedRun, live: ModelVersion | null, watch: RunWatch): Promise<ModelVersion> {
    const prepared = await this.prepare(run, watch);
    const learned =
      prepared.table.task === 'text-classification'
        ? await this.learnTexts(run, prepared, live, watch)
        : await this.learnTable(run, prepared, live, watch);
    const { version, digest, testSize, seed } = prepared;
    await watch.note({ warnings: [...learned.warnings, ...learned.trained.warnings] });
    return await this.registration.register(run, { version, digest, testSize, seed, ...learned, live }, watch);
  }

  private async prepare(run: ClaimedRun, watch: RunWatch): Promise<Prepared> {
    await watch.enter('loading-data');
    const { dataset: name, version: number } = run.data;
    const loaded = await this.datasets.load({ name, version: number }, run.request.requestedBy);
    const { version, expectations, digest } = loaded;
    await watch.note({ dataOrigin: version.dataOrigin, datasetDigest: digest });
    await watch.enter('validating-data');
    await watch.note({ expectations: [...expectations], warnings: version.warnings });
    refuseBroken(expectations);
    return { version, digest, table: loaded.table(), ...this.termsOf(run) };
  }

  /** What was asked for goes before what is configured for the dataset, and that before what is configured for all. */
  private termsOf({ data, request }: ClaimedRun): Pick<Prepared, 'testSize' | 'folds' | 'seed' | 'search'> {
    const terms = { ...this.defaults, ...this.defaults.tables.get(data.dataset) };
    return {
      testSize: request.testSize ?? terms.testSize,
      folds: terms.folds,
      seed: request.seed ?? terms.seed,
      search: request.search ?? terms.search,
    };
  }

  private async learnTable(
    run: ClaimedRun,
    prepared: Prepared,
    live: ModelVersion | null,
    watch: RunWatch,
  ): Promise<Trained> {
    const { folds, seed, search } = prepared;
    const { set, warnings } = await this.checks.plan(prepared, watch);
    const version = { ...prepared.version, warnings: [...warnings] };
    const rows = await this.tellRows(set, watch);
    const competitors = this.competitors(run, set.dataset.task);
    const learned = await this.learning.learn(
      run,
      set,
      { competitors, folds, seed, search, live, source: sourceOf(run, { ...prepared, version }) },
      watch,
    );
    return { trained: describeTrainedTable(version, set, learned), rows, warnings };
  }

  private async learnTexts(
    run: ClaimedRun,
    prepared: Prepared,
    live: ModelVersion | null,
    watch: RunWatch,
  ): Promise<Trained> {
    const { version, table, testSize, seed, search } = prepared;
    checkFamilies(run.request.algorithms ?? [], ['ngram-logistic-regression'], table.task);
    const skipped = search ? [warnSkipped('a model of texts learns its own settings.')] : [];
    const set = planTexts(table, { testSize, seed });
    const rows = await this.tellRows(set, watch);
    const learned = await this.reading.learn(run, set, { seed, live, source: sourceOf(run, prepared) }, watch);
    return { trained: describeTrainedTexts(version, set, learned), rows, warnings: [...version.warnings, ...skipped] };
  }

  private async tellRows(
    { trainRows, holdoutRows }: Pick<TableSet, 'trainRows' | 'holdoutRows'>,
    watch: RunWatch,
  ): Promise<Trained['rows']> {
    const rows = { training: trainRows.length, holdout: holdoutRows.length };
    await watch.note({ rows: { ...rows, labelled: 0 } });
    return rows;
  }

  /** The families that were asked for, else those configured for the dataset, else all that can learn the task but the slow ones. */
  private competitors({ data, request }: ClaimedRun, task: Task): Competitor[] {
    const able = ALGORITHMS.filter((name) => canLearn(name, task));
    const configured = this.defaults.tables.get(data.dataset)?.algorithms;
    const named = request.algorithms ?? (configured && [...configured.keys()]);
    if (named) checkFamilies(named, able, task);
    const names = named ?? able.filter((name) => !ON_REQUEST.has(name));
    return names.map((name) => ({ id: name, algorithm: name, hyperparameters: configured?.get(name) ?? {} }));
  }
}

const sourceOf = ({ modelName }: ClaimedRun, { version, digest, testSize, seed }: Prepared): CardSource => ({
  ...{ modelName, version, digest, testSize, seed },
});

/** @throws DomainError `validation-failed` when a family was named that can't learn the task */
function checkFamilies(named: readonly AlgorithmName[], able: readonly AlgorithmName[], task: string): void {
  const unable = named.filter((name) => !able.includes(name));
  if (unable.length > 0)
    throw new DomainError('validation-failed', `${unable.join(', ')} can't learn a ${task}; ${able.join(', ')} can.`);
}

function kernelFamily(name: AlgorithmName): Algorithm | null {
  try {
    return parseAlgorithm(kernelName(name));
  } catch {
    return null; // a family that learns from something else than tables
  }
}

function canLearn(name: AlgorithmName, task: Task): boolean {
  const family = kernelFamily(name);
  return family !== null && ALGORITHM_TASKS[family].includes(task);
}
