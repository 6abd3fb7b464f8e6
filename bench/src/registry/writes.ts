import type { Measurement } from '../result.js';
import { byTurns, compare } from './by-turns.js';
import { type Call, keepAlive, post } from './call.js';
import type { Contender } from './contenders.js';
import { CONNECTIONS, load } from './load.js';
import type { MeasureRegistry, RegistrySetting } from './setting.js';

const BATCH_METRICS = 100;

type CallOf = (connection: number, index: number) => Call;

/** What is written: prepared for each server once, then called over and over. */
interface Write {
  readonly work: string;
  readonly goal: Measurement['goal'];
  readonly prepare: (contender: Contender) => Promise<CallOf>;
}

const measureWrite =
  ({ work, goal, prepare }: Write): MeasureRegistry =>
  async (setting: RegistrySetting) => {
    const calls = new Map<Contender, CallOf>();
    for (const contender of [setting.ours, setting.reference]) {
      if (contender) calls.set(contender, await prepare(contender));
    }
    const results = await byTurns(setting, (contender) => {
      const callOf = calls.get(contender);
      if (!callOf) throw new Error(`${contender.name} was not prepared.`);
      return load(contender, setting.seconds, callOf);
    });
    return [
      compare(setting, results, {
        work: `${work}, ${CONNECTIONS} connections`,
        unit: 'requests/s',
        goal,
        figure: ({ requestsPerSecond }) => requestsPerSecond,
      }),
    ];
  };

let names = 0;
const freshName = (kind: string): string => `bench ${kind} ${process.pid} ${++names}`;

async function ask<T>(contender: Contender, path: string, members: object): Promise<T> {
  const agent = keepAlive(1);
  try {
    return JSON.parse(await post(contender, { path, members }, agent)) as T; // MLflow's protocol says what comes
  } finally {
    agent.destroy();
  }
}

/** A new experiment. */
export const makeExperiment = async (contender: Contender): Promise<string> =>
  (await ask<{ experiment_id: string }>(contender, 'experiments/create', { name: freshName('experiment') }))
    .experiment_id;

/** A new run in an experiment. */
export const makeRun = async (contender: Contender, experiment: string): Promise<string> =>
  (
    await ask<{ run: { info: { run_id: string } } }>(contender, 'runs/create', {
      experiment_id: experiment,
      start_time: Date.now(),
    })
  ).run.info.run_id;

/** A run for each connection. */
async function makeRuns(contender: Contender): Promise<readonly string[]> {
  const experiment = await makeExperiment(contender);
  return Promise.all(Array.from({ length: CONNECTIONS }, () => makeRun(contender, experiment)));
}

export const createRun = measureWrite({
  work: 'create run',
  goal: { at_least: 4 },
  prepare: async (contender) => {
    const experiment_id = await makeExperiment(contender);
    return (_connection, index) => ({
      path: 'runs/create',
      members: {
        experiment_id,
        start_time: Date.now(),
        run_name: `run ${index}`,
        tags: [
          { key: 'mlflow.user', value: 'bench' },
          { key: 'mlflow.source.name', value: 'train.py' },
        ],
      },
    });
  },
});

export const logMetric = measureWrite({
  work: 'log metric',
  goal: { at_least: 5 },
  prepare: async (contender) => {
    const runs = await makeRuns(contender);
    return (connection, index) => ({
      path: 'runs/log-metric',
      members: { run_id: runs[connection], key: 'loss', value: 1 / (index + 1), timestamp: Date.now(), step: index },
    });
  },
});

export const logBatch = measureWrite({
  work: `log batch of ${BATCH_METRICS} metrics and a tag`,
  goal: { at_least: 5 },
  prepare: async (contender) => {
    const runs = await makeRuns(contender);
    return (connection, index) => ({
      path: 'runs/log-batch',
      members: {
        run_id: runs[connection],
        metrics: Array.from({ length: BATCH_METRICS }, (_, at) => ({
          key: `m${at}`,
          value: Math.sin(index + at),
          timestamp: Date.now(),
          step: index,
        })),
        tags: [{ key: 'epoch', value: String(index) }],
      },
    });
  },
});

export const registerVersion = measureWrite({
  work: 'register version',
  goal: { at_least: 4 },
  prepare: async (contender) => {
    const models = Array.from({ length: CONNECTIONS }, () => freshName('model'));
    for (const name of models) await ask(contender, 'registered-models/create', { name });
    return (connection, index) => ({
      path: 'model-versions/create',
      members: {
        name: models[connection],
        source: `s3://bench/models/${index}`,
        tags: [{ key: 'n', value: String(index) }],
      },
    });
  },
});
