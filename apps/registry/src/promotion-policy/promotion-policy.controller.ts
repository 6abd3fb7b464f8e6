import {
  type Actor,
  encodeWire,
  PromotionPolicyState,
  PutPromotionPolicy,
  RegisteredModelName,
  ReviewVersion,
  VersionParam,
  VersionReviews,
} from '@gimbal/contracts';
import { CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import type { z } from 'zod';
import { PolicyService } from './policy.service.js';
import { ReviewService } from './review.service.js';

@Controller('api/v1/models/:model')
export class PromotionPolicyController {
  constructor(
    private readonly policies: PolicyService,
    private readonly reviews: ReviewService,
  ) {}

  @Get('promotion-policy')
  async get(@Param('model', { schema: RegisteredModelName }) model: string) {
    return encodeWire(PromotionPolicyState, await this.policies.get(model));
  }

  @Put('promotion-policy')
  async put(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Body({ schema: PutPromotionPolicy }) request: z.output<typeof PutPromotionPolicy>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(PromotionPolicyState, await this.policies.put(model, request, actor));
  }

  @Get('versions/:version/approvals')
  async list(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('version', { schema: VersionParam }) version: number,
  ) {
    return encodeWire(VersionReviews, await this.reviews.list(model, version));
  }

  @Post('versions/:version/approvals')
  async review(
    @Param('model', { schema: RegisteredModelName }) model: string,
    @Param('version', { schema: VersionParam }) version: number,
    @Body({ schema: ReviewVersion }) review: z.output<typeof ReviewVersion>,
    @CurrentActor() reviewer: Actor,
  ) {
    return encodeWire(VersionReviews, await this.reviews.review({ model, version, review, reviewer }));
  }
}
