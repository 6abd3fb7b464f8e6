import { Module } from '@nestjs/common';
import { AliasModule } from '../aliases/alias.module.js';
import { AnnouncementModule } from '../announcements/announcement.module.js';
import { PromotionPolicyModule } from '../promotion-policy/promotion-policy.module.js';
import { TrafficModule } from '../traffic/traffic.module.js';
import { DecisionJournal } from './decision-journal.js';
import { LiveMover } from './live-mover.js';
import { PromotionController } from './promotion.controller.js';
import { PromotionService } from './promotion.service.js';

@Module({
  imports: [TrafficModule, AliasModule, PromotionPolicyModule, AnnouncementModule],
  controllers: [PromotionController],
  providers: [PromotionService, DecisionJournal, LiveMover],
  exports: [PromotionService],
})
export class PromotionModule {}
