import type { Lifecycle } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { RUN_COLUMNS, RUN_INFO_COLUMNS, type RunInfoRow, type RunRow } from './run-json.js';

interface RunChange {
  readonly status: string | undefined;
  readonly endedAt: number | undefined;
  readonly name: string | undefined;
}

const FIND = {
  name: 'run-find',
  text: `SELECT ${RUN_COLUMNS} FROM runs r JOIN experiments e ON e.id = r.experiment_id WHERE r.id = $1`,
};

const PAGE = {
  name: 'run-page',
  text: `SELECT ${RUN_COLUMNS} FROM unnest($1::uuid[]) WITH ORDINALITY page(id, place)
    JOIN runs r ON r.id = page.id JOIN experiments e ON e.id = r.experiment_id ORDER BY page.place`,
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

  /** Runs in the order of their ids, in one statement however many they are. */
  page(ids: readonly string[]): Promise<RunRow[]> {
    return this.database.query<RunRow>(PAGE, [ids]);
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
