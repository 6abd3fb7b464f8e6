import { type Condition, isDomainError } from '@gimbal/domain';
import { deriveId } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { RegistryClient } from '../clients/registry.client.js';
import { ServingClient } from '../clients/serving.client.js';
import type { Executor, RunningAction, StepOutcome } from '../execution/executor.js';

const Arguments = z.object({ version: z.int(), threshold: z.number(), expectedThreshold: z.number() });
/** A threshold travels as JSON and is compared as a float32 by the model: closer than this is the same. */
const SAME = 1e-6;

/** Moves the threshold of the live version by one bounded step. */
@Injectable()
export class AdjustThresholdExecutor implements Executor {
  readonly type = 'adjust_threshold';

  constructor(
    private readonly registry: RegistryClient,
    private readonly serving: ServingClient,
  ) {}

  async execute({ id: decisionId, modelName, reason, arguments: given }: RunningAction): Promise<StepOutcome> {
    const { version, threshold, expectedThreshold } = Arguments.parse(given);
    const request = { threshold, expectedThreshold, decisionId, reason };
    const { from, to, at } = await this.registry.adjustThreshold(modelName, version, request);
    return { kind: 'done', result: { version, from, to, adjustedAt: at } };
  }

  async verify({ modelName, arguments: given }: RunningAction): Promise<Condition[]> {
    const { version, threshold } = Arguments.parse(given);
    const served = (await this.serving.models()).find((model) => model.modelName === modelName);
    const inForce = served?.liveVersion === version ? served.threshold : null;
    return [
      {
        code: 'threshold-served',
        holds: inForce !== null && Math.abs(inForce - threshold) <= SAME,
        measured: inForce,
        limit: threshold,
        message: `Serving decides version ${version} at ${inForce ?? 'an unknown threshold'}.`,
      },
    ];
  }

  readonly compensate = async ({ id, modelName, arguments: given }: RunningAction) => {
    const { version, threshold, expectedThreshold } = Arguments.parse(given);
    const decisionId = deriveId(`compensation:${id}`);
    const reason = `The threshold of decision ${id} did not come into force.`;
    try {
      const request = { threshold: expectedThreshold, expectedThreshold: threshold, decisionId, reason };
      return { decisionId, threshold: (await this.registry.adjustThreshold(modelName, version, request)).to };
    } catch (error) {
      // Somebody has set another threshold since: nothing of ours is left to undo.
      if (isDomainError(error, 'revision-conflict'))
        return { decisionId, note: 'Another threshold was set meanwhile.' };
      throw error;
    }
  };
}
