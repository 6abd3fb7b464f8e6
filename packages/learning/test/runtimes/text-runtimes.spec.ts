import { expect, it } from '@jest/globals';
import { fitTextModel } from '../../src/text/fit-text-model.js';
import { compareTextWithRuntime } from '../../src/text/onnx/compare-text-with-runtime.js';
import { exportTextOnnx } from '../../src/text/onnx/export-text-onnx.js';
import { predictText } from '../../src/text/predict-text.js';
import { makeTexts } from '../make-texts.js';
import { askRuntime, pythonRuntime, type RuntimeCommand, WEB_RUNTIME } from './ask-runtime.js';

const known = makeTexts({ rows: 300, seed: 21 });
const { model } = fitTextModel({ ...known, seed: 1 });
const file = exportTextOnnx(model);

/** What runtimes could read differently: capitals beyond ASCII, widths, combining marks, emoji, length, nothing at all. */
const query = [
  ...makeTexts({ rows: 200, seed: 22 }).texts,
  ...['', ' ', '?', 'CARD DELIVERY', '\uff23\uff21\uff32\uff24 rate', '\u0130stanbul \ufb01 \u1e9e \u00c9COLE card'],
  ...[
    'e\u0301xchange',
    '\u{1d41c}ard \u{1f600}phone',
    'my\u00a0card\u2014arrive\u2019s',
    'card '.repeat(400),
    '\ufffd\u{10ffff}',
  ],
];

async function expectSameAnswers(command: RuntimeCommand): Promise<void> {
  const { answers } = await askRuntime(command, [{ file, query }]);
  const { label, probabilities } = answers[0]!;
  expect(label!.shape).toEqual([query.length]);
  expect(probabilities!.shape).toEqual([query.length, known.classes.length]);
  const runtime = { labels: label!.values, probabilities: probabilities!.values };
  expect(compareTextWithRuntime(predictText(model, query), runtime)).toMatchObject({
    labelDifferences: 0,
    holds: true,
  });
}

it('a text model answers in ONNX Runtime for browsers as in the kernel, label for label', async () => {
  await expectSameAnswers(WEB_RUNTIME);
});

const python = process.env['GIMBAL_PYTHON'] ?? '';
const title = "a text model answers in Python's ONNX Runtime as in the kernel, label for label";
if (python === '') it.skip(`${title} (set GIMBAL_PYTHON to a Python with numpy and onnxruntime)`, () => undefined);
else it(title, async () => expectSameAnswers(pythonRuntime(python)));
