import { Module } from '@nestjs/common';
import { ExperimentModule } from '../../experiments/experiment.module.js';
import { ExperimentHandlers } from './experiment.handlers.js';
import { ExperimentRows } from './experiment-rows.repository.js';
import { LoggedModelHandlers } from './logged-model.handlers.js';
import { LoggedModelRows } from './logged-model-rows.repository.js';
import { MetricHistoryHandlers } from './metric-history.handlers.js';
import { MetricHistoryRows } from './metric-history.repository.js';
import { RunHandlers } from './run.handlers.js';
import { RunLinkHandlers } from './run-links.handlers.js';
import { RunLinkRows } from './run-links.repository.js';
import { RunLogHandlers } from './run-log.handlers.js';
import { RunRows } from './run-rows.repository.js';
import { ServerHandlers } from './server.handlers.js';

/** Those who answer calls of tracking. */
export const TRACKING_HANDLERS = [
  ExperimentHandlers,
  RunHandlers,
  RunLogHandlers,
  RunLinkHandlers,
  MetricHistoryHandlers,
  LoggedModelHandlers,
  ServerHandlers,
] as const;

/** MLflow's tracking: experiments, runs, histories of metrics, logged models. */
@Module({
  imports: [ExperimentModule],
  providers: [ExperimentRows, RunRows, RunLinkRows, MetricHistoryRows, LoggedModelRows, ...TRACKING_HANDLERS],
  exports: [ExperimentRows, RunRows, LoggedModelRows, ...TRACKING_HANDLERS],
})
export class TrackingModule {}
