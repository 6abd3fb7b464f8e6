import { Module } from '@nestjs/common';
import { WebhookEventsModule } from '../webhooks/webhook-events.module.js';
import { AliasController } from './alias.controller.js';
import { AliasService } from './alias.service.js';
import { AliasMoves } from './alias-moves.js';

@Module({
  imports: [WebhookEventsModule],
  controllers: [AliasController],
  providers: [AliasService, AliasMoves],
  exports: [AliasService, AliasMoves],
})
export class AliasModule {}
