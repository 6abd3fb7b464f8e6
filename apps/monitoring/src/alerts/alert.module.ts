import { Module } from '@nestjs/common';
import { AlertController } from './alert.controller.js';
import { AlertRepository } from './alert.repository.js';
import { AlertService } from './alert.service.js';
import { AlertGauge } from './alert-gauge.js';
import { DeadLetterWatch } from './dead-letter-watch.js';
import { MirrorTroubledConsumer } from './mirror-troubled.consumer.js';

@Module({
  controllers: [AlertController],
  providers: [AlertService, AlertRepository, AlertGauge, DeadLetterWatch, MirrorTroubledConsumer],
  exports: [AlertService, DeadLetterWatch, MirrorTroubledConsumer],
})
export class AlertModule {}
