import { Module } from '@nestjs/common';
import { TrafficModule } from '../traffic/traffic.module.js';
import { DecisionJournal } from './decision-journal.js';
import { LiveMover } from './live-mover.js';
import { PromotionController } from './promotion.controller.js';
import { PromotionService } from './promotion.service.js';

@Module({
  imports: [TrafficModule],
  controllers: [PromotionController],
  providers: [PromotionService, DecisionJournal, LiveMover],
})
export class PromotionModule {}
