import { createHash } from 'node:crypto';
import { DomainError } from '@gimbal/domain';
import { CONFIG, ServiceClient } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { MonitoringConfig } from '../config.js';

/** A profile takes a few kilobytes a feature. */
const ARTIFACT_BYTES_MAX = 67_108_864;

/** The registry, as far as its artifacts are asked for. */
@Injectable()
export class RegistryClient implements OnApplicationShutdown {
  private readonly client: ServiceClient;

  constructor(@Inject(CONFIG) { services, serviceAuth, breaker }: MonitoringConfig) {
    this.client = new ServiceClient({
      service: 'registry',
      baseUrl: services.registryUrl,
      serviceKey: serviceAuth.serviceKey,
      breaker,
      maxAnswerBytes: ARTIFACT_BYTES_MAX,
      connections: 1,
    });
  }

  /** @throws DomainError `artifact-not-found` · `artifact-corrupt` (other bytes came) · `service-unavailable` · `timeout` */
  async readArtifact(digest: string): Promise<Buffer> {
    const { body } = await this.client.send({ method: 'GET', path: `/internal/artifacts/${digest}` });
    if (createHash('sha256').update(body).digest('hex') !== digest)
      throw new DomainError('artifact-corrupt', 'The registry sent bytes that do not match the digest asked for.');
    return body;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
