/**
 * The reference that the others are measured against: bare Fastify around ONNX Runtime, requests in flight run together on the next turn of
 * the loop. No keys, no limits, no validation, no metrics, no log. `node fastify-batch.js FILE PORT`.
 */
import { readFile } from 'node:fs/promises';
import Fastify from 'fastify';
import { InferenceSession, Tensor } from 'onnxruntime-node';

interface Waiting {
  readonly rows: number;
  readonly data: readonly number[];
  readonly settle: (answer: { readonly label: number[]; readonly probability: number[] }) => void;
}

const ROWS_MAX = 64;
const session = await InferenceSession.create(await readFile(process.argv[2] ?? ''), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
});
let waiting: Waiting[] = [];
let isScheduled = false;

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(() => void flush());
}

async function flush(): Promise<void> {
  isScheduled = false;
  const batch = waiting.slice(0, ROWS_MAX);
  waiting = waiting.slice(ROWS_MAX);
  if (waiting.length > 0) schedule();
  const rows = batch.reduce((sum, one) => sum + one.rows, 0);
  const width = (batch[0]?.data.length ?? 0) / (batch[0]?.rows ?? 1);
  const features = new Float32Array(rows * width);
  let at = 0;
  for (const { data } of batch) {
    features.set(data, at);
    at += data.length;
  }
  const said = await session.run({ features: new Tensor('float32', features, [rows, width]) }, [
    'label',
    'probability',
  ]);
  let row = 0;
  for (const one of batch) {
    const of = (name: string): number[] =>
      Array.from((said[name]?.data as ArrayLike<number | bigint>) ?? [], Number).slice(row, row + one.rows); // both outputs are numeric tensors
    one.settle({ label: of('label'), probability: of('probability') });
    row += one.rows;
  }
}

const server = Fastify({ logger: false, bodyLimit: 1 << 24 });
server.post('/v2/models/bench/infer', (request) => {
  const { id, inputs } = request.body as { id?: string; inputs: { data: number[]; shape: number[] }[] }; // the benchmark's own request
  const [input] = inputs;
  return new Promise((resolve) => {
    waiting.push({
      rows: input?.shape[0] ?? 1,
      data: input?.data ?? [],
      settle: ({ label, probability }) =>
        resolve({
          model_name: 'bench',
          model_version: '1',
          id,
          outputs: [
            { name: 'label', datatype: 'INT64', shape: [label.length], data: label },
            { name: 'probability', datatype: 'FP32', shape: [label.length], data: probability },
          ],
        }),
    });
    schedule();
  });
});
await server.listen({ port: Number(process.argv[3]), host: '127.0.0.1' });
