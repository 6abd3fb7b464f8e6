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

/** A version that could not be loaded does not answer, so it is not named; one that will be loaded when it is asked does, and is. */
export function describeServed({ name, plan, versions }: ServedModel): ServedModelsAnswer[number] {
  const answering = [...versions].filter(([, { graph }]) => graph.fault === undefined).map(([number]) => number);
  const live = plan.live !== null && answering.includes(plan.live) ? versions.get(plan.live) : undefined;
  return {
    modelName: name,
    liveVersion: live?.planned.version ?? null,
    threshold: live?.planned.threshold ?? null,
    loadedVersions: answering.sort((one, other) => one - other),
  };
}
