import type { Lifecycle, RunState } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { RUN_COLUMNS, RUN_INFO_COLUMNS, type RunInfoRow, type RunRow } from './run-json.js';

/** A run that begins. */
export interface NewRun {
  readonly id: string;
  readonly name: string;
  readonly userName: string;
  readonly createdBy: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** It is noted when there is such a run. */
  readonly parentRunId: string | null;
  readonly tags: ReadonlyMap<string, string>;
}

interface RunChange {
  readonly status: string | undefined;
  readonly endedAt: number | undefined;
  readonly name: string | undefined;
}

const FIND = {
  name: 'run-find',
  text: `SELECT ${RUN_COLUMNS} FROM runs r JOIN experiments e ON e.id = r.experiment_id WHERE r.id = $1`,
};

const CREATE = {
  name: 'run-create',
  text: `WITH experiment AS (SELECT id, lifecycle, artifact_location FROM experiments WHERE number = $1::int8),
  made AS (
    INSERT INTO runs (id, experiment_id, parent_run_id, name, state, user_name, created_by, started_at, updated_at)
    SELECT $2::uuid, e.id, (SELECT id FROM runs WHERE id = $3::uuid), $4, 'running', $5, $6, to_timestamp($7::float8 / 1000), now()
    FROM experiment e WHERE e.lifecycle = 'active' RETURNING parent_run_id),
  tagged AS (
    INSERT INTO run_tags (run_id, key, value) SELECT $2::uuid, t.key, t.value
    FROM experiment e, unnest($8::text[], $9::text[]) AS t(key, value) WHERE e.lifecycle = 'active')
  SELECT lifecycle, artifact_location, (SELECT parent_run_id FROM made) AS parent_run_id FROM experiment`,
};

const UPDATE = {
  name: 'run-update',
  text: `WITH changed AS (
    UPDATE runs SET state = coalesce($2::run_state, state), ended_at = coalesce(to_timestamp($3::float8 / 1000), ended_at),
      name = coalesce($4, name), updated_at = now()
    WHERE id = $1 AND lifecycle = 'active' RETURNING *),
  r AS (SELECT * FROM changed UNION ALL SELECT * FROM runs WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM changed))
  SELECT ${RUN_INFO_COLUMNS} FROM r JOIN experiments e ON e.id = r.experiment_id`,
};

const SET_LIFECYCLE = {
  name: 'run-set-lifecycle',
  text: 'UPDATE runs SET lifecycle = $2::lifecycle, updated_at = now() WHERE id = $1 RETURNING id',
};

/** The rows of runs, one statement a call. */
@Injectable()
export class RunRows {
  constructor(private readonly database: Database) {}

  async find(id: string): Promise<RunRow | undefined> {
    const [row] = await this.database.query<RunRow>(FIND, [id]);
    return row;
  }

  /** @returns undefined when there is no such experiment; a run of `lifecycle` deleted was not made: its experiment is deleted */
  async create(experiment: string, run: NewRun): Promise<RunRow | undefined> {
    const { id, name, userName, createdBy, startedAt, parentRunId, tags } = run;
    const [made] = await this.database.query<Pick<RunRow, 'lifecycle' | 'artifact_location' | 'parent_run_id'>>(
      CREATE,
      [experiment, id, parentRunId, name, userName, createdBy, startedAt, [...tags.keys()], [...tags.values()]],
    );
    if (!made) return undefined;
    const state: RunState = 'running';
    return {
      ...made,
      id,
      name,
      experiment,
      user_name: userName,
      state,
      started: startedAt,
      ended: null,
      tags: [...tags].map(([key, value]) => ({ key, value })),
      metrics: null,
      params: null,
      datasets: null,
      model_inputs: null,
      model_outputs: null,
    };
  }

  /** A deleted run is answered as it is. @returns undefined when there is no such run */
  async update(id: string, { status, endedAt, name }: RunChange): Promise<RunInfoRow | undefined> {
    const [row] = await this.database.query<RunInfoRow>(UPDATE, [id, status ?? null, endedAt ?? null, name ?? null]);
    return row;
  }

  /** @returns false when there is no such run */
  async setLifecycle(id: string, lifecycle: Lifecycle): Promise<boolean> {
    const rows = await this.database.query(SET_LIFECYCLE, [id, lifecycle]);
    return rows.length > 0;
  }
}
