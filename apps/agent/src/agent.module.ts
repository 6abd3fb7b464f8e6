import { DatabaseModule, JobsModule, OutboxModule } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { ApprovalModule } from './approval/approval.module.js';
import { ClientsModule } from './clients/clients.module.js';
import type { AgentConfig } from './config.js';
import { Database } from './database/database.js';
import { IncidentModule } from './incidents/incident.module.js';
import { AgentJobsModule } from './jobs/agent-jobs.module.js';
import { AgentMetricsModule } from './metrics/agent-metrics.module.js';
import { PauseModule } from './pause/pause.module.js';
import { PolicyModule } from './policy/policy.module.js';

/** The careful agent: diagnose, decide, let a person approve, execute, verify. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class AgentModule {
  static of(config: AgentConfig): DynamicModule {
    return {
      module: AgentModule,
      imports: [
        DatabaseModule.forRoot(Database, 'unready'),
        JobsModule.forRoot(config.queue),
        OutboxModule.forRoot(config.database.url),
        ClientsModule,
        IncidentModule,
        ApprovalModule,
        PauseModule,
        PolicyModule,
        AgentJobsModule,
        AgentMetricsModule,
      ],
    };
  }
}
