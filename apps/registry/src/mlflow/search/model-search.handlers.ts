import type { MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { findLatestVersions } from '../models/model-reads.js';
import { SHOWN_MODEL, SHOWN_VERSION, showModel, showVersion } from '../models/show-models.js';
import { searchModelVersions, searchRegisteredModels } from './search-models.js';
import { readSearch, showToken } from './search-request.js';

type Routes = 'searchRegisteredModels' | 'searchModelVersions';

/** MLflow's searches of registered models and of their versions. */
@Injectable()
export class ModelSearchHandlers {
  readonly handlers: MlflowHandlers<Routes> = {
    searchRegisteredModels: (request) => this.models(request),
    searchModelVersions: (request) => this.versions(request),
  };

  constructor(private readonly database: Database) {}

  private async models(request: MlflowRequest<'searchRegisteredModels'>): Promise<object> {
    const db = this.database.reader;
    const page = await searchRegisteredModels(this.database, readSearch(request));
    const names = [...page.ids];
    const rows = await db.model.findMany({ where: { name: { in: names } }, select: SHOWN_MODEL });
    const latest = await findLatestVersions(db, names);
    const shown = inOrder(names, rows, ({ name }) => name).map((row) => showModel(row, latest.get(row.name) ?? []));
    return { registered_models: shown, ...showToken(page) };
  }

  private async versions(request: MlflowRequest<'searchModelVersions'>): Promise<object> {
    const page = await searchModelVersions(this.database, readSearch(request));
    const ids = [...page.ids];
    const rows = await this.database.reader.modelVersion.findMany({
      where: { id: { in: ids } },
      select: SHOWN_VERSION,
    });
    return { model_versions: inOrder(ids, rows, ({ id }) => id).map(showVersion), ...showToken(page) };
  }
}

/** Rows in the order of their ids; one that was deleted meanwhile is passed over. */
function inOrder<Row>(ids: readonly string[], rows: readonly Row[], idOf: (row: Row) => string): Row[] {
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
