/** How rows go into a graph and answers come out: by the names of its inputs and outputs. Types alone are imported here, so that threads may start from the source. */
import type { Task } from '@gimbal/contracts';
import { Tensor } from 'onnxruntime-node';
import type { RunnableSession } from './direct-session.js';
import type { GraphShape, InputSample } from './session-host.js';

export const FEATURES = 'features';
export const TEXTS = 'texts';
export const QUERY = 'query';
export const LABEL = 'label';

/** The outputs that answer a task, of which the first that a graph has is read, and whether a label stands beside them. */
export const ANSWERS: Readonly<Record<Task, { readonly outputs: readonly string[]; readonly hasLabel: boolean }>> = {
  // Converters from other libraries write one column per class.
  'binary-classification': { outputs: ['probability', 'probabilities'], hasLabel: true },
  'multiclass-classification': { outputs: ['probabilities'], hasLabel: true },
  'text-classification': { outputs: ['probabilities'], hasLabel: true },
  'anomaly-detection': { outputs: ['score'], hasLabel: true },
  // `variable` is the name that they give to any value.
  regression: { outputs: ['value', 'variable'], hasLabel: false },
};

/** The output that a graph answers a task with; the one that it should have when it has none. */
export function answerOf({ outputNames }: Pick<RunnableSession, 'outputNames'>, task: Task): string {
  const { outputs } = ANSWERS[task];
  return outputs.find((name) => outputNames.includes(name)) ?? outputs[0] ?? '';
}

/** Rows as they go into a run: columns row by row, or one free text each. */
export interface Rows {
  readonly count: number;
  readonly features: Float32Array;
  readonly texts: readonly string[] | null;
}

/** The graph can't be served; the message says what to change. */
export class GraphRefusal extends Error {}

/** Columns that the graph takes as text go into a tensor of their own; codes without a text, and missing ones, are ''. */
function splitColumns({ count, features }: Rows, samples: readonly InputSample[]): Record<string, Tensor> {
  const width = samples.length;
  const asText = samples.filter(({ categories }) => categories !== null).length;
  if (asText === 0) return { [FEATURES]: new Tensor('float32', features, [count, width]) };
  const numbers = new Float32Array(count * (width - asText));
  const texts: string[] = [];
  let at = 0;
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < width; column++) {
      const value = features[row * width + column] ?? Number.NaN;
      const categories = samples[column]?.categories;
      if (categories) texts.push(categories[value] ?? '');
      else numbers[at++] = value;
    }
  }
  const feeds: Record<string, Tensor> = { [TEXTS]: new Tensor('string', texts, [count, asText]) };
  if (width > asText) feeds[FEATURES] = new Tensor('float32', numbers, [count, width - asText]);
  return feeds;
}

/**
 * Runs rows through a graph.
 * @returns `count * width` numbers
 * @throws GraphRefusal for an output of another size; Error when the run fails
 */
export async function runRows(session: RunnableSession, rows: Rows, shape: GraphShape): Promise<Float32Array> {
  const { count, texts } = rows;
  if (texts) return await runTexts(session, texts, shape);
  const feeds = splitColumns(rows, shape.samples);
  const output = answerOf(session, shape.task);
  const answer = (await session.run(feeds, [output]))[output];
  const data = answer?.data;
  const isPair = shape.width === 1 && output === 'probabilities';
  const width = isPair ? 2 : shape.width;
  if (!(data instanceof Float32Array) || data.length !== count * width)
    throw new GraphRefusal(
      `The output "${output}" must have ${width === 1 ? 'one value' : `${width} values`} for each row; it has shape [${answer?.dims.join(', ')}] for ${count} rows.`,
    );
  return isPair ? Float32Array.from({ length: count }, (_, row) => data[2 * row + 1] ?? Number.NaN) : data;
}

/**
 * Runs free texts through a graph. Behind the probabilities of its classes each row has a 1, or a 0 where the graph abstains: it does so
 * for texts in which it knows nothing, whatever the threshold in force.
 */
async function runTexts(
  session: RunnableSession,
  texts: readonly string[],
  { task, width }: GraphShape,
): Promise<Float32Array> {
  const count = texts.length;
  const classes = width - 1;
  const output = answerOf(session, task);
  const said = await session.run({ [QUERY]: new Tensor('string', [...texts], [count]) }, [output, LABEL]);
  const probabilities = said[output]?.data;
  const labels = said[LABEL]?.data;
  if (!(probabilities instanceof Float32Array) || probabilities.length !== count * classes || labels?.length !== count)
    throw new GraphRefusal(
      `The output "${output}" must have ${classes} values and "${LABEL}" one for each text; they have shapes [${said[output]?.dims.join(', ')}] and [${said[LABEL]?.dims.join(', ')}] for ${count} texts.`,
    );
  const answers = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    answers.set(probabilities.subarray(row * classes, (row + 1) * classes), row * width);
    answers[row * width + classes] = Number(labels[row]) < 0 ? 0 : 1;
  }
  return answers;
}
