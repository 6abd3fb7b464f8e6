import { createHash } from 'node:crypto';
import { DomainError } from '@gimbal/domain';
import type { ServiceClient } from '@gimbal/platform';

/** The registry, as far as its artifacts are asked for. */
export class RegistryClient {
  constructor(private readonly client: Pick<ServiceClient, 'send'>) {}

  /** @throws DomainError `artifact-not-found` · `artifact-corrupt` (other bytes came) · `service-unavailable` · `timeout` */
  async readArtifact(digest: string): Promise<Buffer> {
    const { body } = await this.client.send({ method: 'GET', path: `/internal/artifacts/${digest}` });
    if (createHash('sha256').update(body).digest('hex') !== digest)
      throw new DomainError('artifact-corrupt', 'The registry sent bytes that do not match the digest asked for.');
    return body;
  }
}
