import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelSignature } from '@gimbal/contracts';
import {
  buildColumns,
  buildPerformanceBaseline,
  buildReferenceProfile,
  type FeatureDefinition,
  type ReferenceProfile,
} from '@gimbal/domain';
import {
  createDataset,
  createRandom,
  crossValidate,
  type Dataset,
  fitModel,
  type Model,
  planFolds,
  predictProbability,
  shuffle,
  splitHoldout,
} from '@gimbal/learning';

type Input = ModelSignature['inputs'][number];

const FOLDER = process.env['GIMBAL_DATA_DIR'] ?? '';
/** UCI's files are not part of the repository. */
export const havePatients = FOLDER !== '' && existsSync(join(FOLDER, 'heart-cleveland.csv'));

const definition: {
  columns: {
    name: string;
    type: 'number' | 'category';
    description: string;
    allowed?: number[];
    range?: [number, number];
    missing: 'allowed' | 'refused';
  }[];
} = JSON.parse(readFileSync(join(import.meta.dirname, '../../../examples/datasets/heart-disease.json'), 'utf8'));

/** The inputs as the definition of the data declares them. */
export const INPUTS: Input[] = definition.columns
  .filter(({ name }) => name !== 'num')
  .map(({ name, type, description, allowed, range, missing }) => ({
    ...{ name, type, description, missing, trainingRange: null },
    allowed: allowed ?? null,
    range: range ?? null,
  }));

const FEATURES: FeatureDefinition[] = INPUTS.map(({ name, type }) => ({
  name,
  type: type === 'number' ? 'numeric' : 'categorical',
}));

/** A patient as the API is told of one: null where nothing was measured. */
export interface Patient {
  readonly features: Record<string, number | null>;
  readonly actual: 0 | 1;
}

export function readPatients(hospital: 'cleveland' | 'hungarian' | 'switzerland' | 'va-long-beach'): Patient[] {
  const [header = '', ...lines] = readFileSync(join(FOLDER, `heart-${hospital}.csv`), 'utf8')
    .trim()
    .split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',').map((cell) => (cell === '?' ? null : Number(cell)));
    return {
      features: Object.fromEntries(INPUTS.map(({ name }) => [name, cells[names.indexOf(name)] ?? null])),
      actual: Number(cells[names.indexOf('num')]) > 0 ? 1 : 0,
    };
  });
}

function toDataset(
  patients: readonly Patient[],
  target: ArrayLike<number> = patients.map(({ actual }) => actual),
): Dataset {
  return createDataset({
    features: INPUTS.map(({ name, type }) => ({ name, kind: type === 'category' ? 'categorical' : 'numeric' })),
    columns: INPUTS.map(({ name }) => patients.map(({ features }) => features[name] ?? Number.NaN)),
    target: Uint8Array.from(target),
  });
}

/** A model with what training would have registered beside it. */
export interface TrainedModel {
  readonly predict: (patients: readonly Patient[]) => Float64Array;
  readonly profile: ReferenceProfile;
  /** Patients it has never seen. */
  readonly heldOut: readonly Patient[];
}

/** Trains on 70 % of the patients, as training does: answers of the profile out of fold, performance on those and the held-out rows. */
export function trainModel(patients: readonly Patient[], algorithm: string, seed: number): TrainedModel {
  const dataset = toDataset(patients);
  const { trainRows, testRows } = splitHoldout(dataset, { testShare: 0.3, seed });
  const folds = planFolds(dataset, { foldCount: 5, seed, rows: trainRows });
  const validation = crossValidate({
    dataset,
    folds,
    candidate: { id: algorithm, algorithm, hyperparameters: {} },
    seed,
  });
  const model = fitModel({ dataset, rows: trainRows, algorithm, seed });
  const pick = (rows: Int32Array) => Array.from(rows, (row) => patients[row] as Patient); // rows of this very list
  const held = pick(testRows);
  const threshold = validation.threshold;
  const task = 'binary-classification';
  const seen = [...validation.outOfFoldProbabilities, ...predictProbability(model, dataset, testRows)];
  const truth = [...pick(validation.rows), ...held].map(({ actual }) => actual);
  const profile = buildReferenceProfile({
    columns: buildColumns(
      pick(trainRows).map(({ features }) => features),
      FEATURES,
    ),
    predictions: { task, probabilities: validation.outOfFoldProbabilities, threshold },
    performance: buildPerformanceBaseline({ task, probabilities: seen, labels: truth, threshold }),
  });
  return { predict: predictWith(model), profile, heldOut: held };
}

/** A model that learned shuffled outcomes. */
export function trainNonsense(patients: readonly Patient[], seed: number): Pick<TrainedModel, 'predict'> {
  const outcomes = shuffle(
    Int32Array.from(patients, ({ actual }) => actual),
    createRandom(seed),
  );
  return {
    predict: predictWith(fitModel({ dataset: toDataset(patients, outcomes), algorithm: 'random_forest', seed })),
  };
}

const predictWith =
  (model: Model): TrainedModel['predict'] =>
  (patients) =>
    predictProbability(model, toDataset(patients));

/** A profile of all patients' features alone. */
export const profileFeatures = (patients: readonly Patient[]): ReferenceProfile =>
  buildReferenceProfile({
    columns: buildColumns(
      patients.map(({ features }) => features),
      FEATURES,
    ),
  });
