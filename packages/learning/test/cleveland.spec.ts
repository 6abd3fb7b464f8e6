import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  algorithmsFor,
  compareWithRuntime,
  createDataset,
  crossValidate,
  type Dataset,
  evaluateBinary,
  exportOnnx,
  fitModel,
  planFolds,
  predictProbability,
  splitHoldout,
  takeTarget,
} from '../src/index.js';
import { loadOnnx } from './run-onnx.js';

const BINARY_ALGORITHMS = algorithmsFor('binary-classification');

// UCI Heart Disease (Janosi, Steinbrunn, Pfisterer, Detrano, 1988), processed Cleveland file with a header row.
const file = join(process.env['GIMBAL_DATA_DIR'] ?? '', 'heart-cleveland.csv');
const isPresent = process.env['GIMBAL_DATA_DIR'] !== undefined && existsSync(file);
if (!isPresent) process.stderr.write('skipped: GIMBAL_DATA_DIR does not hold heart-cleveland.csv\n');

function readCleveland(): Dataset {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = header!.split(',').slice(0, 13);
  const rows = lines.map((line) => line.split(',').map((cell) => (cell === '?' ? Number.NaN : Number(cell))));
  const codes = new Set(['cp', 'restecg', 'slope', 'thal']);
  return createDataset({
    features: names.map((name) => ({ name, kind: codes.has(name) ? 'categorical' : 'numeric' })),
    columns: names.map((_, j) => rows.map((row) => row[j]!)),
    target: rows.map((row) => Number(row[13]! > 0)),
  });
}

(isPresent ? describe : describe.skip)('on the Cleveland patients', () => {
  // Bands measured with scikit-learn 1.9 and xgboost 3.2 on this file: cross-validated ROC-AUC .88-.92.
  it.each(BINARY_ALGORITHMS)('%s reaches the ROC-AUC that the Python libraries reach', (algorithm) => {
    const dataset = readCleveland();
    const aucs = [1, 2, 3].map((seed) => {
      const folds = planFolds(dataset, { foldCount: 5, seed });
      const candidate = { id: algorithm, algorithm, hyperparameters: {} };
      return crossValidate({ dataset, folds, candidate, seed }).pooled.metrics.rocAuc;
    });
    const mean = aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
    expect(mean).toBeGreaterThan(0.87);
    expect(mean).toBeLessThan(0.93);
  });

  it.each(BINARY_ALGORITHMS)('%s answers alike in ONNX Runtime on patients it has not seen', async (algorithm) => {
    const dataset = readCleveland();
    const { trainRows, testRows } = splitHoldout(dataset, { testShare: 0.3, seed: 4 });
    const model = fitModel({ dataset, rows: trainRows, algorithm, seed: 4 });
    const threshold = 0.45;
    const ask = await loadOnnx(exportOnnx(model, { threshold }));
    const { probabilities, labels } = await ask(dataset, testRows);
    const kernelProbabilities = predictProbability(model, dataset, testRows);
    const certificate = compareWithRuntime({
      kernelProbabilities,
      runtimeProbabilities: probabilities,
      runtimeLabels: labels,
      threshold,
    });
    expect(certificate).toMatchObject({ rows: testRows.length, labelDifferences: 0, holds: true });
    expect(
      evaluateBinary(takeTarget(dataset, testRows), kernelProbabilities, threshold).metrics.rocAuc,
    ).toBeGreaterThan(0.85);
  });
});
