import { Module } from '@nestjs/common';
import { WebhookModule } from '../../webhooks/webhook.module.js';
import { WebhookHandlers } from './webhook.handlers.js';

@Module({ imports: [WebhookModule], providers: [WebhookHandlers], exports: [WebhookHandlers] })
export class MlflowWebhookModule {}
