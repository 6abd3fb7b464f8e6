import { ALGORITHMS, type AlgorithmName, type DatasetVersion, type Search } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ALGORITHM_TASKS, parseAlgorithm } from '@gimbal/learning';
import { CONFIG } from '@gimbal/platform';
import { inputsOf } from '@gimbal/tabular';
import { Inject, Injectable } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { kernelName } from '../learning-workers/kernel-name.js';
import type { ModelConfig } from '../model-config/load-model-config.js';
import { MODEL_CONFIG } from '../model-config/model-config.module.js';
import type { Competitor } from '../pipeline/select-candidate.js';
import { planStorage, type StoragePlan } from './plan-storage.js';

/** How a table is split and searched. */
export interface RunTerms {
  readonly testSize: number;
  readonly folds: number;
  readonly seed: number;
  readonly search: Search | null;
}

/** Families that take longest and seldom win: they compete when they are asked for. */
const ON_REQUEST: ReadonlySet<AlgorithmName> = new Set<AlgorithmName>(['extra-trees']);

/** The family of texts. */
const OF_TEXTS: AlgorithmName = 'ngram-logistic-regression';

/** Says on which terms a table is learned: what was asked for goes before what is configured for the dataset, and that before what is for all. */
@Injectable()
export class ChooseFamiliesService {
  constructor(
    @Inject(MODEL_CONFIG) private readonly defaults: ModelConfig,
    @Inject(CONFIG) private readonly config: Pick<TrainingConfig, 'data'>,
  ) {}

  termsOf({ data, request }: ClaimedRun): RunTerms {
    const terms = { ...this.defaults, ...this.defaults.tables.get(data.dataset) };
    return {
      testSize: request.testSize ?? terms.testSize,
      folds: terms.folds,
      seed: request.seed ?? terms.seed,
      search: request.search ?? terms.search,
    };
  }

  /**
   * The families that were asked for, else those configured for the dataset, else all that can learn the task but the slow ones; and where the
   * table is kept for them.
   * @throws DomainError `validation-failed` when a family was named that can't learn the task; `table-too-large`
   */
  choose(run: ClaimedRun, { task, rows, definition }: DatasetVersion): StoragePlan {
    const { data, request } = run;
    const configured = this.defaults.tables.get(data.dataset)?.algorithms;
    const named = request.algorithms ?? (configured && [...configured.keys()]);
    if (task === 'text-classification') {
      checkFamilies(named ?? [], [OF_TEXTS], task);
      const hyperparameters = { calibration_folds: this.termsOf(run).folds, ...configured?.get(OF_TEXTS) };
      const competitors = [{ id: OF_TEXTS, algorithm: OF_TEXTS, hyperparameters }];
      return { storage: 'memory', competitors, warnings: [] };
    }
    const able = ALGORITHMS.filter(
      (name) => name !== OF_TEXTS && ALGORITHM_TASKS[parseAlgorithm(kernelName(name))].includes(task),
    );
    checkFamilies(named ?? [], able, task);
    const names = named ?? able.filter((name) => !ON_REQUEST.has(name));
    const competitors = names.map(
      (name): Competitor => ({ id: name, algorithm: name, hyperparameters: configured?.get(name) ?? {} }),
    );
    const size = { rows, inputs: inputsOf(definition).length, limitMib: this.config.data.tableMemoryMib };
    return planStorage(size, competitors, named ? 'asked' : 'default');
  }
}

function checkFamilies(named: readonly AlgorithmName[], able: readonly AlgorithmName[], task: string): void {
  const unable = named.filter((name) => !able.includes(name));
  if (unable.length > 0)
    throw new DomainError('validation-failed', `${unable.join(', ')} can't learn a ${task}; ${able.join(', ')} can.`);
}
