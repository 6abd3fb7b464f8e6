import { type HandlersFor, type JobContext, JobsModule } from '@gimbal/platform';
import type { DynamicModule } from '@nestjs/common';
import { BatchPredictionModule } from '../batch-predictions/batch-prediction.module.js';
import { BatchWorker } from '../batch-predictions/batch-worker.service.js';
import { ExecutionModule } from '../execution/execution.module.js';
import { TrainingRunRunner } from '../execution/training-run.runner.js';
import { RequestRunService } from '../runs/request-run.service.js';
import { RunModule } from '../runs/run.module.js';
import { ScheduleModule } from '../schedules/schedule.module.js';
import { ScheduleService } from '../schedules/schedule.service.js';
import { CloseSearchService } from '../search/close-search.service.js';

/** The minute that a scheduler's job stands for: its id ends in that time, whenever it is delivered. */
function turnOf({ jobId, publishedAt }: JobContext): Date {
  const [, milliseconds] = /:(\d{13})$/.exec(jobId) ?? [];
  return milliseconds === undefined ? publishedAt : new Date(Number(milliseconds));
}

function handleJobs(
  requests: RequestRunService,
  runner: TrainingRunRunner,
  schedules: ScheduleService,
  searches: CloseSearchService,
  batches: BatchWorker,
): HandlersFor<'training'> {
  return {
    'training.requested': async (payload, { signal }) => {
      await requests.ensure(payload);
      await runner.work(payload.trainingRunId, signal);
    },
    'training.due': async ({ schedule }, context) => await schedules.run(schedule, turnOf(context)),
    'training.stopped': async ({ trainingRunId }) => await searches.close(trainingRunId),
    // It does not wait for the work, which would keep trainings from their places.
    'batch-prediction.requested': async () => await batches.look(),
  };
}

/** Takes training's jobs from the queue. One place more than runs, so that a schedule's turn never waits for a training. */
export const trainingJobs = (runsMax: number): DynamicModule =>
  JobsModule.consume({
    service: 'training',
    imports: [RunModule, ExecutionModule, ScheduleModule, BatchPredictionModule],
    inject: [RequestRunService, TrainingRunRunner, ScheduleService, CloseSearchService, BatchWorker],
    handlers: handleJobs,
    concurrency: runsMax + 1,
  });
