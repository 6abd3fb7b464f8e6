import type { ModelVersion, RegisterVersion, ServedVersion } from '@gimbal/contracts';
import { KERNEL_VERSION } from '@gimbal/learning';
import { CONFIG, type ServiceConfig } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { trainingServiceConfig } from '../config.js';
import { Database } from '../database/database.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { wireName } from '../learning-workers/kernel-name.js';
import type { ModelConfig } from '../model-config/load-model-config.js';
import { MODEL_CONFIG } from '../model-config/model-config.module.js';
import { describeSignature } from './describe-model.js';
import type { LearnedModel } from './learn.service.js';
import type { PreparedData } from './prepare-data.service.js';
import { RecordExperimentService } from './record-experiment.service.js';
import type { RunWatch } from './run-watch.js';

interface Finished {
  readonly prepared: PreparedData;
  readonly learned: LearnedModel;
  readonly live: ServedVersion | null;
}

/** Hands what was learned to the registry. */
@Injectable()
export class RegisterService {
  constructor(
    private readonly database: Database,
    private readonly registry: RegistryClient,
    private readonly records: RecordExperimentService,
    @Inject(MODEL_CONFIG) private readonly defaults: ModelConfig,
    @Inject(CONFIG) private readonly config: ServiceConfig<typeof trainingServiceConfig>,
  ) {}

  /** The version that an earlier attempt of this run registered; null when there is none. */
  async findRegistered({ id, modelName, request }: ClaimedRun): Promise<ModelVersion | null> {
    const row = await this.database.reader.modelVersion.findUnique({
      where: { trainingRunId: id },
      select: { version: true },
    });
    return row && (await this.registry.version(modelName, row.version, request.requestedBy));
  }

  async findLive({ modelName, request }: ClaimedRun): Promise<ServedVersion | null> {
    return await this.registry.findLive(modelName, request.requestedBy);
  }

  /**
   * Writes the experiment and registers the version. An attempt that was overtaken stops before it registers; and were it too late for that,
   * the registry answers both attempts with the one version of the run.
   */
  async register(
    run: ClaimedRun,
    { prepared: { data }, learned, live }: Finished,
    watch: RunWatch,
  ): Promise<ModelVersion> {
    await watch.enter('registering');
    const { set, ranked, searched, selected, evaluation, profile, onnx, parity, runtime, seed, testSize } = learned;
    const { experiment } = this.defaults;
    const recorded = await this.records.record({
      run,
      experiment,
      data,
      set,
      ranked,
      searched,
      evaluation,
      profile,
      onnx,
      seed,
      testSize,
    });
    await watch.enter('registering');
    const { rows, worstProbabilityDifference, labelDifferences } = parity;
    return await this.registry.register(
      run.modelName,
      {
        trainingRunId: run.id,
        decisionId: run.decisionId,
        algorithm: wireName(selected.algorithm),
        framework: 'onnx',
        artifactDigest: recorded.artifactDigest,
        signature: describeSignature(data, set),
        threshold: evaluation.holdout.threshold,
        evaluation,
        parity: { rows, worstProbabilityDifference, labelDifferences, runtime },
        hyperparameters: flatten(selected.hyperparameters),
        datasetDigest: set.digest,
        dataOrigin: data.origin,
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

/** A hyperparameter that is itself a map (monotone constraints) is told as its JSON. */
export const flatten = (values: Readonly<Record<string, unknown>>): RegisterVersion['hyperparameters'] =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' || typeof value === 'boolean'
        ? value
        : typeof value === 'string'
          ? value
          : JSON.stringify(value),
    ]),
  );
