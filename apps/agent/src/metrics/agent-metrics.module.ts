import { Module } from '@nestjs/common';
import { AgentMetrics } from './agent-metrics.js';

@Module({ providers: [AgentMetrics] })
export class AgentMetricsModule {}
