import { RegistryStub } from './registry-stub.js';
import { type PredictClient, ServingHarness } from './serving-harness.js';
import { awaitTaskModels, serveTaskModels, type TaskModel } from './task-models.js';

/** Serving with a model of every task, which have all answered, and the model `empty`, of which no version is live. */
export class TaskServing {
  private constructor(
    readonly registry: RegistryStub,
    private readonly serving: ServingHarness,
    readonly client: PredictClient,
  ) {}

  /** @param environment beside what every serving under test has */
  static async start(
    models: readonly TaskModel[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<TaskServing> {
    const registry = new RegistryStub();
    serveTaskModels(registry, models);
    registry.put('empty', { live: null }, []);
    const serving = await ServingHarness.make();
    const client = await serving.start({ REGISTRY_URL: await registry.start(), ...environment });
    await awaitTaskModels(client, models);
    return new TaskServing(registry, serving, client);
  }

  async stop(): Promise<void> {
    await this.serving.remove();
    await this.registry.stop();
  }
}
