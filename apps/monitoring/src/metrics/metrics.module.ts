import { Global, Module } from '@nestjs/common';
import { MonitoringMetrics } from './monitoring-metrics.js';

@Global()
@Module({ providers: [MonitoringMetrics], exports: [MonitoringMetrics] })
export class MonitoringMetricsModule {}
