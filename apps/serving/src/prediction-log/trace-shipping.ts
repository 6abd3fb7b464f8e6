import { currentTracing, type Tracing } from '@gimbal/platform';
import type { SpoolShipperOptions } from './spool-shipper.js';

/** More requests are not named by one job's span. */
const LINKS_MAX = 128;

/** Requests whose rows are in the log and whose trace is kept, until a job takes rows to the queue. */
export class LoggedTraces {
  private traceparents: string[] = [];

  /** Puts a span around `append`. */
  async trace(tracing: Tracing, append: () => Promise<void>): Promise<void> {
    const span = tracing.begin({ name: 'prediction log append', kind: 'internal' });
    const { isKept } = span; // nothing is, once it has ended
    try {
      await append();
      span.end();
      if (isKept && this.traceparents.length < LINKS_MAX) this.traceparents.push(span.traceparent);
    } catch (error) {
      span.end('not logged');
      throw error;
    }
  }

  take(): readonly string[] {
    const taken = this.traceparents;
    this.traceparents = [];
    return taken;
  }
}

/** The same with a span around each job, that links to the requests that were logged since the job before. */
export function traceShipping(
  publish: SpoolShipperOptions['publish'],
  traces: LoggedTraces,
): SpoolShipperOptions['publish'] {
  const tracing = currentTracing();
  if (!tracing) return publish;
  return async (jobId, batch) => {
    const links = traces.take();
    // The timer that ships was set in the course of some request, which this job may have nothing to do with.
    if (links.length === 0) return tracing.outside(() => publish(jobId, batch));
    const attributes = { 'gimbal.rows': batch.rows, 'gimbal.job_id': jobId };
    const span = tracing.begin({ name: 'prediction log ship', kind: 'producer', parent: links[0], links, attributes });
    try {
      await span.within(() => publish(jobId, batch));
      span.end();
    } catch (error) {
      span.end('not taken by the queue');
      throw error;
    }
  };
}
