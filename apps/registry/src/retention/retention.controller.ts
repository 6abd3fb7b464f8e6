import {
  type Actor,
  encodeWire,
  PutRetention,
  RegisteredModelName,
  RetentionReport,
  RetentionState,
  RunRetention,
} from '@gimbal/contracts';
import { CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { RetentionService } from './retention.service.js';

@Controller('api/v1')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Get('models/:model/retention')
  async get(@Param('model', { schema: RegisteredModelName }) model: string) {
    return encodeWire(RetentionState, await this.retention.get(model));
  }

  @Put('models/:model/retention')
  async put(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Body({ schema: PutRetention }) policy: PutRetention,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(RetentionState, await this.retention.put(model, policy, actor));
  }

  @Post('registry/retention')
  @HttpCode(200)
  async run(@Body({ schema: RunRetention }) asked: RunRetention, @CurrentActor() actor: Actor) {
    return encodeWire(RetentionReport, await this.retention.run(asked, actor.name));
  }
}
