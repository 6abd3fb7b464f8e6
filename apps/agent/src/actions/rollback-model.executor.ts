import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { RegistryClient } from '../clients/registry.client.js';
import { ServingClient } from '../clients/serving.client.js';
import { askServed } from '../execution/ask-served.js';
import type { Executor, RunningAction, StepOutcome } from '../execution/executor.js';

const Arguments = z.object({ toVersion: z.int(), expectedLiveVersion: z.int() });

/** Puts the former version back. It is not undone when verification fails: the version it replaced was found bad. */
@Injectable()
export class RollbackModelExecutor implements Executor {
  readonly type = 'rollback_model';
  readonly compensate = null;

  constructor(
    private readonly registry: RegistryClient,
    private readonly serving: ServingClient,
  ) {}

  async execute({ id: decisionId, modelName, reason, arguments: given }: RunningAction): Promise<StepOutcome> {
    const { toVersion, expectedLiveVersion } = Arguments.parse(given);
    const moved = await this.registry.rollBack(modelName, { toVersion, expectedLiveVersion, decisionId, reason });
    return { kind: 'done', result: { version: moved.toVersion, replaced: moved.fromVersion, rolledBackAt: moved.at } };
  }

  async verify({ modelName, arguments: given }: RunningAction) {
    return await askServed(
      { registry: this.registry, serving: this.serving },
      modelName,
      Arguments.parse(given).toVersion,
    );
  }
}
