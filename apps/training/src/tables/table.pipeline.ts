import { ALGORITHMS, type AlgorithmName, type DatasetVersion, type ModelVersion } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ALGORITHM_TASKS, type Algorithm, KERNEL_VERSION, parseAlgorithm, type Task } from '@gimbal/learning';
import { CONFIG, type ServiceConfig } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { trainingServiceConfig } from '../config.js';
import { DatasetVersionService } from '../data/dataset-version.service.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { kernelName } from '../learning-workers/kernel-name.js';
import type { ModelConfig } from '../model-config/load-model-config.js';
import { MODEL_CONFIG } from '../model-config/model-config.module.js';
import { refuseBroken } from '../pipeline/prepare-data.service.js';
import { flatten } from '../pipeline/register.service.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import type { Competitor } from '../pipeline/select-candidate.js';
import { describeTableSignature } from './describe-table.js';
import { type LearnedTable, LearnTableService } from './learn-table.service.js';
import { planTable, type TableSet } from './plan-table.js';
import { RecordTableService } from './record-table.service.js';

interface Prepared {
  readonly version: DatasetVersion;
  readonly digest: string;
  readonly set: TableSet;
  readonly testSize: number;
  readonly seed: number;
}

/** One training from an uploaded table to a registered version. Every step may be repeated by another attempt without doing anything twice. */
@Injectable()
export class TablePipeline {
  constructor(
    private readonly datasets: DatasetVersionService,
    private readonly learning: LearnTableService,
    private readonly records: RecordTableService,
    private readonly registry: RegistryClient,
    @Inject(MODEL_CONFIG) private readonly defaults: ModelConfig,
    @Inject(CONFIG) private readonly config: ServiceConfig<typeof trainingServiceConfig>,
  ) {}

  /** @throws DomainError, LearningError, WorkerLostError, the reason of the watch's signal */
  async makeVersion(run: ClaimedRun, live: ModelVersion | null, watch: RunWatch): Promise<ModelVersion> {
    const prepared = await this.prepare(run, watch);
    const competitors = this.competitors(run, prepared.set.dataset.task);
    const terms = { competitors, folds: this.defaults.folds, seed: prepared.seed, live };
    const learned = await this.learning.learn(run, prepared.set, terms, watch);
    await watch.note({ warnings: [...prepared.version.warnings, ...learned.warnings] });
    return await this.register(run, prepared, { learned, live }, watch);
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
    const testSize = run.request.testSize ?? this.defaults.testSize;
    const seed = run.request.seed ?? this.defaults.seed;
    const set = planTable(loaded.table(), { testSize, seed });
    await watch.note({ rows: { training: set.trainRows.length, holdout: set.holdoutRows.length, labelled: 0 } });
    return { version, digest, set, testSize, seed };
  }

  /** The families that were asked for, else all that can learn the task, with the kernel's defaults. */
  private competitors({ request }: ClaimedRun, task: Task): Competitor[] {
    const able = ALGORITHMS.filter((name) => canLearn(name, task));
    const unable = request.algorithms?.filter((name) => !able.includes(name)) ?? [];
    if (unable.length > 0)
      throw new DomainError('validation-failed', `${unable.join(', ')} can't learn a ${task}; ${able.join(', ')} can.`);
    const names = request.algorithms ?? able;
    return names.map((name) => ({ id: name, algorithm: name, hyperparameters: {} }));
  }

  private async register(
    run: ClaimedRun,
    { version, digest, set, testSize, seed }: Prepared,
    { learned, live }: { readonly learned: LearnedTable; readonly live: ModelVersion | null },
    watch: RunWatch,
  ): Promise<ModelVersion> {
    await watch.enter('registering');
    const recorded = await this.records.record({ run, version, digest, set, learned, seed, testSize });
    await watch.enter('registering');
    const { rows, worstProbabilityDifference, labelDifferences } = learned.parity;
    return await this.registry.register(
      run.modelName,
      {
        trainingRunId: run.id,
        decisionId: run.decisionId,
        algorithm: learned.algorithm,
        framework: 'onnx',
        artifactDigest: recorded.artifactDigest,
        signature: describeTableSignature(version, set),
        threshold: learned.threshold,
        evaluation: learned.evaluation,
        parity: { rows, worstProbabilityDifference, labelDifferences, runtime: learned.runtime },
        hyperparameters: flatten(learned.selected.hyperparameters),
        datasetDigest: digest,
        dataOrigin: version.dataOrigin,
        runId: recorded.runId,
        parentVersion: live?.version ?? null,
        codeVersion: `gimbal ${this.config.process.version}, kernel ${KERNEL_VERSION}`,
        referenceProfileDigest: recorded.profileDigest,
        description: run.reason,
      },
      run.request.requestedBy,
    );
  }
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
