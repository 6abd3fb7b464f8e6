import { byTurns, compare } from './by-turns.js';
import type { Call } from './call.js';
import { fillMlflow, fillOurs, METRICS } from './fill-runs.js';
import { CONNECTIONS, load } from './load.js';
import type { MeasureRegistry } from './setting.js';

const EXPERIMENT = 1_000_000;
const SIZES = { full: 100_000, quick: 2_000 } as const;
const PAGE = 100;
/** From what nearly every run has to what one in a thousand has. */
const THRESHOLDS = [0.1, 0.5, 0.9, 0.99, 0.999];

const searchOf = (index: number): Call => ({
  path: 'runs/search',
  members: {
    experiment_ids: [String(EXPERIMENT)],
    filter: `metrics.m${index % METRICS} > ${THRESHOLDS[index % THRESHOLDS.length]}`,
    max_results: PAGE,
  },
});

/** The same filters in turn on the same runs. */
export const searchRuns: MeasureRegistry = async (setting) => {
  const runs = SIZES[setting.size];
  setting.say(`Filling both databases with ${runs} runs of ${METRICS} metrics ...`);
  await fillOurs(setting.tables.ours, { experiment: EXPERIMENT, runs });
  if (setting.reference) await fillMlflow(setting.tables.reference, { experiment: EXPERIMENT, runs });
  const results = await byTurns(setting, (contender) =>
    load(contender, setting.seconds, (_connection, index) => searchOf(index)),
  );
  const work = `search ${runs} runs x ${METRICS} metrics by a metric, page of ${PAGE}, ${CONNECTIONS} connections`;
  return [
    compare(setting, results, {
      work: `${work}, p50`,
      unit: 'ms',
      goal: { at_most: 1 / 10 },
      figure: ({ p50Ms }) => p50Ms,
    }),
    compare(setting, results, {
      work: `${work}, p99`,
      unit: 'ms',
      goal: { at_most: 1 / 20 },
      figure: ({ p99Ms }) => p99Ms,
    }),
  ];
};
