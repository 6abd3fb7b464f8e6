import { Injectable } from '@nestjs/common';
import { Counter, Gauge, register } from 'prom-client';
import { Database } from '../database/database.js';
import type { LabelOutcomes } from '../labels/count-label-outcomes.js';
import { type LatestFigures, readLatestFigures } from './read-latest-figures.js';

/** The registry of metrics belongs to the process; a service that is built twice in one (tests) meets its own again. */
function counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
  const known = register.getSingleMetric(name);
  return known instanceof Counter ? (known as Counter<L>) : new Counter({ name, help, labelNames }); // ours, by its name
}

function gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
  const known = register.getSingleMetric(name);
  return known instanceof Gauge ? (known as Gauge<L>) : new Gauge({ name, help, labelNames }); // as above
}

const logged = counter('ml_predictions_logged_total', 'Predictions that reached the log, by model.', ['model']);
const labels = counter('ml_labels_total', 'Reported labels by outcome.', ['outcome']);
const assessments = counter('ml_assessments_total', 'Assessments by model and verdict, "failed" among them.', [
  'model',
  'verdict',
]);

const gauges = {
  driftScore: gauge('ml_drift_score', 'Share of drifted features in the latest assessment.', ['model']),
  driftedFeatures: gauge('ml_drifted_features', 'Drifted features in the latest assessment.', ['model']),
  featureEffect: gauge('ml_feature_drift', 'Effect size of each feature (Kolmogorov-Smirnov or total variation).', [
    'model',
    'feature',
  ]),
  performance: gauge('ml_model_performance', 'Performance metrics of the latest assessment.', ['model', 'metric']),
  verdict: gauge('ml_model_health', '1 for the verdict of the latest assessment.', ['model', 'verdict']),
  assessedAt: gauge('ml_assessed_timestamp_seconds', 'When the latest assessment ended.', ['model']),
  alerts: gauge('ml_alerts_open', 'Alerts that are not resolved, by severity.', ['severity']),
};

/**
 * What Prometheus is told of. The figures of the latest assessments are read from the tables with each scrape: they outlive a restart,
 * and every replica says the same.
 */
@Injectable()
export class MonitoringMetrics {
  constructor(private readonly database: Database) {
    Object.assign(gauges.driftScore, { collect: () => this.collect() });
  }

  countLogged(model: string, rows: number): void {
    logged.inc({ model }, rows);
  }

  countLabels(outcomes: LabelOutcomes): void {
    for (const [outcome, count] of Object.entries(outcomes)) labels.inc({ outcome }, count);
  }

  countAssessment(model: string, verdict: string): void {
    assessments.inc({ model, verdict });
  }

  private async collect(): Promise<void> {
    // With the database away there is no figure: an absent sample says so, an old one would lie.
    const latest = await readLatestFigures(this.database.reader).catch(() => null);
    for (const one of Object.values(gauges)) one.reset();
    if (latest) show(latest);
  }
}

function show({ models, openAlerts }: LatestFigures): void {
  for (const { model, verdict, completedAt, drift, metrics } of models) {
    gauges.verdict.set({ model, verdict }, 1);
    gauges.assessedAt.set({ model }, completedAt.getTime() / 1000);
    if (drift) {
      gauges.driftScore.set({ model }, drift.driftedShare);
      gauges.driftedFeatures.set({ model }, drift.driftedFeatures);
      for (const { feature, effect } of drift.effects) gauges.featureEffect.set({ model, feature }, effect);
    }
    for (const { name, value } of metrics) gauges.performance.set({ model, metric: name }, value);
  }
  for (const { severity, count } of openAlerts) gauges.alerts.set({ severity }, count);
}
