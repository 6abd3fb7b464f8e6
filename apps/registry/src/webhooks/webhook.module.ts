import { Module } from '@nestjs/common';
import { LostDeliveries } from './lost-deliveries.js';
import { WebhookService } from './webhook.service.js';
import { WebhookDeliveryController } from './webhook-delivery.controller.js';
import { WebhookDeliveryService } from './webhook-delivery.service.js';
import { WebhookPoster } from './webhook-poster.js';
import { WebhookSecrets } from './webhook-secrets.js';

@Module({
  controllers: [WebhookDeliveryController],
  providers: [WebhookService, WebhookDeliveryService, WebhookPoster, WebhookSecrets, LostDeliveries],
  exports: [WebhookService, WebhookDeliveryService],
})
export class WebhookModule {}
