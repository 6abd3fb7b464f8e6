import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Installation, makeHome, removeHome, startInstallation } from '../installation.js';
import { proportionalMebibytes } from '../processes.js';
import { findPython } from '../python.js';
import { type Measurement, measure, median } from '../result.js';
import { awaitAnswer, type Contender, startAsgi, startFastApi, startFastify, startMlserver } from './contenders.js';
import { type Body, explainAbsence, type LoadResult, load, pin } from './load.js';
import { FEATURES, makeRows, prepareModel } from './prepare-model.js';

const ROUNDS = 3;
const SECONDS = 5;
const WARM_SECONDS = 2;
const CONNECTIONS = 32;
const LARGE_ROWS = 64;

/** A request of Open Inference with the numbers in JSON. */
function jsonBody(rows: number): Body {
  const inputs = [{ name: 'features', shape: [rows, FEATURES], datatype: 'FP32', data: makeRows(rows) }];
  return { bytes: Buffer.from(JSON.stringify({ id: 'x', inputs })), headers: {} };
}

/** The same with the numbers as little-endian float32 behind the JSON, and an answer of that form. */
function binaryBody(rows: number): Body {
  const numbers = Buffer.from(Float32Array.from(makeRows(rows)).buffer);
  const parameters = { binary_data_size: numbers.length };
  const inputs = [{ name: 'features', shape: [rows, FEATURES], datatype: 'FP32', parameters }];
  const head = Buffer.from(JSON.stringify({ id: 'x', inputs, parameters: { binary_data_output: true } }));
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(head.length),
  };
  return { bytes: Buffer.concat([head, numbers]), headers };
}

/** Gateway and serving as an installation has them: keys, limits, validation, metrics and the prediction log on. */
function asContender({ url, keys, runtime }: Installation): Contender {
  const pidOf = (name: string): number => runtime.services[name]?.pid ?? 0;
  return {
    name: 'Gimbal, gateway and serving',
    url: `${url}/v2/models/bench/infer`,
    headers: { 'x-api-key': keys['predictor'] ?? '' },
    pids: [pidOf('gateway'), pidOf('serving')],
    stop: async () => {},
  };
}

type Sent = { readonly body: Body; readonly connections: number };

/** Every contender in turn, round by round; the first turn of each only warms it. */
async function loadByTurns(contenders: readonly Contender[], { body, connections }: Sent, folder: string) {
  const results = new Map<Contender, LoadResult[]>(contenders.map((one) => [one, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [contender, found] of results) {
      const seconds = round < 0 ? WARM_SECONDS : SECONDS;
      const result = await load(contender, body, { connections, seconds, folder });
      if (round >= 0) found.push(result);
    }
  }
  return (contender: Contender, key: keyof LoadResult): number =>
    median(results.get(contender)?.map((result) => result[key]) ?? []);
}

type Contenders = { readonly ours: Contender; readonly fastify: Contender; readonly python: readonly Contender[] };
/** What ours must reach beside each reference, by the beginning of its name. */
type Goals = Readonly<Record<string, Measurement['goal']>>;

function compare(
  { ours, fastify, python }: Contenders,
  figure: (contender: Contender) => number,
  { work, unit, goals }: { readonly work: string; readonly unit: string; readonly goals: Goals },
): Measurement[] {
  return [fastify, ...python].map((reference) => {
    const goal = Object.entries(goals).find(([name]) => reference.name.startsWith(name))?.[1] ?? null;
    return measure({
      work,
      unit,
      ours: figure(ours),
      reference: figure(reference),
      reference_name: reference.name,
      goal,
    });
  });
}

async function compareAll(contenders: Contenders, folder: string): Promise<Measurement[]> {
  const all = [contenders.ours, contenders.fastify, ...contenders.python];
  const one = await loadByTurns(all, { body: jsonBody(1), connections: CONNECTIONS }, folder);
  const many = await loadByTurns(all, { body: jsonBody(LARGE_ROWS), connections: CONNECTIONS }, folder);
  const lone = await loadByTurns(all, { body: jsonBody(1), connections: 1 }, folder);
  const binary = await loadByTurns(
    [contenders.ours],
    { body: binaryBody(LARGE_ROWS), connections: CONNECTIONS },
    folder,
  );
  const work = `1 row, JSON, ${CONNECTIONS} connections`;
  const memory = new Map(
    await Promise.all(all.map(async (each) => [each, await proportionalMebibytes(each.pids)] as const)),
  );
  return [
    ...compare(contenders, (each) => one(each, 'requestsPerSecond'), {
      work,
      unit: 'requests/s',
      goals: {
        Fastify: { at_least: 0.65 },
        MLServer: { at_least: 9 },
        FastAPI: { at_least: 2.5 },
        'bare ASGI': { at_least: 1.4 },
      },
    }),
    ...compare(contenders, (each) => one(each, 'cpuMicrosecondsPerRequest'), {
      work,
      unit: 'us of CPU a request',
      goals: {},
    }),
    ...compare(contenders, (each) => one(each, 'p99Ms'), { work: `${work}, 99th percentile`, unit: 'ms', goals: {} }),
    ...compare(contenders, (each) => many(each, 'requestsPerSecond') * LARGE_ROWS, {
      work: `${LARGE_ROWS} rows, JSON, ${CONNECTIONS} connections`,
      unit: 'rows/s',
      goals: { 'bare ASGI': { at_least: 1.3 } },
    }),
    ...compare(
      contenders,
      (each) => (each === contenders.ours ? binary : many)(each, 'requestsPerSecond') * LARGE_ROWS,
      {
        work: `${LARGE_ROWS} rows, binary tensors beside JSON, ${CONNECTIONS} connections`,
        unit: 'rows/s',
        goals: { 'bare ASGI': { at_least: 3 } },
      },
    ),
    ...compare(contenders, (each) => lone(each, 'p50Ms'), {
      work: '1 row, JSON, one client, median',
      unit: 'ms',
      goals: { Fastify: { at_most: 2 } },
    }),
    ...compare(contenders, (each) => memory.get(each) ?? Number.NaN, {
      work: 'memory under load (PSS)',
      unit: 'MiB',
      goals: { MLServer: { at_most: 0.75 } },
    }),
  ];
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Requests a second through gateway and serving, beside servers that others use or would write, all with one model, each on one core, the
 * load on another; by turns, medians of three rounds.
 */
export async function benchServing(folder: string): Promise<Measurement[]> {
  const absence = await explainAbsence();
  if (absence !== null) throw new Error(`The benchmark needs wrk and taskset: ${absence}.`);
  const home = await makeHome();
  const place = await mkdtemp(join(tmpdir(), 'gimbal-bench-serving-'));
  const installation = await startInstallation(home);
  const references: Contender[] = [];
  try {
    const model = await prepareModel(installation, home);
    const body = jsonBody(1).bytes.toString('utf8');
    const start = async (starting: Promise<Contender>): Promise<Contender> => {
      const contender = await starting;
      references.push(contender);
      return contender;
    };
    const fastify = await start(startFastify(model, body));
    const python = await findPython(folder, 'serving', say);
    const mlserver = await findPython(folder, 'mlserver', say);
    if (python !== null) {
      await start(startAsgi(python, model, body));
      await start(startFastApi(python, model, body));
    }
    if (mlserver !== null) await start(startMlserver(mlserver, model, body, place));
    const ours = asContender(installation);
    await awaitAnswer(ours, body);
    for (const { pids } of [ours, ...references]) await pin(pids);
    return await compareAll({ ours, fastify, python: references.slice(1) }, place);
  } finally {
    for (const reference of references) await reference.stop();
    await installation.stop();
    await removeHome(home);
    await rm(place, { recursive: true, force: true });
  }
}
