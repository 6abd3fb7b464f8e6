import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  encodeWire,
  type ModelSignature,
  type Problem,
  TrafficChanges,
  TrafficDocument,
  type TrafficPlan,
} from '@gimbal/contracts';
import type { MadeModel } from './make-model.js';
import { SIGNATURE } from './signature.js';

type PlannedModel = TrafficDocument['models'][number];

/** The two internal routes of the registry that serving asks, over real HTTP: traffic with ETag and long poll, artifacts by digest. */
export class RegistryStub {
  private readonly server: Server;
  private readonly artifacts = new Map<string, Uint8Array>();
  private readonly ids = new Map<string, string>();
  private models: readonly PlannedModel[] = [];
  private revision = 1;
  /** What each revision said. */
  private readonly former = new Map<string, readonly PlannedModel[]>();
  private waiting: (() => void)[] = [];
  artifactRequests = 0;
  /** Undefined: a registry that knows no manifests. */
  manifestKeys: TrafficDocument['manifestKeys'];
  /** Artifacts are given out when this is over. */
  artifactsReady: Promise<void> = Promise.resolve();

  constructor() {
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  async start(port = 0): Promise<string> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  keepArtifact({ digest, onnx }: Pick<MadeModel, 'digest' | 'onnx'>): void {
    this.artifacts.set(digest, onnx);
  }

  version(
    modelName: string,
    version: number,
    artifactDigest: string,
    more: { threshold?: number; signature?: ModelSignature } = {},
  ): PlannedModel['versions'][number] {
    const key = `${modelName}/${version}`;
    const id = this.ids.get(key) ?? randomUUID();
    this.ids.set(key, id);
    return {
      id,
      version,
      algorithm: 'gradient-boosting-leaf-wise',
      artifactDigest,
      artifactBytes: this.artifacts.get(artifactDigest)?.byteLength ?? 0,
      threshold: more.threshold ?? 0.5,
      signature: more.signature ?? SIGNATURE,
      dataOrigin: null,
    };
  }

  /** Replaces one model's part of the document. */
  put(
    modelName: string,
    plan: TrafficPlan,
    versions: PlannedModel['versions'],
    standby: PlannedModel['standby'] = null,
  ): void {
    const planned = { modelName, plan, versions, standby };
    this.models = [...this.models.filter((model) => model.modelName !== modelName), planned];
    this.changed();
  }

  remove(modelName: string): void {
    this.models = this.models.filter((model) => model.modelName !== modelName);
    this.changed();
  }

  private changed(): void {
    this.revision += 1;
    for (const wake of this.waiting.splice(0)) wake();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://registry');
    const digest = /^\/internal\/artifacts\/([0-9a-f]{64})$/.exec(url.pathname)?.[1];
    if (digest !== undefined) {
      this.artifactRequests += 1;
      await this.artifactsReady;
      const bytes = this.artifacts.get(digest);
      if (bytes) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
      else
        response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(notFound(digest)));
      return;
    }
    const etag = () => `"${this.revision}"`;
    const wait = Number(url.searchParams.get('wait_seconds')) * 1_000;
    if (request.headers['if-none-match'] === etag() && wait > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
        request.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    if (request.headers['if-none-match'] === etag()) {
      response.writeHead(304).end();
      return;
    }
    const known = this.former.get(request.headers['if-none-match'] ?? '');
    this.former.set(etag(), this.models);
    if (known && request.headers['a-im'] !== undefined) {
      const names = new Set(this.models.map(({ modelName }) => modelName));
      const changes = encodeWire(TrafficChanges, {
        since: (request.headers['if-none-match'] ?? '').slice(1, -1),
        revision: String(this.revision),
        models: this.models.filter((model) => !known.includes(model)),
        ...(this.manifestKeys && { manifestKeys: this.manifestKeys }),
        removed: known.flatMap(({ modelName }) => (names.has(modelName) ? [] : [modelName])),
      });
      response.writeHead(226, { 'content-type': 'application/json', etag: etag() }).end(JSON.stringify(changes));
      return;
    }
    const document = encodeWire(TrafficDocument, {
      revision: String(this.revision),
      models: [...this.models],
      ...(this.manifestKeys && { manifestKeys: this.manifestKeys }),
    });
    response.writeHead(200, { 'content-type': 'application/json', etag: etag() }).end(JSON.stringify(document));
  }
}

const notFound = (digest: string): Problem => ({
  type: 'about:blank',
  title: 'Artifact not found',
  status: 404,
  code: 'artifact-not-found',
  detail: `There is no artifact ${digest}.`,
  instance: '/',
});
