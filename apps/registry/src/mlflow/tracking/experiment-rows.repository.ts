import type { Lifecycle } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { EXPERIMENT_COLUMNS, type ExperimentRow } from './experiment-json.js';

const FIND = {
  name: 'experiment-find',
  text: `SELECT ${EXPERIMENT_COLUMNS} FROM experiments e WHERE e.number = $1::int8`,
};
const FIND_BY_NAME = {
  name: 'experiment-find-by-name',
  text: `SELECT ${EXPERIMENT_COLUMNS} FROM experiments e WHERE e.name = $1`,
};

const PAGE = {
  name: 'experiment-page',
  text: `SELECT ${EXPERIMENT_COLUMNS} FROM unnest($1::int8[]) WITH ORDINALITY page(number, place)
    JOIN experiments e ON e.number = page.number ORDER BY page.place`,
};

const CREATE = {
  name: 'experiment-create',
  text: `INSERT INTO experiments (name, artifact_location, tags, created_by) VALUES ($1, $2, $3::jsonb, $4)
    ON CONFLICT (name) DO NOTHING RETURNING number`,
};

const RENAME = {
  name: 'experiment-rename',
  text: `WITH e AS (SELECT id, lifecycle, EXISTS (SELECT 1 FROM experiments o WHERE o.name = $2 AND o.number <> $1::int8) AS taken
    FROM experiments WHERE number = $1::int8),
  renamed AS (UPDATE experiments x SET name = $2, updated_at = now() FROM e WHERE x.id = e.id AND e.lifecycle = 'active' AND NOT e.taken)
  SELECT lifecycle, taken FROM e`,
};

/** Its runs go with it, and come back with it. */
const SET_LIFECYCLE = {
  name: 'experiment-set-lifecycle',
  text: `WITH e AS (UPDATE experiments SET lifecycle = $3::lifecycle, updated_at = now()
    WHERE number = $1::int8 AND lifecycle = $2::lifecycle RETURNING id),
  moved AS (UPDATE runs SET lifecycle = $3::lifecycle, updated_at = now() FROM e
    WHERE experiment_id = e.id AND runs.lifecycle <> $3::lifecycle)
  SELECT id FROM e`,
};

const SET_TAG = {
  name: 'experiment-set-tag',
  text: `WITH e AS (SELECT id, lifecycle FROM experiments WHERE number = $1::int8),
  tagged AS (UPDATE experiments x SET tags = tags || jsonb_build_object($2::text, $3::text), updated_at = now()
    FROM e WHERE x.id = e.id AND e.lifecycle = 'active')
  SELECT lifecycle FROM e`,
};

const DELETE_TAG = {
  name: 'experiment-delete-tag',
  text: `WITH e AS (SELECT id, lifecycle, tags ? $2 AS had FROM experiments WHERE number = $1::int8),
  untagged AS (UPDATE experiments x SET tags = x.tags - $2, updated_at = now() FROM e WHERE x.id = e.id AND e.lifecycle = 'active' AND e.had)
  SELECT lifecycle, had FROM e`,
};

const DATASETS = {
  name: 'experiment-datasets',
  text: `SELECT DISTINCT e.number AS experiment_id, d.name, d.digest, i.tags ->> 'mlflow.data.context' AS context
    FROM used_datasets d JOIN experiments e ON e.id = d.experiment_id JOIN run_inputs i ON i.dataset_id = d.id
    WHERE e.number = ANY($1::int8[]) ORDER BY 1, 2, 3, 4 LIMIT 1000`,
};

interface NewExperiment {
  readonly name: string;
  readonly artifactLocation: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdBy: string;
}

interface UsedDatasetRow {
  readonly experiment_id: string;
  readonly name: string;
  readonly digest: string;
  readonly context: string | null;
}

/** The rows of experiments, by their numbers, one statement a call. */
@Injectable()
export class ExperimentRows {
  constructor(private readonly database: Database) {}

  async find(number: string): Promise<ExperimentRow | undefined> {
    const [row] = await this.database.query<ExperimentRow>(FIND, [number]);
    return row;
  }

  /** Experiments in the order of their numbers. */
  page(numbers: readonly string[]): Promise<ExperimentRow[]> {
    return this.database.query<ExperimentRow>(PAGE, [numbers]);
  }

  async findByName(name: string): Promise<ExperimentRow | undefined> {
    const [row] = await this.database.query<ExperimentRow>(FIND_BY_NAME, [name]);
    return row;
  }

  /** @returns the new number; undefined when the name is taken, by a deleted experiment too */
  async create({ name, artifactLocation, tags, createdBy }: NewExperiment): Promise<string | undefined> {
    const values = [name, artifactLocation, JSON.stringify(tags), createdBy];
    const [row] = await this.database.query<{ number: string }>(CREATE, values);
    return row?.number;
  }

  async rename(number: string, name: string): Promise<'renamed' | 'missing' | 'deleted' | 'taken'> {
    const [row] = await this.database.query<{ lifecycle: Lifecycle; taken: boolean }>(RENAME, [number, name]);
    if (!row) return 'missing';
    if (row.lifecycle === 'deleted') return 'deleted';
    return row.taken ? 'taken' : 'renamed';
  }

  /** @returns false when there is no such experiment in state `from` */
  async setLifecycle(number: string, from: Lifecycle, to: Lifecycle): Promise<boolean> {
    const rows = await this.database.query(SET_LIFECYCLE, [number, from, to]);
    return rows.length > 0;
  }

  /** Writes nothing to a deleted experiment. @returns undefined when there is no such experiment */
  async setTag(number: string, key: string, value: string): Promise<{ lifecycle: Lifecycle } | undefined> {
    const [row] = await this.database.query<{ lifecycle: Lifecycle }>(SET_TAG, [number, key, value]);
    return row;
  }

  /** As {@link setTag}. */
  async deleteTag(number: string, key: string): Promise<{ lifecycle: Lifecycle; had: boolean } | undefined> {
    const [row] = await this.database.query<{ lifecycle: Lifecycle; had: boolean }>(DELETE_TAG, [number, key]);
    return row;
  }

  /** Tables that runs of these experiments read. */
  async datasets(numbers: readonly string[]): Promise<UsedDatasetRow[]> {
    return await this.database.query<UsedDatasetRow>(DATASETS, [numbers]);
  }
}
