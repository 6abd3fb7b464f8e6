import { CHANGED_MODELS, TrafficChanges, TrafficDocument } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { ServiceClient } from '@gimbal/platform';
import type { z } from 'zod';

export interface RegistryClientOptions {
  readonly url: string;
  readonly serviceKey: string | undefined;
  readonly artifactBytesMax: number;
}

/** What changed since the last question: nothing, some models or, where that is not known, everything that there is. */
export type TrafficAnswer =
  | 'unchanged'
  | (({ readonly document: TrafficDocument } | { readonly changes: TrafficChanges }) & {
      readonly etag: string | undefined;
    });

const IM_USED = 226;

const DOCUMENT_TIMEOUT_MS = 10_000;
const ARTIFACT_TIMEOUT_MS = 120_000;

/** The two questions that serving asks the registry. Tried again by its caller, which knows when. */
export class RegistryClient {
  private readonly client: ServiceClient;

  constructor({ url, serviceKey, artifactBytesMax }: RegistryClientOptions) {
    this.client = new ServiceClient({
      service: 'registry',
      baseUrl: url,
      serviceKey,
      retries: 0,
      // The caller's own pause is the breaker: asking every two seconds harms nobody.
      breaker: { failureThreshold: Number.MAX_SAFE_INTEGER, recoverySeconds: 1 },
      maxAnswerBytes: artifactBytesMax,
      connections: 3,
    });
  }

  /**
   * @param etag of the document known already
   * @param waitSeconds how long the registry may hold the answer until something changes
   * @throws DomainError `service-unavailable`, `timeout`
   */
  async fetchTraffic(etag: string | undefined, waitSeconds: number, signal: AbortSignal): Promise<TrafficAnswer> {
    const { status, headers, body } = await this.client.send({
      method: 'GET',
      path: '/internal/traffic',
      query: { wait_seconds: waitSeconds },
      timeoutMs: waitSeconds * 1_000 + DOCUMENT_TIMEOUT_MS,
      signal,
      ...(etag !== undefined && { headers: { 'if-none-match': etag, 'a-im': CHANGED_MODELS } }),
    });
    if (status === 304) return 'unchanged';
    const answered = { etag: typeof headers['etag'] === 'string' ? headers['etag'] : undefined };
    if (status === IM_USED) return { changes: parsePlan(TrafficChanges, body), ...answered };
    return { document: parsePlan(TrafficDocument, body), ...answered };
  }

  /** @throws DomainError `artifact-not-found`, `artifact-corrupt`, `service-unavailable`, `timeout` */
  async fetchArtifact(digest: string): Promise<Buffer> {
    const { body } = await this.client.send({
      method: 'GET',
      path: `/internal/artifacts/${digest}`,
      timeoutMs: ARTIFACT_TIMEOUT_MS,
    });
    return body;
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

function parsePlan<S extends z.ZodType>(schema: S, body: Buffer): z.output<S> {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw new DomainError('service-unavailable', 'The registry sent a traffic plan in another form.', {
    cause: parsed.error,
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
