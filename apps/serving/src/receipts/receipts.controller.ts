import { encodeWire, RanAgain, type ReceiptKeys, RunAgain, ScoredRows, ScoreRows } from '@gimbal/contracts';
import { CallableBy, OpenRoute } from '@gimbal/platform';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { ReceiptIssuer } from './receipt-issuer.js';
import { ReplayService } from './replay.service.js';
import { ScoreService } from './score.service.js';

@Controller()
export class ReceiptsController {
  constructor(
    private readonly issuer: ReceiptIssuer,
    private readonly replays: ReplayService,
    private readonly scores: ScoreService,
  ) {}

  @Get('api/v1/receipts/keys')
  @OpenRoute()
  keys(): Promise<z.output<typeof ReceiptKeys>> {
    return this.issuer.keys();
  }

  @Post('internal/replay')
  @HttpCode(200)
  @CallableBy('monitoring')
  async replay(@Body({ schema: RunAgain }) asked: z.output<typeof RunAgain>): Promise<z.input<typeof RanAgain>> {
    return encodeWire(RanAgain, await this.replays.run(asked));
  }

  @Post('internal/score')
  @HttpCode(200)
  @CallableBy('registry')
  async score(@Body({ schema: ScoreRows }) asked: z.output<typeof ScoreRows>): Promise<z.input<typeof ScoredRows>> {
    return encodeWire(ScoredRows, await this.scores.score(asked));
  }
}
