import { CONFIG, HealthRegistry, InjectMetric } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import type { ServingConfig } from '../config.js';
import { PredictionLog } from '../prediction-log/prediction-log.js';
import { ServedModels, versionsByNumber } from '../traffic/served-models.js';
import { TrafficFollower } from '../traffic/traffic-follower.js';
import { statusOfModel } from './describe-serving.js';
import { publishForeignMetrics } from './foreign-metrics.js';
import { publishOwnMetrics } from './version-metrics.js';

/** Silence of the registry that is worth telling: three long polls. */
const STALE_MS_MAX = 90_000;
const BREAKER_VALUE = { closed: 0, 'half-open': 1, open: 2 } as const;

@Injectable()
export class ServingGauges {
  constructor(
    @InjectMetric('ml_circuit_breaker_state') readonly breakers: Gauge<'name'>,
    @InjectMetric('gimbal_prediction_log_rows') readonly logRows: Gauge<'state'>,
    @InjectMetric('gimbal_prediction_log_bytes') readonly logBytes: Gauge,
  ) {}
}

/** Says to `/health` and `/metrics` how serving is. */
@Injectable()
export class ServingWatch implements OnApplicationBootstrap {
  constructor(
    private readonly health: HealthRegistry,
    private readonly gauges: ServingGauges,
    private readonly models: ServedModels,
    private readonly log: PredictionLog,
    private readonly follower: TrafficFollower,
    @Inject(CONFIG) private readonly config: Pick<ServingConfig, 'metrics'>,
  ) {}

  onApplicationBootstrap(): void {
    this.health.register({ name: 'traffic-plan', whenDown: 'unready', check: () => this.checkPlan() });
    this.health.register({ name: 'models', whenDown: 'degraded', check: () => this.checkModels() });
    this.health.register({ name: 'registry', whenDown: 'degraded', check: () => this.checkRegistry() });
    this.health.register({ name: 'prediction-log', whenDown: 'unready', check: () => this.checkLog() });
    Object.assign(this.gauges.breakers, { collect: () => this.collectBreakers() });
    Object.assign(this.gauges.logRows, { collect: () => this.collectLog() });
    publishOwnMetrics(this.models);
    publishForeignMetrics(this.config.metrics.dialects, this.models);
  }

  private async checkPlan(): Promise<void> {
    if (!this.models.isInformed) throw new Error('No traffic plan is known yet.');
  }

  private async checkModels(): Promise<Record<string, unknown>> {
    const statuses = [...this.models.all].map(
      (model) => [model.name, statusOfModel(model, performance.now())] as const,
    );
    const ill = statuses.filter(([, status]) => status === 'unavailable' || status === 'degraded');
    if (ill.length > 0) throw new Error(`Not all versions answer: ${ill.map(([name]) => name).join(', ')}.`);
    return { models: Object.fromEntries(statuses) };
  }

  private async checkRegistry(): Promise<void> {
    const { staleMs } = this.follower;
    if (staleMs === undefined || staleMs > STALE_MS_MAX) throw new Error('The registry does not answer.');
  }

  private async checkLog(): Promise<Record<string, unknown>> {
    await this.log.probe();
    const { isFailing, isBlocked, waitingRows } = this.log.state;
    if (isFailing) throw new Error('The prediction log cannot be written.');
    return { waiting_rows: waitingRows, shipping: isBlocked ? 'waits for the queue' : 'up to date' };
  }

  private collectBreakers(): void {
    this.gauges.breakers.reset(); // of versions that are gone
    for (const model of this.models.all)
      for (const [version, { graph }] of versionsByNumber(model))
        this.gauges.breakers.set(
          { name: `${model.name}/${version}` },
          BREAKER_VALUE[graph.breaker.state(performance.now())],
        );
  }

  private collectLog(): void {
    const { waitingRows, waitingBytes, shippedRows } = this.log.state;
    this.gauges.logRows.set({ state: 'waiting' }, waitingRows);
    this.gauges.logRows.set({ state: 'shipped' }, shippedRows);
    this.gauges.logBytes.set(waitingBytes);
  }
}
