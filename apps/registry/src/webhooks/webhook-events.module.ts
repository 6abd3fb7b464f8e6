import { Module } from '@nestjs/common';
import { WebhookEvents } from './webhook-events.js';

/** For every feature that changes models, versions, tags or aliases. */
@Module({ providers: [WebhookEvents], exports: [WebhookEvents] })
export class WebhookEventsModule {}
