import { encodeWire, PredictBatchRows, PredictedBatchRows } from '@gimbal/contracts';
import { CONFIG, InjectMetric, ServiceClient, type ServiceConfig } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import type { trainingServiceConfig } from '../config.js';

/** A call may wait behind everybody else's. */
const CALL_TIMEOUT_MS = 30_000;
/** Whoever asks waits by itself between two tries. */
const RECOVERY_SECONDS = 1;

/** What training asks of serving. */
@Injectable()
export class ServingClient implements OnApplicationShutdown {
  private readonly serving: ServiceClient;

  constructor(
    @Inject(CONFIG) { services, breaker, serviceAuth }: ServiceConfig<typeof trainingServiceConfig>,
    @InjectMetric('ml_circuit_breaker_state') breakers: Gauge<'name'>,
  ) {
    this.serving = new ServiceClient({
      service: 'serving',
      baseUrl: services.servingUrl,
      serviceKey: serviceAuth.serviceKey,
      breaker: { ...breaker, recoverySeconds: RECOVERY_SECONDS },
      timeoutMs: CALL_TIMEOUT_MS,
      onBreaker: (state) => breakers.set({ name: 'serving' }, state),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.serving.close();
  }

  /** May be repeated. @throws DomainError as serving does, `service-unavailable`, `timeout` */
  async predictBatchRows(asked: PredictBatchRows, signal: AbortSignal): Promise<PredictedBatchRows> {
    const body = { json: encodeWire(PredictBatchRows, asked) };
    return await this.serving.call({ method: 'POST', path: '/internal/batch-rows', body, signal }, PredictedBatchRows);
  }
}
