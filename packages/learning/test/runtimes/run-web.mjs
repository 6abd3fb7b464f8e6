// Runs exported files in ONNX Runtime for browsers (WebAssembly). Takes the paths of a list of jobs and of the answers to write; the
// forms of both are in ask-runtime.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const [jobsPath, answersPath] = process.argv.slice(2);
const answers = [];
for (const { file, features, texts, query } of JSON.parse(readFileSync(jobsPath, 'utf8'))) {
  const feeds = {};
  if (features) {
    const bytes = Uint8Array.from(Buffer.from(features.base64, 'base64'));
    feeds.features = new ort.Tensor('float32', new Float32Array(bytes.buffer), features.shape);
  }
  if (query) feeds.query = new ort.Tensor('string', query, [query.length]);
  if (texts) feeds.texts = new ort.Tensor('string', texts.values, texts.shape);
  const session = await ort.InferenceSession.create(readFileSync(file), { executionProviders: ['wasm'] });
  const outputs = await session.run(feeds);
  const entries = Object.entries(outputs).map(([name, { dims, data }]) => [
    name,
    { shape: dims, values: Array.from(data, Number) },
  ]);
  answers.push(Object.fromEntries(entries));
  await session.release();
}
writeFileSync(answersPath, JSON.stringify({ version: ort.env.versions.web, answers }));
