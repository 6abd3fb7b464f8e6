import type { MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { CONFIG, Gate } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../../config.js';
import { Database } from '../../database/database.js';
import { showExperiment } from '../tracking/experiment-json.js';
import { ExperimentRows } from '../tracking/experiment-rows.repository.js';
import { showLoggedModel } from '../tracking/logged-model-json.js';
import { LoggedModelRows } from '../tracking/logged-model-rows.repository.js';
import { showRun } from '../tracking/run-json.js';
import { RunRows } from '../tracking/run-rows.repository.js';
import { writeList, writeObject } from '../written-json.js';
import { searchExperiments } from './search-experiments.js';
import { searchLoggedModels } from './search-logged-models.js';
import { readSearch, showToken, viewOf } from './search-request.js';
import { searchRuns } from './search-runs.js';

type Routes = 'searchExperiments' | 'searchRuns' | 'searchLoggedModels';

/**
 * MLflow's searches of what tracking keeps: one statement or a few find the ids of a page, one reads its rows. Searches take turns as wholes, so
 * that none waits for a connection again and again behind those that came later, and one connection stays free for whoever does not search.
 */
@Injectable()
export class TrackingSearchHandlers {
  readonly handlers: MlflowHandlers<Routes> = {
    searchExperiments: (request) => this.turns.pass(() => this.experiments(request)),
    searchRuns: (request) => this.turns.pass(() => this.runs(request)),
    searchLoggedModels: (request) => this.turns.pass(() => this.loggedModels(request)),
  };
  private readonly turns: Gate;

  constructor(
    private readonly database: Database,
    private readonly experimentRows: ExperimentRows,
    private readonly runRows: RunRows,
    private readonly loggedModelRows: LoggedModelRows,
    @Inject(CONFIG) { database: { poolMax } }: Pick<RegistryConfig, 'database'>,
  ) {
    this.turns = new Gate(Math.max(1, poolMax - 1));
  }

  private async experiments(request: MlflowRequest<'searchExperiments'>): Promise<object> {
    const search = { ...readSearch(request), view: viewOf(request.view_type) };
    const page = await searchExperiments(this.database, search);
    const rows = await this.experimentRows.page(page.ids);
    return { experiments: rows.map(showExperiment), ...showToken(page) };
  }

  private async runs(request: MlflowRequest<'searchRuns'>): Promise<object> {
    const search = {
      ...readSearch(request),
      experimentIds: request.experiment_ids,
      view: viewOf(request.run_view_type),
    };
    const page = await searchRuns(this.database, search);
    const rows = await this.runRows.page(page.ids);
    return writeObject({ runs: writeList(rows.map(showRun)), ...showToken(page) });
  }

  private async loggedModels(request: MlflowRequest<'searchLoggedModels'>): Promise<object> {
    const page = await searchLoggedModels(this.database, {
      ...readSearch({ ...request, order_by: [] }),
      experimentIds: request.experiment_ids,
      datasets: request.datasets,
      orderBy: request.order_by,
    });
    const rows = await this.loggedModelRows.page(page.ids);
    return { models: rows.map(showLoggedModel), ...showToken(page) };
  }
}
