import { encodeWire, ServedModels as ServedModelsAnswer } from '@gimbal/contracts';
import { CallableBy } from '@gimbal/platform';
import { Controller, Get } from '@nestjs/common';
import type { z } from 'zod';
import { type ServedModel, ServedModels } from '../traffic/served-models.js';

/** Tells the agent what really answers, so that a promotion counts as done when it is, not when it was ordered. */
@Controller('internal/models')
@CallableBy('agent')
export class ServedModelsController {
  constructor(private readonly models: ServedModels) {}

  @Get()
  list(): z.input<typeof ServedModelsAnswer> {
    return encodeWire(ServedModelsAnswer, [...this.models.all].map(describeServed));
  }
}

/** A live version that could not be loaded does not answer, so it is not named. */
export function describeServed({ name, plan, versions }: ServedModel): ServedModelsAnswer[number] {
  const live = plan.live === null ? undefined : versions.get(plan.live);
  return {
    modelName: name,
    liveVersion: live?.planned.version ?? null,
    threshold: live?.planned.threshold ?? null,
    loadedVersions: [...versions.keys()].sort((one, other) => one - other),
  };
}
