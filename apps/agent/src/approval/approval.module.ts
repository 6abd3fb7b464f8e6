import { Module } from '@nestjs/common';
import { ExecutionModule } from '../execution/execution.module.js';
import { ApprovalController } from './approval.controller.js';
import { ApprovalService } from './approval.service.js';

@Module({ imports: [ExecutionModule], controllers: [ApprovalController], providers: [ApprovalService] })
export class ApprovalModule {}
