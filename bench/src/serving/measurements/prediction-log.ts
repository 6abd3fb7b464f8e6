import { makeHome, removeHome, startInstallation } from '../../installation.js';
import { measure } from '../../result.js';
import { jsonBody } from '../bodies.js';
import { loadByTurns } from '../compare.js';
import { awaitAnswer, type Contender } from '../contenders.js';
import { keepToPath } from '../keep-to-path.js';
import { pin } from '../load.js';
import { prepareModel } from '../prepare-model.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 32;
/** Every row is in serving's file before its answer either way; with this much patience none is taken to the queue while it is measured. */
const HELD_BACK = { SPOOL_SHIP_DELAY: '60000', CACHE_MAX_SIZE: '0' };

/** What it costs callers that their predictions are taken from serving's file to monitoring meanwhile. */
export const measurePredictionLog: MeasureServing = async ({ gimbal, folder }) => {
  const home = await makeHome();
  const patient = await startInstallation(home, HELD_BACK);
  try {
    await prepareModel(patient, home);
    await keepToPath(patient);
    const unshipped: Contender = {
      ...gimbal,
      name: 'the same, rows only appended',
      url: `${patient.url}/v2/models/bench/infer`,
      headers: { 'x-api-key': patient.keys['predictor'] ?? '' },
      pids: ['gateway', 'serving'].map((name) => patient.runtime.services[name]?.pid ?? 0),
    };
    await awaitAnswer(unshipped, jsonBody(1).bytes.toString('utf8'));
    await pin(unshipped.pids);
    const traffic = { body: jsonBody(1), connections: CONNECTIONS };
    const figureOf = await loadByTurns([gimbal, unshipped], traffic, folder);
    const work = `1 row, JSON, ${CONNECTIONS} connections, prediction log shipped meanwhile`;
    return [
      measure({
        work,
        unit: 'requests/s',
        ours: figureOf(gimbal, 'requestsPerSecond'),
        reference: figureOf(unshipped, 'requestsPerSecond'),
        reference_name: unshipped.name,
        goal: { at_least: 0.9 },
      }),
      measure({
        work,
        unit: 'us of CPU a request',
        ours: figureOf(gimbal, 'cpuMicrosecondsPerRequest'),
        reference: figureOf(unshipped, 'cpuMicrosecondsPerRequest'),
        reference_name: unshipped.name,
        goal: null,
      }),
    ];
  } finally {
    await patient.stop();
    await removeHome(home);
  }
};
