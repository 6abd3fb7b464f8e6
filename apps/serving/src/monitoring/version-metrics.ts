import { publishReadMetric, type ReadMetricOptions } from '@gimbal/platform';
import type { VersionStatistics } from '../inference/version-statistics.js';
import { type ServedModels, versionsByNumber } from '../traffic/served-models.js';

type Measure = (statistics: VersionStatistics) => number;

/** A counter with values for each version, read when somebody asks. */
export interface VersionMetric extends Pick<ReadMetricOptions, 'name' | 'help'> {
  readonly values: ReadonlyArray<{ readonly measure: Measure; readonly labels?: Readonly<Record<string, string>> }>;
}

/** With one value for each version. */
export const counter = (name: string, help: string, measure: Measure): VersionMetric => ({
  ...{ name, help },
  values: [{ measure }],
});

/** By which the arms of a test, or a canary and the live version, are compared. */
const OWN: readonly VersionMetric[] = [
  counter('gimbal_version_predictions_total', 'Rows that a version answered.', (of) => of.rows),
  counter('gimbal_version_requests_total', 'Requests that a version answered.', (of) => of.success.count),
  counter('gimbal_version_failures_total', 'Requests that a version failed or refused.', (of) => of.failure.count),
  counter(
    'gimbal_version_latency_seconds_total',
    'Time of the answered requests of a version; divided by their number the mean.',
    (of) => of.success.ms / 1_000,
  ),
  counter(
    'gimbal_version_confidence_total',
    'Sum of how sure a version was of each row; divided by its rows the mean.',
    (of) => of.confidenceSum,
  ),
];

export const publishOwnMetrics = (models: ServedModels): void => publishVersionMetrics(OWN, models);

export function publishVersionMetrics(metrics: readonly VersionMetric[], models: ServedModels): void {
  for (const { name, help, values } of metrics)
    publishReadMetric({ name, help, type: 'counter', read: () => readVersions(models, values) });
}

function* readVersions(models: ServedModels, values: VersionMetric['values']) {
  for (const model of models.all)
    for (const [version, { graph }] of versionsByNumber(model))
      for (const { measure, labels } of values)
        yield {
          labels: { model: model.name, version: String(version), ...labels },
          value: measure(graph.statistics),
        };
}
