import { type Installation, makeHome, removeHome, startInstallation } from '../../installation.js';
import { type Measurement, measure } from '../../result.js';
import { jsonBody } from '../bodies.js';
import { loadByTurns } from '../compare.js';
import { awaitAnswer, type Contender } from '../contenders.js';
import { keepToPath } from '../keep-to-path.js';
import { LOAD_CORE, pin, SERVER_CORE } from '../load.js';
import { prepareModel } from '../prepare-model.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 32;
/** So many that serving has the work, and not the gateway, which shares a core with the load. */
const ROWS = 256;

const pidOf = ({ runtime }: Installation, name: string): number => runtime.services[name]?.pid ?? 0;

/** Two serving processes, each on a core of its own, beside one; the gateway is on the second core either time. */
export const measureTwoReplicas: MeasureServing = async ({ installation, gimbal, folder }) => {
  const body = jsonBody(ROWS);
  const home = await makeHome();
  const replicated = await startInstallation(home, { SERVING_REPLICAS: '2', CACHE_MAX_SIZE: '0' });
  try {
    await prepareModel(replicated, home);
    await keepToPath(replicated);
    const two: Contender = {
      ...gimbal,
      name: 'Gimbal, two serving processes',
      url: `${replicated.url}/v2/models/bench/infer`,
      headers: { 'x-api-key': replicated.keys['predictor'] ?? '' },
      pids: ['gateway', 'serving', 'serving-2'].map((name) => pidOf(replicated, name)),
    };
    await awaitAnswer(two, jsonBody(1).bytes.toString('utf8'));
    await pin([pidOf(replicated, 'serving'), pidOf(installation, 'serving')], SERVER_CORE);
    await pin(
      ['gateway', 'serving-2'].map((name) => pidOf(replicated, name)),
      LOAD_CORE,
    );
    await pin([pidOf(installation, 'gateway')], LOAD_CORE);
    const figureOf = await loadByTurns([gimbal, two], { body, connections: CONNECTIONS }, folder);
    const rowsPerSecond = (contender: Contender) => figureOf(contender, 'requestsPerSecond') * ROWS;
    const measurements: Measurement[] = [
      measure({
        work: `two serving processes on two cores, ${ROWS} rows, JSON, ${CONNECTIONS} connections`,
        unit: 'rows/s',
        ours: rowsPerSecond(two),
        reference: rowsPerSecond(gimbal),
        reference_name: 'one serving process',
        goal: { at_least: 1.7 },
      }),
    ];
    return measurements;
  } finally {
    await pin(gimbal.pids);
    await replicated.stop();
    await removeHome(home);
  }
};
