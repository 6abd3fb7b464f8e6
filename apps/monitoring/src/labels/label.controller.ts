import { type Actor, encodeWire, LabelsAccepted, PostLabels } from '@gimbal/contracts';
import { CurrentActor } from '@gimbal/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { LabelService } from './label.service.js';

@Controller('api/v1/labels')
export class LabelController {
  constructor(private readonly labels: LabelService) {}

  @Post()
  @HttpCode(200)
  async report(@Body({ schema: PostLabels }) request: z.output<typeof PostLabels>, @CurrentActor() actor: Actor) {
    return encodeWire(LabelsAccepted, await this.labels.report(request.labels, actor));
  }
}
