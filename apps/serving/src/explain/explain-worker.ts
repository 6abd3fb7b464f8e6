/**
 * The thread that explains rows. Started by explain-thread.ts; the types of its messages are there. Here alone serving uses the learning
 * kernel (docs/decisions/0012-explanations-in-serving.md). Imports nothing else of ours at run time, because tests start it from its source.
 */
import { parentPort } from 'node:worker_threads';
import { createFeatureTable, explainModel, importOnnx, LearningError, type Model, predict } from '@gimbal/learning';
import type { ExplainedRows, ThreadReply, ThreadTask } from './explain-thread.js';

/** Models held ready; a large forest takes some hundred megabytes. */
const MODELS_MAX = 2;
/** Numbers of one slice of work: rows x outputs x inputs. */
const SLICE_NUMBERS = 4_000_000;

/** The model can't be explained; the message says why. */
class Unexplained extends Error {}

/** By digest, the least recently used first. */
const models = new Map<string, Model>();

function takeModel({ digest, file }: ThreadTask): Model {
  const model = models.get(digest) ?? importOnnx(file ?? new Uint8Array());
  models.delete(digest);
  models.set(digest, model);
  for (const oldest of models.keys()) if (models.size > MODELS_MAX) models.delete(oldest);
  return model;
}

function toTable({ features }: Model, { features: values, rows, inputs }: ThreadTask) {
  const positions = features.map(({ name }) => inputs.indexOf(name));
  if (positions.includes(-1) || inputs.length !== features.length)
    throw new Unexplained('The file names other inputs than the signature of the version.');
  const columns = positions.map((position) =>
    Float32Array.from({ length: rows }, (_, row) => values[row * inputs.length + position] ?? Number.NaN),
  );
  return { positions, table: createFeatureTable({ features, columns }) };
}

function explain(task: ThreadTask): ExplainedRows {
  const model = takeModel(task);
  const { positions, table } = toTable(model, task);
  const { rows, outputs, inputs } = task;
  const width = inputs.length;
  const answers = predict(model, table);
  const outputCount = answers.length / rows;
  const baseValues = new Float64Array(rows);
  const contributions = new Float64Array(rows * width);
  const sliceRows = Math.max(1, Math.floor(SLICE_NUMBERS / (width * outputCount)));
  let output: ExplainedRows['output'] = 'value';
  for (let from = 0; from < rows; from += sliceRows) {
    const slice = Int32Array.from({ length: Math.min(sliceRows, rows - from) }, (_, i) => from + i);
    const explanation = explainModel({ model, table, rows: slice });
    output = explanation.output;
    slice.forEach((row, i) => {
      const chosen = outputs[row] ?? 0;
      baseValues[row] = explanation.baseValues[chosen] ?? Number.NaN;
      const start = (i * outputCount + chosen) * width;
      positions.forEach((position, j) => {
        contributions[row * width + position] = explanation.contributions[start + j] ?? Number.NaN;
      });
    });
  }
  return { output, calibrationIncluded: model.calibration?.kind !== 'isotonic', baseValues, contributions, answers };
}

function reply(task: ThreadTask): ThreadReply {
  try {
    const done = explain(task);
    return { held: [...models.keys()], done };
  } catch (error) {
    const isTold = error instanceof Unexplained || error instanceof LearningError;
    const detail = error instanceof Error ? error.message : String(error);
    return { held: [...models.keys()], code: isTold ? 'explanation-unavailable' : 'internal-error', detail };
  }
}

const port = parentPort;
if (!port) throw new Error('This file runs as a worker thread.');
port.on('message', (task: ThreadTask) => port.postMessage(reply(task)));
