import { proportionalMebibytes } from '../../processes.js';
import { type Measurement, measure } from '../../result.js';
import { jsonBody } from '../bodies.js';
import { loadByTurns } from '../compare.js';
import type { Contender } from '../contenders.js';
import { pin } from '../load.js';
import { startServingAlone } from '../serving-alone.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 32;
const MANY = [100, 1_000] as const;

/** What a request to one model costs, and what serving holds, when the traffic plan names many others. */
export const measureManyModels: MeasureServing = async ({ home, folder }) => {
  const body = jsonBody(1);
  const started: Contender[] = [];
  const start = async (models: number): Promise<Contender> => {
    const serving = await startServingAlone({ home, folder, models }, body.bytes.toString('utf8'));
    started.push(serving);
    await pin(serving.pids);
    return serving;
  };
  try {
    const one = await start(1);
    const many = [];
    for (const models of MANY) many.push({ models, serving: await start(models) });
    const figureOf = await loadByTurns(started, { body, connections: CONNECTIONS }, folder);
    const measurements: Measurement[] = [];
    for (const { models, serving } of many) {
      const beside = { reference_name: 'the same with one model' };
      measurements.push(
        measure({
          ...beside,
          work: `CPU of a request, ${models} models in the plan`,
          unit: 'us',
          ours: figureOf(serving, 'cpuMicrosecondsPerRequest'),
          reference: figureOf(one, 'cpuMicrosecondsPerRequest'),
          goal: { at_most: 1.1 },
        }),
        measure({
          ...beside,
          work: `memory under load (PSS), ${models} models in the plan`,
          unit: 'MiB',
          ours: await proportionalMebibytes(serving.pids),
          reference: await proportionalMebibytes(one.pids),
          goal: null,
        }),
      );
    }
    return measurements;
  } finally {
    for (const serving of started) await serving.stop();
  }
};
