import { crc32 } from 'node:zlib';
import { type JobPayload, readLoggedPredictions } from '@gimbal/contracts';
import { JobRejectedError, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { MonitoringMetrics } from '../metrics/monitoring-metrics.js';
import { PayloadLogService } from '../payload-log/payload-log.module.js';
import { type LoggedRow, PredictionLogRepository } from './prediction-log.repository.js';

/** Of one statement. */
const ROWS_AT_ONCE = 1_000;

/** Takes what serving answered. Safe to deliver again: a row is stored once, by its id. */
@Injectable()
export class PredictionLoggedConsumer {
  constructor(
    private readonly log: PredictionLogRepository,
    private readonly metrics: MonitoringMetrics,
    private readonly payloads: PayloadLogService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws JobRejectedError when the records can't be read, and as {@link handle} */
  async handleSpooled(job: JobPayload<'predictions.spooled'>): Promise<void> {
    await this.handle({ rows: readRows(job) });
  }

  /** @throws JobRejectedError when rows name a version that does not exist; the others of the batch are stored by then */
  async handle({ rows }: Pick<JobPayload<'prediction.logged'>, 'rows'>): Promise<void> {
    const unknown = new Set<string>();
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      const versions = await this.append(rows.slice(from, from + ROWS_AT_ONCE));
      for (const version of versions) unknown.add(version);
    }
    if (unknown.size > 0)
      throw new JobRejectedError(`No model version has the id ${[...unknown].slice(0, 5).join(', ')}.`);
  }

  /** @returns ids of versions that do not exist: their rows are not stored */
  private async append(rows: readonly LoggedRow[]): Promise<readonly string[]> {
    const { written, unknownVersions, unfitLabels } = await this.log.append(rows);
    for (const [model, count] of written) this.metrics.countLogged(model, count);
    const unknown = new Set(unknownVersions);
    this.payloads.add(rows.filter(({ modelVersionId }) => !unknown.has(modelVersionId)));
    if (unfitLabels > 0) {
      this.metrics.countUnfitLabels(unfitLabels);
      this.logger.warn({ labels: unfitLabels }, 'labels that came before their predictions do not fit them');
    }
    return unknownVersions;
  }
}

function readRows(job: JobPayload<'predictions.spooled'>): LoggedRow[] {
  try {
    return readLoggedPredictions(job, crc32);
  } catch (error) {
    throw new JobRejectedError('The records of predictions are damaged, or of a version that is not known here.', {
      cause: error,
    });
  }
}
