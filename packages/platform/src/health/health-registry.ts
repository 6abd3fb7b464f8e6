import { Injectable } from '@nestjs/common';

/** One thing a service depends on. */
export interface HealthIndicator {
  /** kebab-case, unique in the service: `database`, `live-model`. */
  readonly name: string;
  /** What its failure means: the service can't do its work, or does it with less. */
  readonly whenDown: 'unready' | 'degraded';
  /** Resolves when all is well (an object it resolves with is shown); rejects when not. Given 2 s, and `signal` aborts then. */
  readonly check: (signal: AbortSignal) => Promise<unknown>;
}

/** What `/health` shows of one indicator. */
export interface HealthCheckReport {
  readonly status: 'up' | 'degraded' | 'down';
  readonly latency_ms: number;
  readonly [more: string]: unknown;
}

/** What `/health` shows by default. */
export interface HealthReport {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly service: string;
  readonly version: string;
  readonly checks: Readonly<Record<string, HealthCheckReport>>;
}

export type HealthSummary = (report: HealthReport) => object | Promise<object>;

/** Where the parts of an app say what their health is. */
@Injectable()
export class HealthRegistry {
  private readonly byName = new Map<string, HealthIndicator>();
  private summary: HealthSummary = (report) => report;

  /** Adds an indicator. Throws when its name is taken. */
  register(indicator: HealthIndicator): void {
    if (this.byName.has(indicator.name)) throw new Error(`The health indicator ${indicator.name} is registered twice.`);
    this.byName.set(indicator.name, indicator);
  }

  /** Replaces the body of `/health`; its `status` decides between 200 and 503. */
  summarise(summary: HealthSummary): void {
    this.summary = summary;
  }

  get indicators(): readonly HealthIndicator[] {
    return [...this.byName.values()];
  }

  summaryOf(report: HealthReport): object | Promise<object> {
    return this.summary(report);
  }
}
