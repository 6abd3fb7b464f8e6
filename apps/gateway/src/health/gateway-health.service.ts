import { HealthRegistry, type HealthReport } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { request } from 'undici';
import { z } from 'zod';
import type { Owner } from '../control-plane/owner.client.js';
import { DataPlane } from '../data-plane/index.js';

export const HEALTH_OPTIONS = Symbol('gateway:health-options');
export interface HealthOptions {
  readonly urls: Readonly<Record<Owner, readonly string[]>>;
}

interface ServiceState {
  readonly status: 'healthy' | 'degraded' | 'unhealthy' | 'unreachable';
  readonly latency_ms: number | null;
  readonly checks: Readonly<Record<string, string>>;
}

const ASK_MS = 1_500;
/** However many watchers ask, services are asked this often. */
const CACHE_MS = 1_000;

const Report = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  checks: z.record(z.string(), z.object({ status: z.string() })).default({}),
});
const WORD_OF_CHECK: Readonly<Record<string, string>> = { up: 'healthy', degraded: 'degraded', down: 'unhealthy' };

/** `/health` of the whole system: the services, and what they keep things in. */
@Injectable()
export class GatewayHealth implements OnApplicationBootstrap {
  private known: { readonly at: number; readonly services: Promise<Readonly<Record<string, ServiceState>>> } | null =
    null;

  constructor(
    private readonly registry: HealthRegistry,
    private readonly dataPlane: DataPlane,
    @Inject(HEALTH_OPTIONS) private readonly options: HealthOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.registry.register({
      name: 'serving',
      whenDown: 'unready',
      check: async () => {
        if (!this.dataPlane.ready) throw new Error('Serving is not connected.');
      },
    });
    this.registry.summarise((report) => this.summary(report));
  }

  private async summary({ version, checks }: HealthReport): Promise<object> {
    const services = await this.services();
    const wordOf = (check: string) => WORD_OF_CHECK[checks[check]?.status ?? ''] ?? 'unknown';
    const postgres = wordOf('database');
    const queue = wordOf('queue');
    const artifacts = services['registry']?.checks['artifacts'] ?? 'unknown';
    const mlflow = services['registry']?.checks['mlflow'] ?? 'off';
    const serving = services['serving']?.status;
    const isDown = serving === 'unreachable' || serving === 'unhealthy' || checks['serving']?.status === 'down';
    const isWhole =
      Object.values(services).every(({ status }) => status === 'healthy') &&
      postgres === 'healthy' &&
      queue === 'healthy';
    return {
      status: isDown ? 'unhealthy' : isWhole ? 'healthy' : 'degraded',
      version,
      services: Object.fromEntries(
        Object.entries(services).map(([name, { status, latency_ms }]) => [name, { status, latency_ms }]),
      ),
      storage: { postgres, queue, artifacts, mlflow },
    };
  }

  private services(): Promise<Readonly<Record<string, ServiceState>>> {
    const now = performance.now();
    if (!this.known || now - this.known.at > CACHE_MS) {
      const asked = Object.entries(this.options.urls).map(
        async ([name, urls]) => [name, summarise(await Promise.all(urls.map(askService)))] as const,
      );
      this.known = { at: now, services: Promise.all(asked).then(Object.fromEntries) };
    }
    return this.known.services;
  }
}

/** One state of all processes of a service: it is there as long as one of them is, and whole only with all. */
function summarise(replicas: readonly ServiceState[]): ServiceState {
  const [best = UNREACHABLE, ...others] = replicas.toSorted((one, other) => rankOf(one) - rankOf(other));
  const isWhole = others.every(({ status }) => status === best.status);
  return isWhole || best.status !== 'healthy' ? best : { ...best, status: 'degraded' };
}

const RANKS: readonly ServiceState['status'][] = ['healthy', 'degraded', 'unhealthy', 'unreachable'];
const rankOf = ({ status }: ServiceState): number => RANKS.indexOf(status);
// Refused, late, or not one of ours: for whoever watches it is all the same.
const UNREACHABLE: ServiceState = { status: 'unreachable', latency_ms: null, checks: {} };

async function askService(url: string): Promise<ServiceState> {
  const began = performance.now();
  try {
    const { body } = await request(new URL('/health', url), { signal: AbortSignal.timeout(ASK_MS) });
    const { status, checks } = Report.parse(await body.json());
    const words = Object.entries(checks).map(([name, check]) => [name, WORD_OF_CHECK[check.status] ?? 'unknown']);
    return { status, latency_ms: Math.round((performance.now() - began) * 10) / 10, checks: Object.fromEntries(words) };
  } catch {
    return UNREACHABLE;
  }
}
