import { Global, Module } from '@nestjs/common';
import { DriftGauges } from './drift-gauges.js';
import { HealthGauges } from './health-gauges.js';
import { MonitoringMetrics } from './monitoring-metrics.js';

@Global()
@Module({ providers: [MonitoringMetrics, HealthGauges, DriftGauges], exports: [MonitoringMetrics] })
export class MonitoringMetricsModule {}
