import { HealthRegistry, InjectMetric } from '@gimbal/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { LabelledGauge, PlainGauge } from './metric-types.js';
import { MirrorStatus } from './mirror-status.js';

const LOOK_MS = 10_000;
const LABELS = { entities: 'pending', waiting: 'waiting', failed: 'failed', conflicts: 'conflict' } as const;

/** Looks at the server and the backlog from time to time: for health and metrics. */
@Injectable()
export class MirrorWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly status: MirrorStatus,
    private readonly health: HealthRegistry,
    @InjectMetric('mlflow_sync_backlog') private readonly backlog: LabelledGauge<'state'>,
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
      const { backlog } = await this.status.read();
      this.age.set(backlog.ageSeconds);
      for (const state of ['entities', 'waiting', 'failed', 'conflicts'] as const)
        this.backlog.set({ state: LABELS[state] }, backlog[state]);
    } catch {
      // The database is away, which its own indicator says; the next look comes soon.
    }
  }
}
