import { DomainError } from '@gimbal/domain';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import {
  type HealthCheckResult,
  HealthCheckService,
  type HealthIndicatorResult,
  HealthIndicatorService,
} from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { OpenRoute } from '../service-auth/open-route.js';
import { type HealthIndicator, HealthRegistry, type HealthReport } from './health-registry.js';

const CHECK_TIMEOUT_MS = 2_000;
/** Several watchers at once cost one check. */
const CACHE_MS = 500;

export const HEALTH_IDENTITY = Symbol('gimbal:health-identity');
export interface HealthIdentity {
  readonly service: string;
  readonly version: string;
}

/** Liveness, readiness and the whole picture. Open to all: they hold no data. */
@Controller('health')
@OpenRoute()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly sessions: HealthIndicatorService,
    private readonly registry: HealthRegistry,
    @Inject(HEALTH_IDENTITY) private readonly identity: HealthIdentity,
  ) {}

  /** The process runs and its event loop turns; asks nobody else. */
  @Get('live')
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when the service can do its work, else 503 with the names of what is missing. */
  @Get('ready')
  async ready(): Promise<{ readonly status: 'ok' }> {
    const { checks } = await this.report();
    const missing = Object.entries(checks).filter(([, check]) => check.status === 'down');
    if (missing.length > 0)
      throw new DomainError('service-unavailable', `Not ready: ${missing.map(([name]) => name).join(', ')}.`);
    return { status: 'ok' };
  }

  /** Everything that is known; 503 only when the service can't do its work. */
  @Get()
  async summary(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const body = await this.registry.summaryOf(await this.report());
    if ('status' in body && body.status === 'unhealthy') void reply.status(503);
    return body;
  }

  private async report(): Promise<HealthReport> {
    const result = await this.health
      .check(this.registry.indicators.map((indicator) => () => this.run(indicator)))
      .catch(resultOfFailure);
    const checks = Object.fromEntries(
      Object.entries(result.details).map(([name, { status, responseTime, cachedResponse: _cached, ...more }]) => [
        name,
        { status: status as 'up' | 'degraded' | 'down', latency_ms: Math.round(Number(responseTime ?? 0)), ...more }, // terminus's own three words
      ]),
    );
    const statuses = Object.values(checks).map((check) => check.status);
    const status = statuses.includes('down') ? 'unhealthy' : statuses.includes('degraded') ? 'degraded' : 'healthy';
    return { status, service: this.identity.service, version: this.identity.version, checks };
  }

  private async run(indicator: HealthIndicator): Promise<HealthIndicatorResult> {
    const session = this.sessions.check(indicator.name);
    const result = await session
      .attempt(async ({ signal }) => shownFacts(await indicator.check(signal)))
      .withTimeout(CHECK_TIMEOUT_MS)
      .cacheFor(CACHE_MS);
    const outcome = result[indicator.name];
    if (outcome?.status !== 'down') return result;
    // Why it failed is in the log of whoever failed; the door is open, so the answer does not quote it.
    const { responseTime } = outcome;
    return indicator.whenDown === 'degraded' ? session.degraded({ responseTime }) : session.down({ responseTime });
  }
}

/** terminus throws the report when something is down. */
const resultOfFailure = (error: unknown): HealthCheckResult => {
  const response =
    error instanceof Error && 'getResponse' in error && typeof error.getResponse === 'function'
      ? error.getResponse()
      : undefined;
  if (typeof response === 'object' && response !== null && 'details' in response) return response;
  throw error;
};

const shownFacts = (facts: unknown): Record<string, unknown> =>
  typeof facts === 'object' && facts !== null ? { ...facts } : {};
