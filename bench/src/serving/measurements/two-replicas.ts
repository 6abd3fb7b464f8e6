import { type Installation, makeHome, removeHome, startInstallation } from '../../installation.js';
import { measure } from '../../result.js';
import { loadByTurns } from '../compare.js';
import type { Contender } from '../contenders.js';
import { keepToPath } from '../keep-to-path.js';
import { LOAD_CORE, pin, SERVER_CORE } from '../load.js';
import { asSlow, serveSlowModel } from '../serve-slow-model.js';
import type { MeasureServing } from '../setting.js';
import { SLOW_BODY } from '../slow-model.js';

const CONNECTIONS = 32;
/** A row takes some three milliseconds: so long that serving has the work, and not gateway and load, which share a core with the second replica. */
const MATRIX_SIZE = 512;

const pidOf = ({ runtime }: Installation, name: string): number => runtime.services[name]?.pid ?? 0;

function asContender(gimbal: Contender, installation: Installation, name: string): Contender {
  return {
    ...gimbal,
    name,
    url: `${installation.url}/v2/models/bench/infer`,
    headers: { 'x-api-key': installation.keys['predictor'] ?? '' },
    pids: ['gateway', 'serving', 'serving-2'].map((service) => pidOf(installation, service)),
  };
}

/** Two serving processes, each on a core of its own, beside one; the gateway is on the second core either time. */
export const measureTwoReplicas: MeasureServing = async ({ installation, gimbal, folder }) => {
  const home = await makeHome();
  const replicated = await startInstallation(home, { SERVING_REPLICAS: '2', CACHE_MAX_SIZE: '0' });
  const two = asContender(gimbal, replicated, 'two serving processes');
  try {
    await serveSlowModel(installation, gimbal, MATRIX_SIZE);
    await serveSlowModel(replicated, two, MATRIX_SIZE);
    await keepToPath(replicated);
    await pin([pidOf(replicated, 'serving'), pidOf(installation, 'serving')], SERVER_CORE);
    await pin([pidOf(replicated, 'gateway'), pidOf(replicated, 'serving-2')], LOAD_CORE);
    await pin([pidOf(installation, 'gateway')], LOAD_CORE);
    const body = { bytes: Buffer.from(SLOW_BODY), headers: {} };
    const contenders = { one: asSlow(gimbal), two: asSlow(two) };
    const figureOf = await loadByTurns(Object.values(contenders), { body, connections: CONNECTIONS }, folder);
    return [
      measure({
        work: `two serving processes on two cores, a model of three milliseconds, ${CONNECTIONS} connections`,
        unit: 'requests/s',
        ours: figureOf(contenders.two, 'requestsPerSecond'),
        reference: figureOf(contenders.one, 'requestsPerSecond'),
        reference_name: 'one serving process',
        goal: { at_least: 1.7 },
      }),
    ];
  } finally {
    await pin(gimbal.pids);
    await replicated.stop();
    await removeHome(home);
  }
};
