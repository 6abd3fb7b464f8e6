import { type Actor, AgentState, encodeWire, PauseAgent } from '@gimbal/contracts';
import { CallableBy, CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { PauseService } from './pause.service.js';

type Why = z.output<typeof PauseAgent>;

@Controller('api/v1/agent')
@CallableBy('gateway')
export class PauseController {
  constructor(private readonly pauses: PauseService) {}

  @Get()
  async state() {
    return encodeWire(AgentState, await this.pauses.state());
  }

  @Post('pause')
  @HttpCode(200)
  async pause(@Body({ schema: PauseAgent }) { reason }: Why, @CurrentActor() actor: Actor) {
    return encodeWire(AgentState, await this.pauses.pause(reason, actor));
  }

  @Post('resume')
  @HttpCode(200)
  async resume(@Body({ schema: PauseAgent }) { reason }: Why, @CurrentActor() actor: Actor) {
    return encodeWire(AgentState, await this.pauses.resume(reason, actor));
  }
}
