import { Module } from '@nestjs/common';
import { ReportStore } from './report-store.js';

@Module({ providers: [ReportStore], exports: [ReportStore] })
export class ReportStoreModule {}
