import { measure, median } from '../../result.js';
import { jsonBody } from '../bodies.js';
import { compare } from '../compare.js';
import { startServingAlone } from '../serving-alone.js';
import type { MeasureServing } from '../setting.js';

const ROUNDS = 3;
const SECONDS_MAX = 1;

/** From the start of the process to its first answer, with the model's file on disk; the references were timed when they were started. */
export const measureColdStart: MeasureServing = async ({ home, folder, references }) => {
  const body = jsonBody(1).bytes.toString('utf8');
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const serving = await startServingAlone({ home, folder, models: 1 }, body);
    seconds.push(serving.startSeconds ?? Number.NaN);
    await serving.stop();
  }
  const work = 'cold start, process start to first answer';
  const ours = median(seconds);
  return [
    ...compare({
      ...{ work, unit: 's', ours, references },
      figureOf: ({ startSeconds }) => startSeconds ?? Number.NaN,
      goals: { mlserver: { at_most: 0.2 } },
    }),
    measure({
      work,
      unit: 's',
      ours,
      reference: SECONDS_MAX,
      reference_name: 'what is promised',
      goal: { at_most: 1 },
    }),
  ];
};
