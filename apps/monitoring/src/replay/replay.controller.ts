import { encodeWire, Id, Replayed, ReplayPrediction } from '@gimbal/contracts';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { ReplayService } from './replay.service.js';

@Controller('api/v1/predictions')
export class ReplayController {
  constructor(private readonly replays: ReplayService) {}

  @Post(':id/replay')
  @HttpCode(200)
  async replay(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: ReplayPrediction }) asked: z.output<typeof ReplayPrediction>,
  ): Promise<z.input<typeof Replayed>> {
    return encodeWire(Replayed, await this.replays.replay(id, asked));
  }
}
