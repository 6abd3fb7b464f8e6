import type { Telemetry } from 'bullmq';
import { currentTracing } from '../tracing/tracing.js';

/** The option of queues and workers by which a trace goes on from whoever adds a job to whoever takes it. */
export function traceJobs(): { readonly telemetry?: Telemetry } {
  const tracing = currentTracing();
  return tracing ? { telemetry: tracing.jobs } : {};
}
