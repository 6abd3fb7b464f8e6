import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { readClaimedRun } from '../execution/claimed-run.js';
import { ExperimentWriter } from '../experiments/experiment-writer.service.js';
import { listTrials } from './list-trials.js';

/** Ends what the search of a training has begun in the registry, when the training came to no model. */
@Injectable()
export class CloseSearchService {
  constructor(
    private readonly database: Database,
    private readonly writer: ExperimentWriter,
  ) {}

  /** May be repeated. @throws DomainError when the registry is away */
  async close(id: string): Promise<void> {
    const row = await this.database.reader.trainingRun.findUnique({ where: { id } });
    if (!row || (row.state !== 'failed' && row.state !== 'cancelled')) return;
    const run = readClaimedRun(row);
    if (!run.search) return;
    const entry = { run, ...run.search.record };
    await this.writer.writeChildren(entry, listTrials(run.search, 'is-over'));
    await this.writer.end(entry, row.state === 'cancelled' ? 'killed' : 'failed');
  }
}
