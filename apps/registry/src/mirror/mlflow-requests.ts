import { type Attempt, type BreakerState, MlflowClient } from '@gimbal/mlflow-client';
import { InjectMetric, LOGGER, type Logger, type TallyHistogram } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import type { LabelledCounter, LabelledGauge } from './status/metric-types.js';

const BREAKER = { closed: 0, 'half-open': 1, open: 2 } as const satisfies Record<BreakerState, number>;

/** Counts and times what the server is asked, and opens the client that does. */
@Injectable()
export class MlflowRequests {
  private isAway = false;

  constructor(
    @InjectMetric('mlflow_requests_total') private readonly requests: LabelledCounter<'operation' | 'outcome'>,
    @InjectMetric('mlflow_request_duration_seconds') private readonly seconds: TallyHistogram,
    @InjectMetric('ml_circuit_breaker_state') private readonly breaker: LabelledGauge<'name'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  openClient(trackingUri: string, { mirror, breaker }: Pick<RegistryConfig, 'mirror' | 'breaker'>): MlflowClient {
    this.breaker.set({ name: 'mlflow' }, BREAKER.closed);
    return new MlflowClient({
      trackingUri,
      token: mirror.token,
      timeoutMs: mirror.timeoutMs,
      breaker,
      onAttempt: (attempt) => this.count(attempt),
      onBreaker: (state) => this.noteBreaker(state),
    });
  }

  /** Logged once when it opens and once when it closes, however often the server is tried in between. */
  private noteBreaker(state: BreakerState): void {
    this.breaker.set({ name: 'mlflow' }, BREAKER[state]);
    if (state === 'half-open' || (state === 'open') === this.isAway) return;
    this.isAway = state === 'open';
    if (this.isAway) this.logger.warn('the MLflow server fails again and again: changes wait until it is well');
    else this.logger.info('the MLflow server is told again');
  }

  private count({ request, outcome, seconds }: Attempt): void {
    const operation = operationOf(request);
    this.requests.inc({ operation, outcome: String(outcome) });
    this.seconds.of(operation).observe(seconds);
  }
}

/** The route without what is different from call to call: `POST runs/create`, `PUT artifacts`. Other ids are in queries and bodies. */
function operationOf(request: string): string {
  const [method = '', path = ''] = request.split(' ');
  if (path.startsWith('/api/2.0/mlflow-artifacts/')) return `${method} artifacts`;
  const route = path.replace(/^\/(api\/2\.0\/mlflow\/)?/, '');
  return `${method} ${route.startsWith('logged-models') ? 'logged-models' : route}`;
}
