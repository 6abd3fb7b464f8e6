import { MlflowClient } from '@gimbal/mlflow-client';
import { eventually, startTestMlflow, type TestMlflow } from '@gimbal/testing';
import { expect } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';

/** A registry that tells a real MLflow server, and a client of that server. */
export class MirrorWorld {
  private constructor(
    readonly server: TestMlflow,
    readonly mlflow: MlflowClient,
    readonly registry: RegistryHarness,
  ) {}

  static async start(python: string): Promise<MirrorWorld> {
    const server = await startTestMlflow(python);
    const breaker = { failureThreshold: 1_000, recoverySeconds: 1 };
    const mlflow = new MlflowClient({ trackingUri: server.url, breaker });
    const registry = await startRegistry({
      MLFLOW_TRACKING_URI: server.url,
      MLFLOW_SYNC_INTERVAL: '50',
      CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1',
    });
    await eventually(async () => expect(await registry.rows.mlflowMirror.count()).toBe(1));
    return new MirrorWorld(server, mlflow, registry);
  }

  async post(path: string, body: object) {
    const answer = await this.registry.call({ method: 'POST', path, body });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A file of a run, as training hands it in. */
  async attach(runId: string, path: string, content: string): Promise<void> {
    const digest = await this.registry.store(Buffer.from(content));
    const body = { path, digest, bytes: Buffer.byteLength(content), content_type: 'text/plain' };
    const call = { method: 'POST', path: `/api/v1/runs/${runId}/artifacts`, body, caller: 'training' } as const;
    expect((await this.registry.call(call)).status).toBeLessThan(300);
  }

  async health() {
    return (await this.registry.call({ path: '/api/v1/mlflow/health' })).body;
  }

  /** Waits until all that can be told is told, and answers what is not. */
  settled() {
    return eventually(async () => {
      const { backlog, ...state } = await this.health();
      expect({ ...state, entities: backlog.entities }).toMatchObject({ entities: 0, reachable: true });
      return backlog;
    });
  }

  async stateOf(entityId: string) {
    const row = await this.registry.rows.mlflowSync.findFirstOrThrow({ where: { entityId } });
    return { state: row.state, reason: row.lastError };
  }

  async dispose(): Promise<void> {
    await this.registry.dispose();
    await this.mlflow.close();
    await this.server.dispose();
  }
}
