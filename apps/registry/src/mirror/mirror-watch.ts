import { HealthRegistry, InjectMetric } from '@gimbal/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { PlainGauge } from './metric-types.js';
import { MirrorAlerts } from './mirror-alerts.js';
import { MirrorStatus } from './mirror-status.js';

const LOOK_MS = 10_000;

/** Looks at the server and the backlog from time to time: for health, metrics and alerts. */
@Injectable()
export class MirrorWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly status: MirrorStatus,
    private readonly alerts: MirrorAlerts,
    private readonly health: HealthRegistry,
    @InjectMetric('mlflow_sync_backlog') private readonly backlog: PlainGauge,
    @InjectMetric('mlflow_sync_backlog_age_seconds') private readonly age: PlainGauge,
  ) {}

  onApplicationBootstrap(): void {
    this.health.register({
      name: 'mlflow',
      whenDown: 'degraded',
      check: async () => {
        const { reachable, version } = await this.status.probe();
        if (!reachable) throw new Error('MLflow does not answer.');
        return { version };
      },
    });
    this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    try {
      const state = await this.status.read();
      this.backlog.set(state.backlog.entities);
      this.age.set(state.backlog.ageSeconds);
      await this.alerts.judge(state);
    } catch {
      // The database is away, which its own indicator says; the next look comes soon.
    }
  }
}
