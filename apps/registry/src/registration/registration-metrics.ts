import { InjectMetric, type TallyHistogram } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Every route that registers a version, by the language it is asked in. */
const ROUTES: Readonly<Record<string, string>> = {
  '/api/v1/models/:model/versions': 'api',
  '/internal/models/:model/versions': 'training',
  '/api/2.0/mlflow/model-versions/create': 'mlflow',
};

/** What is asked of the counter here; Prometheus's own class has it. */
interface OutcomeCounter {
  inc(labels: { readonly door: string; readonly outcome: 'registered' | 'refused' | 'failed' }): void;
}

/** Counts and times registrations, whoever asks for them, from the first byte of the request to the last of the answer. */
@Injectable()
export class RegistrationMetrics {
  constructor(
    @InjectMetric('ml_registrations_total') private readonly outcomes: OutcomeCounter,
    @InjectMetric('ml_registration_duration_seconds') private readonly seconds: TallyHistogram,
  ) {}

  /** Before the routes are there: hooks hold for those that come after them. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      const door = request.method === 'POST' ? ROUTES[request.routeOptions.url ?? ''] : undefined;
      if (door !== undefined) this.count(door, reply.statusCode, reply.elapsedTime);
      done();
    });
  }

  private count(door: string, status: number, elapsedMs: number): void {
    this.outcomes.inc({ door, outcome: status < 300 ? 'registered' : status < 500 ? 'refused' : 'failed' });
    this.seconds.of(door).observe(elapsedMs / 1_000);
  }
}
