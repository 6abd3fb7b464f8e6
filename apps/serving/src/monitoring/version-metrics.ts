import { publishReadMetric, type ReadMetricOptions } from '@gimbal/platform';
import type { VersionStatistics } from '../inference/version-statistics.js';
import type { ServedModels } from '../traffic/served-models.js';

/** A counter with a value for each version, read when somebody asks. */
export interface VersionMetric extends Pick<ReadMetricOptions, 'name' | 'help'> {
  readonly measure: (statistics: VersionStatistics) => number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** By which the arms of a test, or a canary and the live version, are compared. */
const OWN: readonly VersionMetric[] = [
  { name: 'gimbal_version_predictions_total', help: 'Rows that a version answered.', measure: (of) => of.rows },
  {
    name: 'gimbal_version_requests_total',
    help: 'Requests that a version answered.',
    measure: (of) => of.success.count,
  },
  {
    name: 'gimbal_version_failures_total',
    help: 'Requests that a version failed or refused.',
    measure: (of) => of.failure.count,
  },
  {
    name: 'gimbal_version_latency_seconds_total',
    help: 'Time of the answered requests of a version; divided by their number the mean.',
    measure: (of) => of.success.ms / 1_000,
  },
  {
    name: 'gimbal_version_confidence_total',
    help: 'Sum of how sure a version was of each row; divided by its rows the mean.',
    measure: (of) => of.confidenceSum,
  },
];

export const publishOwnMetrics = (models: ServedModels): void => publishVersionMetrics(OWN, models);

export function publishVersionMetrics(metrics: readonly VersionMetric[], models: ServedModels): void {
  for (const { name, help, measure, labels } of metrics)
    publishReadMetric({ name, help, type: 'counter', read: () => readVersions(models, measure, labels) });
}

function* readVersions(models: ServedModels, measure: VersionMetric['measure'], labels: VersionMetric['labels']) {
  for (const { name, versions } of models.all) {
    for (const [version, { graph }] of versions)
      yield { labels: { model: name, version: String(version), ...labels }, value: measure(graph.statistics) };
  }
}
