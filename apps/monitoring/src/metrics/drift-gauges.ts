import { InjectMetric } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { LabelledGauge } from './gauge.js';
import type { LatestFigures } from './read-latest-figures.js';

/** How far the inputs have drifted. */
@Injectable()
export class DriftGauges {
  constructor(
    @InjectMetric('ml_drift_score') private readonly score: LabelledGauge<'model'>,
    @InjectMetric('ml_drifted_features') private readonly count: LabelledGauge<'model'>,
    @InjectMetric('ml_feature_drift') private readonly effect: LabelledGauge<'model' | 'feature'>,
  ) {}

  get all(): readonly LabelledGauge[] {
    return [this.score, this.count, this.effect];
  }

  show({ model, drift }: LatestFigures['models'][number]): void {
    if (!drift) return;
    this.score.set({ model }, drift.driftedShare);
    this.count.set({ model }, drift.driftedFeatures);
    for (const { feature, effect } of drift.effects) this.effect.set({ model, feature }, effect);
  }
}
