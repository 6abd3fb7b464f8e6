import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MODEL_SHAPES, makeFeatures, makeModel, makeTable } from '../../test/make-model.js';
import { loadOnnx } from '../../test/run-onnx.js';
import type { FeatureTable } from '../dataset/dataset.js';
import { countOutputs, type Model } from '../families/model.js';
import { predict } from '../families/predict.js';
import { createRandom } from '../random/random.js';
import { compareWithRuntime, type ParityCertificate, type ParityRequest } from './compare-with-runtime.js';
import { exportOnnx } from './export-onnx.js';
import { hasThreshold } from './signature.js';

async function certify(model: Model, table: FeatureTable, threshold: number): Promise<ParityCertificate> {
  const file = exportOnnx(model, hasThreshold(model.task) ? { threshold } : {});
  const ask = await loadOnnx(file, model.task);
  const { probabilities, labels, shapes } = await ask(table);
  const outputs = countOutputs(model);
  for (const [name, shape] of Object.entries(shapes)) {
    expect(shape).toEqual(name === 'label' || outputs === 1 ? [table.rowCount] : [table.rowCount, outputs]);
  }
  const answers = { kernelProbabilities: predict(model, table), runtimeProbabilities: probabilities };
  const requests: Record<Model['task'], ParityRequest> = {
    'binary-classification': { ...answers, task: 'binary-classification', runtimeLabels: labels, threshold },
    'anomaly-detection': { ...answers, task: 'anomaly-detection', runtimeLabels: labels, threshold },
    'multiclass-classification': {
      ...answers,
      task: 'multiclass-classification',
      runtimeLabels: labels,
      classCount: outputs,
    },
    regression: { ...answers, task: 'regression', targetDeviation: 1 },
  };
  return compareWithRuntime(requests[model.task]);
}

it.each(Object.keys(MODEL_SHAPES))(
  '%s answers in ONNX Runtime as in the kernel, for any columns and cells',
  async (name) => {
    const shape = MODEL_SHAPES[name]!;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 8 }), async (seed, featureCount) => {
        const random = createRandom(seed);
        const features = makeFeatures(random, featureCount);
        const model = makeModel(random, { ...shape, features, classCount: 2 + random.nextInteger(6) });
        const table = makeTable(random, features, 300);
        // Trees are exact: even a threshold that some row's answer equals is decided alike.
        const answers = predict(model, table);
        const threshold =
          model.kind === 'trees' && hasThreshold(model.task)
            ? Math.min(0.999, Math.max(1e-6, answers[random.nextInteger(answers.length)]!))
            : 0.37;
        const certificate = await certify(model, table, threshold);
        expect({ ...certificate, worst: certificate.worstProbabilityDifference }).toMatchObject({
          rows: 300,
          labelDifferences: 0,
          holds: true,
        });
      }),
      { numRuns: 25 },
    );
  },
);
