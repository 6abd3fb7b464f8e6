import type { DatasetVersion } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import type { ClaimedRun } from '../execution/claimed-run.js';
import {
  ExperimentWriter,
  jsonFile,
  MODEL_PATH,
  PROFILE_PATH,
  type RecordedExperiment,
} from '../experiments/experiment-writer.service.js';
import type { TrainedModel } from './trained-model.js';

/** All that is worth keeping of a training on an uploaded table. */
export interface TableRecord {
  readonly run: ClaimedRun;
  readonly version: DatasetVersion;
  readonly digest: string;
  readonly trained: TrainedModel;
  readonly rows: { readonly training: number; readonly holdout: number };
  readonly seed: number;
  readonly testSize: number;
}

/** Where a training on an uploaded table is written: the experiment has the dataset's name. */
export const placeOf = ({
  version: { dataset, dataOrigin },
  digest,
}: {
  readonly version: Pick<DatasetVersion, 'dataset' | 'dataOrigin'>;
  readonly digest: string;
}) => ({ experiment: dataset, dataOrigin, datasetDigest: digest });

/** Says what is to be recorded of a training on an uploaded table. */
@Injectable()
export class RecordTableService {
  constructor(private readonly writer: ExperimentWriter) {}

  /** @throws DomainError when the registry is away */
  async record({ run, version, digest, trained, rows, seed, testSize }: TableRecord): Promise<RecordedExperiment> {
    const { dataset, dataOrigin } = version;
    return await this.writer.write({
      ...{ run, seed, ...placeOf({ version, digest }) },
      params: {
        ...{ dataset, dataset_version: version.version, dataset_digest: digest, data_origin: dataOrigin },
        ...{ seed, test_size: testSize, training_rows: rows.training, holdout_rows: rows.holdout },
        ...trained.params,
      },
      candidates: trained.candidates,
      trials: trained.trials,
      points: trained.points,
      // Nothing in them depends on when or how fast they were made.
      files: [
        { path: MODEL_PATH, content: trained.onnx, contentType: 'application/octet-stream' },
        jsonFile(PROFILE_PATH, trained.profile),
        ...trained.files,
      ],
    });
  }
}
