import { Module } from '@nestjs/common';
import { PolicyService } from './policy.service.js';
import { PromotionJudge } from './promotion-judge.js';
import { PromotionPolicyController } from './promotion-policy.controller.js';
import { ReviewService } from './review.service.js';

@Module({
  controllers: [PromotionPolicyController],
  providers: [PolicyService, ReviewService, PromotionJudge],
  exports: [PromotionJudge],
})
export class PromotionPolicyModule {}
