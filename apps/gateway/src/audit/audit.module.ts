import { Module } from '@nestjs/common';
import { AuditConsumer } from './audit.consumer.js';
import { AuditController } from './audit.controller.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';

@Module({
  providers: [AuditRepository, AuditService, AuditConsumer, AuditController],
  exports: [AuditRepository, AuditConsumer, AuditController],
})
export class AuditModule {}
