import { ArtifactsModule, DatabaseModule, JobsModule, OutboxModule } from '@gimbal/platform';
import { type DynamicModule, Module } from '@nestjs/common';
import { AlertModule } from './alerts/alert.module.js';
import { MirrorTroubleConsumer } from './alerts/mirror-trouble.consumer.js';
import { AssessmentModule } from './assessments/assessment.module.js';
import { AssessmentRequestedConsumer } from './assessments/assessment-requested.consumer.js';
import { ClientsModule } from './clients/clients.module.js';
import type { MonitoringConfig } from './config.js';
import { Database } from './database/database.js';
import { LabelModule } from './labels/label.module.js';
import { MonitoringMetricsModule } from './metrics/metrics.module.js';
import { PredictionLogModule } from './prediction-log/prediction-log.module.js';
import { PredictionLoggedConsumer } from './prediction-log/prediction-logged.consumer.js';
import { ReplayModule } from './replay/replay.module.js';
import { ReportModule } from './reports/report.module.js';
import { AssessmentDueConsumer } from './schedule/assessment-due.consumer.js';
import { ScheduleModule } from './schedule/schedule.module.js';
import { DataValidationModule } from './validation/data-validation.module.js';

/** Of the log's writers one computes while another waits for PostgreSQL; an assessment does not stop the log. */
const JOBS_AT_ONCE = 3;

/** The prediction log, labels, assessments with their reports, and alerts. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the shape of a Nest dynamic module
export class MonitoringModule {
  static of({ artifacts, database, queue }: MonitoringConfig): DynamicModule {
    return {
      module: MonitoringModule,
      imports: [
        ArtifactsModule.forRoot(artifacts),
        JobsModule.forRoot(queue),
        OutboxModule.forRoot(database.url),
        DatabaseModule.forRoot(Database, 'unready'),
        ClientsModule,
        MonitoringMetricsModule,
        PredictionLogModule,
        LabelModule,
        AssessmentModule,
        ScheduleModule,
        ReplayModule,
        ReportModule,
        DataValidationModule,
        AlertModule,
        JobsModule.consume({
          service: 'monitoring',
          imports: [PredictionLogModule, AssessmentModule, ScheduleModule, AlertModule],
          inject: [PredictionLoggedConsumer, AssessmentRequestedConsumer, AssessmentDueConsumer, MirrorTroubleConsumer],
          handlers: (
            predictionLogged: PredictionLoggedConsumer,
            assessmentRequested: AssessmentRequestedConsumer,
            assessmentDue: AssessmentDueConsumer,
            mirrorTrouble: MirrorTroubleConsumer,
          ) => ({
            'predictions.spooled': (payload) => predictionLogged.handleSpooled(payload),
            'prediction.logged': (payload) => predictionLogged.handle(payload),
            'assessment.requested': (payload, context) => assessmentRequested.handle(payload, context),
            'assessment.due': (payload, context) => assessmentDue.handle(payload, context),
            'mirror.troubled': (payload) => mirrorTrouble.handleTroubled(payload),
            'mirror.recovered': (payload) => mirrorTrouble.handleRecovered(payload),
          }),
          concurrency: JOBS_AT_ONCE,
        }),
      ],
    };
  }
}
