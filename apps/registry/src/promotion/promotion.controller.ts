import {
  type Actor,
  encodeWire,
  PromoteVersion,
  Promotion,
  RegisteredModelName,
  RollbackModel,
  VersionParam,
} from '@gimbal/contracts';
import { CallableBy, CurrentActor } from '@gimbal/platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { PromotionService } from './promotion.service.js';

@Controller('api/v1/models/:model')
@CallableBy('gateway', 'agent', 'training')
export class PromotionController {
  constructor(private readonly promotions: PromotionService) {}

  @Post('versions/:version/promote')
  @HttpCode(200)
  async promote(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('version', { schema: VersionParam }) version: number,
    @Body({ schema: PromoteVersion }) request: PromoteVersion,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(Promotion, await this.promotions.promote({ model, version, request, actor }));
  }

  @Post('rollback')
  @HttpCode(200)
  async rollback(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Body({ schema: RollbackModel }) request: RollbackModel,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(Promotion, await this.promotions.rollback({ model, request, actor }));
  }
}
