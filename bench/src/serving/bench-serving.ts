import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Installation, makeHome, removeHome, startInstallation } from '../installation.js';
import { findPython } from '../python.js';
import type { Measurement } from '../result.js';
import { awaitShipped } from './await-shipped.js';
import { jsonBody } from './bodies.js';
import { awaitAnswer, type Contender, startAsgi, startFastApi, startFastify, startMlserver } from './contenders.js';
import { keepToPath } from './keep-to-path.js';
import { explainAbsence, pin } from './load.js';
import { MEASUREMENTS } from './measurements.js';
import { prepareModel } from './prepare-model.js';
import type { MeasureServing, ServingSetting } from './setting.js';

/** The same request comes over and over: every answer is to be computed all the same. */
const ENVIRONMENT = { CACHE_MAX_SIZE: '0' };

/** Gateway and serving as an installation has them: keys, limits, validation, metrics and the prediction log on. */
function asContender({ url, keys, runtime }: Installation): Contender {
  const pidOf = (name: string): number => runtime.services[name]?.pid ?? 0;
  return {
    kind: 'gimbal',
    name: 'Gimbal, gateway and serving',
    url: `${url}/v2/models/bench/infer`,
    headers: { 'x-api-key': keys['predictor'] ?? '' },
    pids: [pidOf('gateway'), pidOf('serving')],
    stop: async () => {},
  };
}

/** Serving by its own port: the same but for the gateway's limits. */
function asServingAlone({ keys, runtime }: Installation): Contender {
  const { pid = 0, predict = '' } = runtime.services['serving'] ?? {};
  return {
    kind: 'gimbal',
    name: 'Gimbal, serving alone',
    url: `${predict}/v2/models/bench/infer`,
    headers: { 'x-api-key': keys['predictor'] ?? '' },
    pids: [pid],
    stop: async () => {},
  };
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** @throws Error for a name that there is not */
function chooseMeasurements(args: readonly string[]): readonly MeasureServing[] {
  const { only } = parseArgs({ args: [...args], options: { only: { type: 'string' } } }).values;
  if (only === undefined) return Object.values(MEASUREMENTS);
  return only.split(',').map((name) => {
    const chosen = Object.hasOwn(MEASUREMENTS, name) ? MEASUREMENTS[name] : undefined;
    if (!chosen) throw new Error(`No measurement "${name}": one of ${Object.keys(MEASUREMENTS).join(', ')}.`);
    return chosen;
  });
}

interface Place {
  readonly modelFile: string;
  readonly body: string;
  /** Of this run. */
  readonly folder: string;
  /** Where environments of Python are kept. */
  readonly results: string;
}

/**
 * Starts one reference after the other; `started` has each as soon as it runs, so that it can be stopped whatever happens.
 * @returns how to start MLServer with a worker process, too; null without it
 */
async function startReferences(
  { modelFile, body, folder, results }: Place,
  started: Contender[],
): Promise<ServingSetting['startMlserverWithWorker']> {
  started.push(await startFastify(modelFile, body));
  const python = await findPython(results, 'serving', say);
  const mlserver = await findPython(results, 'mlserver', say);
  if (python !== null) {
    started.push(await startAsgi(python, modelFile, body));
    started.push(await startFastApi(python, modelFile, body));
  }
  if (mlserver === null) return null;
  const place = { python: mlserver, model: modelFile, body, folder };
  started.push(await startMlserver(place, 0));
  return () => startMlserver(place, 1);
}

/**
 * Serving beside servers that others use or would write, all with one model, each on one core, the load on another; by turns, medians of
 * three rounds. `--only one-row,memory` measures these alone.
 *
 * @param args what follows the benchmark's name on the command line
 * @param results folder of results and of the references' environments
 * @param report given the lines of each measurement when it ends
 */
export async function benchServing(
  args: readonly string[],
  results: string,
  report: (measurements: readonly Measurement[]) => Promise<void>,
): Promise<void> {
  const measurements = chooseMeasurements(args);
  const absence = await explainAbsence();
  if (absence !== null) throw new Error(`The benchmark needs wrk and taskset: ${absence}.`);
  const home = await makeHome();
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-bench-serving-'));
  const installation = await startInstallation(home, ENVIRONMENT);
  const references: Contender[] = [];
  try {
    const modelFile = await prepareModel(installation, home);
    await keepToPath(installation);
    const body = jsonBody(1).bytes.toString('utf8');
    const place = { modelFile, body, folder, results };
    const startMlserverWithWorker = await startReferences(place, references);
    const gimbal = asContender(installation);
    const serving = asServingAlone(installation);
    for (const each of [gimbal, serving]) await awaitAnswer(each, body);
    for (const { pids } of [gimbal, serving, ...references]) await pin(pids);
    const ours = { installation, home, gimbal, serving, modelFile, folder };
    for (const measure of measurements) {
      await report(await measure({ ...ours, references, startMlserverWithWorker }));
      await awaitShipped(installation);
    }
  } finally {
    for (const reference of references) await reference.stop();
    await installation.stop();
    await removeHome(home);
    await rm(folder, { recursive: true, force: true });
  }
}
