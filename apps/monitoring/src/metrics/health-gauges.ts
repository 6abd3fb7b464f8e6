import { InjectMetric } from '@gimbal/platform';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../database/database.js';
import { DriftGauges } from './drift-gauges.js';
import { collectTogether, type LabelledGauge } from './gauge.js';
import { readLatestFigures } from './read-latest-figures.js';

/** The latest assessment of each model, read from the tables with each scrape: it outlives a restart, and every replica says the same. */
@Injectable()
export class HealthGauges implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly drift: DriftGauges,
    @InjectMetric('ml_model_health') private readonly health: LabelledGauge<'model' | 'verdict'>,
    @InjectMetric('ml_assessed_timestamp_seconds') private readonly assessedAt: LabelledGauge<'model'>,
    @InjectMetric('ml_model_performance') private readonly performance: LabelledGauge<'model' | 'metric'>,
  ) {}

  onApplicationBootstrap(): void {
    const gauges = [this.health, this.assessedAt, this.performance, ...this.drift.all];
    collectTogether(gauges, async () => {
      // With the database away there is no figure: an absent sample says so, an old one would lie.
      const latest = await readLatestFigures(this.database.reader).catch(() => null);
      for (const gauge of gauges) gauge.reset();
      for (const figures of latest?.models ?? []) {
        const { model, verdict, completedAt, metrics } = figures;
        this.health.set({ model, verdict }, 1);
        this.assessedAt.set({ model }, completedAt.getTime() / 1000);
        for (const { name, value } of metrics) this.performance.set({ model, metric: name }, value);
        this.drift.show(figures);
      }
    });
  }
}
