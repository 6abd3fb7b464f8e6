import { Module } from '@nestjs/common';
import { AlertController } from './alert.controller.js';
import { AlertRepository } from './alert.repository.js';
import { AlertService } from './alert.service.js';
import { AlertGauge } from './alert-gauge.js';
import { DeadLetterController } from './dead-letter.controller.js';
import { DeadLetterWatch } from './dead-letter-watch.js';
import { MirrorTroubleConsumer } from './mirror-trouble.consumer.js';

@Module({
  controllers: [AlertController, DeadLetterController],
  providers: [AlertService, AlertRepository, AlertGauge, DeadLetterWatch, MirrorTroubleConsumer],
  exports: [AlertService, DeadLetterWatch, MirrorTroubleConsumer],
})
export class AlertModule {}
