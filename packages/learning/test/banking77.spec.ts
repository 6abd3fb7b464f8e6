import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { evaluateText } from '../src/text/evaluate-text.js';
import { fitTextModel } from '../src/text/fit-text-model.js';
import { compareTextWithRuntime } from '../src/text/onnx/compare-text-with-runtime.js';
import { exportTextOnnx } from '../src/text/onnx/export-text-onnx.js';
import { predictText } from '../src/text/predict-text.js';
import { loadTextOnnx } from './run-text-onnx.js';

// BANKING77 (Casanueva et al., 2020), the files of PolyAI-LDN/task-specific-datasets: 10 003 and 3 080 questions, 77 intents.
const folder = process.env['GIMBAL_DATA_DIR'];
const pathOf = (part: string): string => join(folder ?? '', `banking77-${part}.csv`);
const isPresent = folder !== undefined && existsSync(pathOf('train')) && existsSync(pathOf('test'));
if (!isPresent)
  process.stderr.write('skipped: GIMBAL_DATA_DIR does not hold banking77-train.csv and banking77-test.csv\n');

function read(part: string) {
  const rows = parse<{ text: string; category: string }>(readFileSync(pathOf(part), 'utf8'), { columns: true });
  return { texts: rows.map(({ text }) => text), labels: rows.map(({ category }) => category) };
}

(isPresent ? describe : describe.skip)('BANKING77', () => {
  // scikit-learn on the same n-grams: LinearSVC .909, LogisticRegression .913.
  it('is answered at least as well as by scikit-learn, and abstaining keeps what it promises', async () => {
    const [train, test] = [read('train'), read('test')];
    const classes = [...new Set(train.labels)].sort();
    const target = train.labels.map((label) => classes.indexOf(label));
    const { model, warnings } = fitTextModel({ texts: train.texts, target, classes, seed: 7 });
    const answers = predictText(model, test.texts);
    const evaluation = evaluateText({
      target: test.labels.map((label) => classes.indexOf(label)),
      probabilities: answers.probabilities,
      classes,
      threshold: model.abstention.threshold,
    });
    expect(evaluation.metrics.accuracy).toBeGreaterThanOrEqual(0.911);
    expect(evaluation.metrics.macroF1).toBeGreaterThanOrEqual(0.911);
    expect(evaluation.answeredAccuracy!).toBeGreaterThanOrEqual(0.945);
    expect(evaluation.coverage).toBeGreaterThan(0.85);
    expect(evaluation.metrics.expectedCalibrationError).toBeLessThan(0.03);
    expect(warnings).toEqual([]);
    const ask = await loadTextOnnx(exportTextOnnx(model));
    const certificate = compareTextWithRuntime(answers, await ask(test.texts.slice()));
    expect(certificate).toMatchObject({ rows: 3080, labelDifferences: 0, holds: true });
  });
});
