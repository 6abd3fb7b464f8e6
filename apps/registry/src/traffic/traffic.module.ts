import { Module } from '@nestjs/common';
import { ManifestModule } from '../manifests/manifest.module.js';
import { PromotionPolicyModule } from '../promotion-policy/promotion-policy.module.js';
import { TrafficController } from './traffic.controller.js';
import { TrafficService } from './traffic.service.js';
import { TrafficDocumentController } from './traffic-document.controller.js';
import { TrafficWatch } from './traffic-watch.js';

@Module({
  imports: [ManifestModule, PromotionPolicyModule],
  controllers: [TrafficController, TrafficDocumentController],
  providers: [TrafficService, TrafficWatch],
  exports: [TrafficWatch],
})
export class TrafficModule {}
