import { createHash } from 'node:crypto';
import { createDataset, createRandom, exportOnnx, fitModel, predictProbability } from '@gimbal/learning';
import { SIGNATURE } from './signature.js';

export interface MadeModel {
  readonly onnx: Uint8Array;
  readonly digest: string;
  /** What the model itself says of one row. */
  readonly predict: (row: readonly number[]) => number;
}

/** A real model of three inputs, trained here and now; another seed gives another model. */
export function makeModel(seed: number, { algorithm = 'lightgbm', trees = 20 } = {}): MadeModel {
  const random = createRandom(seed);
  const rows = 400;
  const columns = [
    Float32Array.from({ length: rows }, () => 20 + random.nextFloat() * 60),
    Float32Array.from({ length: rows }, () => (random.nextFloat() < 0.1 ? Number.NaN : 100 + random.nextFloat() * 400)),
    Float32Array.from({ length: rows }, () => [3, 6, 7][Math.floor(random.nextFloat() * 3)] ?? 3),
  ] as const;
  const features = SIGNATURE.inputs.map(({ name, type }) => ({
    name,
    kind: type === 'category' ? ('categorical' as const) : ('numeric' as const),
  }));
  const target = Uint8Array.from({ length: rows }, (_, row) =>
    (columns[0][row] ?? 0) / 80 + ((columns[2][row] ?? 0) - 3) / 8 + random.nextFloat() * 0.6 > 1.1 ? 1 : 0,
  );
  const dataset = createDataset({ features, columns, target });
  const hyperparameters = algorithm === 'logistic_regression' ? {} : { n_estimators: trees };
  const model = fitModel({ dataset, algorithm, hyperparameters, seed });
  const onnx = exportOnnx(model, { threshold: 0.5 });
  return {
    onnx,
    digest: createHash('sha256').update(onnx).digest('hex'),
    predict: (row) => {
      const single = createDataset({ features, columns: row.map((value) => [value]), target: [0] });
      return predictProbability(model, single)[0] ?? Number.NaN;
    },
  };
}
