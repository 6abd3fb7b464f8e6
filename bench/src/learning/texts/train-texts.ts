/**
 * The kernel's side of compare-texts.ts: `node train-texts.js TRAIN.csv TEST.csv` says one line of JSON: `{cpu_seconds, peak_mib, accuracy,
 * macro_f1, coverage, answered_accuracy, text_ms, onnx_text_ms, parity}`. The seconds are those of learning everything, the temperature
 * and the threshold out of fold included; the peak is that of the process when learning has ended; the milliseconds are medians for one text.
 */
import { readFileSync } from 'node:fs';
import {
  compareTextWithRuntime,
  evaluateText,
  exportTextOnnx,
  fitTextModel,
  predictText,
  type TextModel,
} from '@gimbal/learning';
import { parse } from 'csv-parse/sync';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { median } from '../../result.js';

const SEED = 7;
const TEXTS_TIMED = 2000;
const [, , trainPath = '', testPath = ''] = process.argv;

function read(path: string): { readonly texts: string[]; readonly labels: string[] } {
  const rows = parse<{ text: string; category: string }>(readFileSync(path, 'utf8'), { columns: true });
  return { texts: rows.map(({ text }) => text), labels: rows.map(({ category }) => category) };
}

async function timeEach(texts: readonly string[], answer: (text: string) => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < TEXTS_TIMED; i++) {
    const begin = performance.now();
    await answer(texts[i % texts.length] ?? '');
    times.push(performance.now() - begin);
  }
  return median(times);
}

async function askRuntime(model: TextModel, texts: readonly string[]) {
  const session = await InferenceSession.create(exportTextOnnx(model), { intraOpNumThreads: 1 });
  const run = (query: readonly string[]) => session.run({ query: new Tensor('string', [...query], [query.length]) });
  const { label, probabilities } = await run(texts);
  if (!label || !probabilities) throw new Error('The exported file lacks an output.');
  const runtime = {
    labels: label.data as BigInt64Array, // the exported signature fixes both element types
    probabilities: probabilities.data as Float32Array,
  };
  return { runtime, milliseconds: await timeEach(texts, (text) => run([text])) };
}

const [train, test] = [read(trainPath), read(testPath)];
const classes = [...new Set(train.labels)].sort();
const start = process.cpuUsage();
const target = train.labels.map((label) => classes.indexOf(label));
const { model } = fitTextModel({ texts: train.texts, target, classes, seed: SEED });
const { user, system } = process.cpuUsage(start);
const peak = process.resourceUsage().maxRSS / 1024;
const answers = predictText(model, test.texts);
const { metrics, coverage, answeredAccuracy } = evaluateText({
  target: test.labels.map((label) => classes.indexOf(label)),
  probabilities: answers.probabilities,
  classes,
  threshold: model.abstention.threshold,
});
const text_ms = await timeEach(test.texts, (text) => predictText(model, [text]));
const { runtime, milliseconds } = await askRuntime(model, test.texts);
const figures = {
  cpu_seconds: (user + system) / 1e6,
  peak_mib: peak,
  accuracy: metrics.accuracy,
  macro_f1: metrics.macroF1,
  coverage,
  answered_accuracy: answeredAccuracy,
  text_ms,
  onnx_text_ms: milliseconds,
  parity: compareTextWithRuntime(answers, runtime).holds,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
