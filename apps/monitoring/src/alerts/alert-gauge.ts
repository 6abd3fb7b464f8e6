import { ALERT_SEVERITIES } from '@gimbal/contracts';
import { InjectMetric } from '@gimbal/platform';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../database/database.js';
import { collectTogether, type LabelledGauge } from '../metrics/gauge.js';

/** How many alerts are not resolved, counted with each scrape. */
@Injectable()
export class AlertGauge implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    @InjectMetric('ml_alerts_open') private readonly gauge: LabelledGauge<'severity'>,
  ) {}

  onApplicationBootstrap(): void {
    collectTogether([this.gauge], async () => {
      const open = await this.count().catch(() => null);
      this.gauge.reset(); // no sample while the database is away
      for (const [severity, count] of open ?? []) this.gauge.set({ severity }, count);
    });
  }

  private async count(): Promise<[string, number][]> {
    const { alert } = this.database.reader;
    const groups = await alert.groupBy({ by: ['severity'], where: { status: { not: 'resolved' } }, _count: true });
    return ALERT_SEVERITIES.map((severity) => [
      severity,
      groups.find((group) => group.severity === severity)?._count ?? 0,
    ]);
  }
}
