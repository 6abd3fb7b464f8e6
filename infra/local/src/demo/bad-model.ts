import { encodeWire, type Metrics, type ModelSignature, UploadVersion } from '@gimbal/contracts';
import {
  createDataset,
  createRandom,
  evaluateBinary,
  exportOnnx,
  fitModel,
  predictProbability,
  shuffle,
} from '@gimbal/learning';
import type { Patient } from './patients.js';

export interface BadModelRequest {
  readonly patients: readonly Patient[];
  readonly signature: ModelSignature;
  readonly parentVersion: number | null;
}

const SEED = 13;
const THRESHOLD = 0.5;

/**
 * The upload form of a model that learned shuffled outcomes: a real ONNX file that answers, and answers nonsense. Its evaluation is
 * honest, so the gate refuses it; only an admin can force it live.
 */
export function trainBadModel({ patients, signature, parentVersion }: BadModelRequest): FormData {
  const features = signature.inputs.map(({ name, type }) => ({
    name,
    kind: type === 'category' ? ('categorical' as const) : ('numeric' as const),
  }));
  const columns = features.map(({ name }) => patients.map((patient) => patient.features[name] ?? Number.NaN));
  const outcomes = Uint8Array.from(patients, ({ actual }) => actual);
  const shuffled = shuffle(Int32Array.from(outcomes), createRandom(SEED));
  const model = fitModel({
    dataset: createDataset({ features, columns, target: shuffled }),
    algorithm: 'random_forest',
    seed: SEED,
  });
  const truth = createDataset({ features, columns, target: outcomes });
  const { metrics, confusion } = evaluateBinary(outcomes, predictProbability(model, truth), THRESHOLD);
  const holdout: Metrics = {
    rows: metrics.rows,
    positives: metrics.positives,
    threshold: THRESHOLD,
    accuracy: metrics.accuracy,
    f1Score: metrics.f1,
    precision: metrics.precision,
    recall: metrics.recall,
    rocAuc: metrics.rocAuc,
    logLoss: metrics.logLoss,
    brier: metrics.brier,
    calibrationError: metrics.expectedCalibrationError,
    confusion,
  };
  const metadata = encodeWire(UploadVersion, {
    algorithm: 'random-forest',
    framework: 'gimbal-learning',
    signature,
    threshold: THRESHOLD,
    evaluation: { holdout, crossValidation: null, versusLive: [] },
    hyperparameters: {},
    datasetDigest: null,
    dataOrigin: null,
    runId: null,
    codeVersion: '',
    parentVersion,
    description: 'Learned shuffled outcomes: made by the demonstration to be found out.',
  });
  const form = new FormData();
  form.set('metadata', JSON.stringify(metadata));
  form.set(
    'file',
    new Blob([Uint8Array.from(exportOnnx(model, { threshold: THRESHOLD }))], { type: 'application/octet-stream' }),
    'model.onnx',
  );
  return form;
}
