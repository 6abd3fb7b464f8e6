import { randomUUID } from 'node:crypto';
import type { Lifecycle, LoggedModelState } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { LOGGED_MODEL_COLUMNS, type LoggedModelRow } from './logged-model-json.js';

type Members = Readonly<Record<string, string>>;

interface NewLoggedModel {
  readonly name: string;
  readonly modelType: string;
  readonly sourceRunId: string | null;
  readonly params: Members;
  readonly tags: Members;
  readonly createdBy: string;
}

const FIND = {
  name: 'logged-model-find',
  text: `SELECT ${LOGGED_MODEL_COLUMNS} FROM logged_models l JOIN experiments e ON e.id = l.experiment_id WHERE l.id = $1 AND l.lifecycle = 'active'`,
};

const PAGE = {
  name: 'logged-model-page',
  text: `SELECT ${LOGGED_MODEL_COLUMNS} FROM unnest($1::text[]) WITH ORDINALITY page(id, place)
    JOIN logged_models l ON l.id = page.id JOIN experiments e ON e.id = l.experiment_id ORDER BY page.place`,
};

const CREATE = {
  name: 'logged-model-create',
  text: `WITH e AS (SELECT id, lifecycle, artifact_location FROM experiments WHERE number = $1::int8),
  made AS (
    INSERT INTO logged_models (id, experiment_id, name, model_type, source_run_id, params, tags, created_by)
    SELECT $2, e.id, $3, $4, $5::uuid, $6::jsonb, $7::jsonb, $8 FROM e
    WHERE e.lifecycle = 'active' AND ($5::uuid IS NULL OR EXISTS (SELECT 1 FROM runs WHERE id = $5::uuid))
    RETURNING extract(epoch FROM created_at)::float8 * 1000 AS created)
  SELECT e.lifecycle, e.artifact_location, (SELECT created FROM made) AS created FROM e`,
};

const FINISH = {
  name: 'logged-model-finish',
  text: `WITH l AS (UPDATE logged_models SET state = $2::logged_model_state, updated_at = now() WHERE id = $1 AND lifecycle = 'active' RETURNING *)
  SELECT ${LOGGED_MODEL_COLUMNS} FROM l JOIN experiments e ON e.id = l.experiment_id`,
};

const DELETE = {
  name: 'logged-model-delete',
  text: "UPDATE logged_models SET lifecycle = 'deleted', updated_at = now() WHERE id = $1 RETURNING id",
};

const MERGE = {
  name: 'logged-model-merge',
  text: `UPDATE logged_models SET params = params || $2::jsonb, tags = tags || $3::jsonb, updated_at = now()
    WHERE id = $1 AND lifecycle = 'active' RETURNING id`,
};

const DELETE_TAG = {
  name: 'logged-model-delete-tag',
  text: `WITH l AS (SELECT id, tags ? $2 AS had FROM logged_models WHERE id = $1 AND lifecycle = 'active'),
  untagged AS (UPDATE logged_models m SET tags = m.tags - $2, updated_at = now() FROM l WHERE m.id = l.id AND l.had)
  SELECT had FROM l`,
};

/** The rows of logged models, one statement a call. A deleted one is not found. */
@Injectable()
export class LoggedModelRows {
  constructor(private readonly database: Database) {}

  /** Logged models in the order of their ids. */
  page(ids: readonly string[]): Promise<LoggedModelRow[]> {
    return this.database.query<LoggedModelRow>(PAGE, [ids]);
  }

  async find(id: string): Promise<LoggedModelRow | undefined> {
    const [row] = await this.database.query<LoggedModelRow>(FIND, [id]);
    return row;
  }

  /** `row` is null when the experiment is deleted or the run is not there. @returns undefined when there is no such experiment */
  async create(
    experiment: string,
    { name, modelType, sourceRunId, params, tags, createdBy }: NewLoggedModel,
  ): Promise<{ readonly lifecycle: Lifecycle; readonly row: LoggedModelRow | null } | undefined> {
    const id = `m-${randomUUID().replaceAll('-', '')}`;
    const [made] = await this.database.query<{
      lifecycle: Lifecycle;
      artifact_location: string | null;
      created: number | null;
    }>(CREATE, [experiment, id, name, modelType, sourceRunId, JSON.stringify(params), JSON.stringify(tags), createdBy]);
    if (!made) return undefined;
    const { lifecycle, artifact_location, created } = made;
    if (created === null) return { lifecycle, row: null };
    const given = { id, name, experiment, artifact_location, params, tags, metrics: null };
    const own = { model_type: modelType, source_run_id: sourceRunId, state: 'pending', state_message: '' } as const;
    return { lifecycle, row: { ...given, ...own, created, updated: created } };
  }

  async finish(id: string, state: LoggedModelState): Promise<LoggedModelRow | undefined> {
    const [row] = await this.database.query<LoggedModelRow>(FINISH, [id, state]);
    return row;
  }

  /** Deleting twice is the same. @returns false when there is none */
  async delete(id: string): Promise<boolean> {
    const rows = await this.database.query(DELETE, [id]);
    return rows.length > 0;
  }

  /** Adds params and tags; those that are there get the new value. @returns false when there is none */
  async merge(id: string, { params, tags }: { readonly params: Members; readonly tags: Members }): Promise<boolean> {
    const rows = await this.database.query(MERGE, [id, JSON.stringify(params), JSON.stringify(tags)]);
    return rows.length > 0;
  }

  async deleteTag(id: string, key: string): Promise<'deleted' | 'no-model' | 'no-tag'> {
    const [row] = await this.database.query<{ had: boolean }>(DELETE_TAG, [id, key]);
    if (!row) return 'no-model';
    return row.had ? 'deleted' : 'no-tag';
  }
}
