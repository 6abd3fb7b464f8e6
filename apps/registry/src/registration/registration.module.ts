import { Module } from '@nestjs/common';
import { ManifestModule } from '../manifests/manifest.module.js';
import { ModelFilesModule } from '../model-files/model-files.module.js';
import { PromotionPolicyModule } from '../promotion-policy/promotion-policy.module.js';
import { WebhookEventsModule } from '../webhooks/webhook-events.module.js';
import { LoggedModelFiles } from './logged-model-files.js';
import { RegistrationController } from './registration.controller.js';
import { RegistrationService } from './registration.service.js';
import { RegistrationMetrics } from './registration-metrics.js';
import { RegistrationNews } from './registration-news.js';
import { UploadController } from './upload.controller.js';
import { UploadService } from './upload.service.js';

@Module({
  imports: [ManifestModule, ModelFilesModule, WebhookEventsModule, PromotionPolicyModule],
  controllers: [RegistrationController, UploadController],
  providers: [RegistrationService, LoggedModelFiles, RegistrationMetrics, RegistrationNews, UploadService],
  exports: [RegistrationNews],
})
export class RegistrationModule {}
