import type { DatasetVersion, ModelVersion, ServedVersion } from '@gimbal/contracts';
import { KERNEL_VERSION } from '@gimbal/learning';
import { CONFIG, type ServiceConfig } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { trainingServiceConfig } from '../config.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { flatten } from '../pipeline/register.service.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import { RecordTableService } from './record-table.service.js';
import type { TrainedModel } from './trained-model.js';

/** A model that has proved itself, with what it learned from. */
export interface FinishedTable {
  readonly version: DatasetVersion;
  readonly digest: string;
  readonly testSize: number;
  readonly seed: number;
  readonly trained: TrainedModel;
  readonly rows: { readonly training: number; readonly holdout: number };
  readonly live: ServedVersion | null;
}

/** Hands what was learned from an uploaded table to the registry. */
@Injectable()
export class RegisterTableService {
  constructor(
    private readonly records: RecordTableService,
    private readonly registry: RegistryClient,
    @Inject(CONFIG) private readonly config: ServiceConfig<typeof trainingServiceConfig>,
  ) {}

  /** @throws DomainError when the registry is away, the reason of the watch's signal */
  async register(run: ClaimedRun, { live, ...finished }: FinishedTable, watch: RunWatch): Promise<ModelVersion> {
    const { version, digest, trained } = finished;
    await watch.enter('registering');
    const recorded = await this.records.record({ run, ...finished });
    await watch.enter('registering');
    const { rows, worstProbabilityDifference, labelDifferences } = trained.parity;
    return await this.registry.register(
      run.modelName,
      {
        trainingRunId: run.id,
        decisionId: run.decisionId,
        algorithm: trained.algorithm,
        framework: 'onnx',
        artifactDigest: recorded.artifactDigest,
        signature: trained.signature,
        threshold: trained.threshold,
        evaluation: trained.evaluation,
        parity: { rows, worstProbabilityDifference, labelDifferences, runtime: trained.runtime },
        hyperparameters: flatten(trained.hyperparameters),
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
