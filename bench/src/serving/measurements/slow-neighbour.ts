import { measure, median } from '../../result.js';
import { jsonBody } from '../bodies.js';
import { awaitAnswer, type Contender } from '../contenders.js';
import { load, pin } from '../load.js';
import { asSlow } from '../serve-slow-model.js';
import { startServingAlone } from '../serving-alone.js';
import type { MeasureServing } from '../setting.js';
import { SLOW_BODY, slowModel } from '../slow-model.js';

const ROUNDS = 3;
const SECONDS = 5;
const CONNECTIONS = 4;
/** By how much the 99th percentile may grow, ms. */
const GROWTH_MS_MAX = 5;

/** Asks the slow model again and again, two requests at a time, until it is told to end. */
function keepBusy(serving: Contender): () => Promise<void> {
  let isOver = false;
  const ask = async (): Promise<void> => {
    while (!isOver) {
      const headers = { 'content-type': 'application/json', ...serving.headers };
      const answer = await fetch(asSlow(serving).url, { method: 'POST', body: SLOW_BODY, headers });
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`The slow model answers ${answer.status}.`);
    }
  };
  const asking = Promise.all([ask(), ask()]);
  return async () => {
    isOver = true;
    await asking;
  };
}

/** How much later a quick model answers while a slow one of the same process, on the same core, is never idle. */
export const measureSlowNeighbour: MeasureServing = async ({ home, folder }) => {
  const body = jsonBody(1);
  const serving = await startServingAlone(
    { home, folder, models: 1, beside: slowModel() },
    body.bytes.toString('utf8'),
  );
  try {
    await awaitAnswer(asSlow(serving), SLOW_BODY);
    await pin(serving.pids);
    const alone: number[] = [];
    const beside: number[] = [];
    const options = { connections: CONNECTIONS, seconds: SECONDS, folder };
    await load(serving, body, options);
    for (let round = 0; round < ROUNDS; round++) {
      alone.push((await load(serving, body, options)).p99Ms);
      const stop = keepBusy(serving);
      beside.push((await load(serving, body, options)).p99Ms);
      await stop();
    }
    return [
      measure({
        work: 'growth of the 99th percentile beside a model of 50 ms',
        unit: 'ms',
        ours: Math.max(0, median(beside) - median(alone)),
        reference: GROWTH_MS_MAX,
        reference_name: 'what is promised',
        goal: { at_most: 1 },
      }),
    ];
  } finally {
    await serving.stop();
  }
};
