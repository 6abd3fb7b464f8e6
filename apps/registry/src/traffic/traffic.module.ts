import { Module } from '@nestjs/common';
import { TrafficController } from './traffic.controller.js';
import { TrafficService } from './traffic.service.js';
import { TrafficDocumentController } from './traffic-document.controller.js';
import { TrafficWatch } from './traffic-watch.js';

@Module({
  controllers: [TrafficController, TrafficDocumentController],
  providers: [TrafficService, TrafficWatch],
  exports: [TrafficWatch],
})
export class TrafficModule {}
