import { InjectMetric } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { LabelOutcomes } from '../labels/count-label-outcomes.js';
import type { PayloadLogCounters } from '../payload-log/payload-log.js';

/** What is asked of a counter here; Prometheus's own class has it. */
interface Counts<L extends string> {
  inc(labels: Record<L, string>, by: number): void;
}

/** Counts what monitoring does. */
@Injectable()
export class MonitoringMetrics implements PayloadLogCounters {
  constructor(
    @InjectMetric('ml_predictions_logged_total') private readonly logged: Counts<'model'>,
    @InjectMetric('ml_labels_total') private readonly labels: Counts<'outcome'>,
    @InjectMetric('ml_assessments_total') private readonly assessments: Counts<'model' | 'verdict'>,
    @InjectMetric('gimbal_payload_log_events_total') private readonly payloadEvents: Counts<'outcome'>,
    @InjectMetric('gimbal_payload_log_failures_total') private readonly payloadFailures: Counts<'reason'>,
  ) {}

  countLogged(model: string, rows: number): void {
    this.logged.inc({ model }, rows);
  }

  countLabels(outcomes: LabelOutcomes): void {
    for (const [outcome, count] of Object.entries(outcomes)) this.labels.inc({ outcome }, count);
  }

  /** Labels that were told `unknown` and turned out not to fit when their prediction came. */
  countUnfitLabels(count: number): void {
    this.labels.inc({ outcome: 'unfit' }, count);
  }

  countAssessment(model: string, verdict: string): void {
    this.assessments.inc({ model, verdict }, 1);
  }

  countEvents(outcome: 'sent' | 'refused' | 'dropped', events: number): void {
    this.payloadEvents.inc({ outcome }, events);
  }

  countFailure(reason: string): void {
    this.payloadFailures.inc({ reason }, 1);
  }
}
