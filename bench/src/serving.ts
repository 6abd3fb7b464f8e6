import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { GimbalClient } from '@gimbal/client';
import autocannon from 'autocannon';
import { z } from 'zod';
import { makeHome, removeHome, startInstallation } from './installation.js';
import { type Measurement, measure, median } from './result.js';

const ROUNDS = 3;
const SECONDS = 5;
const CONNECTIONS = 32;
const PATIENT = z
  .record(z.string(), z.number())
  .parse(JSON.parse(readFileSync(new URL('../../examples/requests/predict.json', import.meta.url), 'utf8')));

/**
 * Requests a second through gateway and serving (keys, limits, log on disk before every answer), beside a bare `node:http` server that reads the
 * same body and answers a constant; interleaved rounds, medians. All processes and the load share this machine's cores.
 */
export async function benchServing(): Promise<Measurement[]> {
  const home = await makeHome();
  const installation = await startInstallation(home);
  const bare = createServer((request, response) => {
    request.resume();
    request.once('end', () =>
      response.setHeader('content-type', 'application/json').end('{"prediction":1,"probability":0.5}'),
    );
  });
  bare.listen(0, '127.0.0.1');
  await once(bare, 'listening');
  try {
    await trainOne(installation.url, installation.keys);
    const address = bare.address();
    const bareUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/predict`;
    const key = installation.keys['predictor'] ?? '';
    const rounds = { ours: [] as number[], bare: [] as number[], p99: [] as number[], bareP99: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      const ours = await load(`${installation.url}/predict`, key);
      const reference = await load(bareUrl, key);
      rounds.ours.push(ours.requests.average);
      rounds.bare.push(reference.requests.average);
      rounds.p99.push(ours.latency.p99);
      rounds.bareP99.push(reference.latency.p99);
    }
    const reference_name = `node:http ${process.version}, constant answer`;
    return [
      measure({
        work: `one patient a request, ${CONNECTIONS} connections`,
        unit: 'requests/s',
        ours: median(rounds.ours),
        reference: median(rounds.bare),
        reference_name,
        goal: null,
      }),
      measure({
        work: 'the same, 99th percentile',
        unit: 'ms',
        ours: median(rounds.p99),
        reference: Math.max(1, median(rounds.bareP99)),
        reference_name,
        goal: null,
      }),
    ];
  } finally {
    bare.close();
    await installation.stop();
    await removeHome(home);
  }
}

async function load(url: string, key: string): Promise<autocannon.Result> {
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS,
    method: 'POST',
    body: JSON.stringify(PATIENT),
    headers: { 'content-type': 'application/json', 'x-api-key': key },
  });
  // A server that answers errors quickly is not fast.
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed of ${result.requests.total}`);
  return result;
}

async function trainOne(url: string, keys: Readonly<Record<string, string>>): Promise<void> {
  const client = new GimbalClient({ url, apiKey: keys['operator'] ?? '' });
  const { trainingRunId } = await client.call('retrain', { body: { algorithms: ['xgboost'], parts: ['cleveland'] } });
  for (;;) {
    const { state, error } = await client.call('getTrainingRun', { params: { id: trainingRunId } });
    if (state === 'failed' || state === 'cancelled') throw new Error(`training ${state}: ${error?.message}`);
    if (
      state === 'succeeded' &&
      (await client.predict('/predict', PATIENT).then(
        () => true,
        () => false,
      ))
    )
      return;
    await new Promise((wait) => setTimeout(wait, 100));
  }
}
