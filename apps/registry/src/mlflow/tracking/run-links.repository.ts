import type { Lifecycle } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';

/** A table that a run read. */
export interface LoggedInput {
  readonly name: string;
  readonly digest: string;
  readonly source_type: string;
  readonly source: string;
  readonly schema: string;
  readonly profile: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Nothing was written when the run is deleted, or when a model is not there: then `missing` names one. */
export interface LinkOutcome {
  readonly lifecycle: Lifecycle;
  readonly missing: string | null;
}

const RUN_AND_MODELS = (models: string): string => `
  missing AS (SELECT m.id FROM unnest(${models}) AS m(id) WHERE NOT EXISTS (SELECT 1 FROM logged_models l WHERE l.id = m.id) LIMIT 1),
  run AS (SELECT id, experiment_id, lifecycle, lifecycle = 'active' AND NOT EXISTS (SELECT 1 FROM missing) AS open FROM runs WHERE id = $1)`;

const OUTCOME = 'SELECT run.lifecycle, (SELECT id FROM missing) AS missing FROM run';

const ADD_INPUTS = {
  name: 'run-add-inputs',
  text: `WITH ${RUN_AND_MODELS('$3::text[]')},
  input AS (SELECT * FROM jsonb_to_recordset($2::jsonb)
    AS d(name text, digest text, source_type text, source text, schema text, profile text, tags jsonb)),
  dataset AS (
    INSERT INTO used_datasets (experiment_id, name, digest, source_type, source, schema, profile)
    SELECT run.experiment_id, i.name, i.digest, i.source_type, i.source, i.schema, i.profile FROM run, input i WHERE run.open
    ORDER BY i.name, i.digest -- runs that read the same tables take turns, in one order
    ON CONFLICT (experiment_id, name, digest) DO UPDATE SET name = excluded.name RETURNING id, name, digest),
  linked AS (
    INSERT INTO run_inputs (run_id, dataset_id, tags)
    SELECT run.id, d.id, i.tags FROM run, dataset d JOIN input i ON i.name = d.name AND i.digest = d.digest
    ON CONFLICT DO NOTHING),
  models AS (
    INSERT INTO run_models (run_id, model_id, role) SELECT run.id, m.id, 'input' FROM run, unnest($3::text[]) AS m(id) WHERE run.open
    ON CONFLICT DO NOTHING)
  ${OUTCOME}`,
};

const ADD_OUTPUTS = {
  name: 'run-add-outputs',
  text: `WITH ${RUN_AND_MODELS('$2::text[]')},
  models AS (
    INSERT INTO run_models (run_id, model_id, role, step)
    SELECT run.id, m.id, 'output', m.step FROM run, unnest($2::text[], $3::int8[]) AS m(id, step) WHERE run.open
    ON CONFLICT (run_id, model_id, role) DO UPDATE SET step = excluded.step)
  ${OUTCOME}`,
};

const DELETE_TAG = {
  name: 'run-delete-tag',
  text: `WITH run AS (SELECT id, lifecycle FROM runs WHERE id = $1),
  gone AS (DELETE FROM run_tags t USING run WHERE t.run_id = run.id AND t.key = $2 AND run.lifecycle = 'active' RETURNING 1)
  SELECT lifecycle, EXISTS (SELECT 1 FROM gone) AS had FROM run`,
};

/** Appends to the JSON list in the tag; what somebody else wrote there is replaced. */
const ADD_LOGGED_MODEL = {
  name: 'run-add-logged-model',
  text: `WITH run AS (SELECT id, lifecycle FROM runs WHERE id = $1),
  tagged AS (
    INSERT INTO run_tags AS t (run_id, key, value) SELECT run.id, 'mlflow.log-model.history', $2 FROM run WHERE run.lifecycle = 'active'
    ON CONFLICT (run_id, key) DO UPDATE
    SET value = CASE WHEN t.value LIKE '[{%}]' THEN left(t.value, -1) || ', ' || substr(excluded.value, 2) ELSE excluded.value END)
  SELECT lifecycle FROM run`,
};

/** What hangs on runs beside what they log: tables they read, models they read and made. One statement a call. */
@Injectable()
export class RunLinkRows {
  constructor(private readonly database: Database) {}

  /** @param inputs none twice, by name and digest. @param models ids, none twice. @returns undefined when there is no such run */
  async addInputs(
    runId: string,
    inputs: readonly LoggedInput[],
    models: readonly string[],
  ): Promise<LinkOutcome | undefined> {
    const [outcome] = await this.database.query<LinkOutcome>(ADD_INPUTS, [runId, JSON.stringify(inputs), models]);
    return outcome;
  }

  /** @param models id -> step at which it was made. @returns undefined when there is no such run */
  async addOutputs(runId: string, models: ReadonlyMap<string, bigint>): Promise<LinkOutcome | undefined> {
    const [outcome] = await this.database.query<LinkOutcome>(ADD_OUTPUTS, [
      runId,
      [...models.keys()],
      [...models.values()],
    ]);
    return outcome;
  }

  /** @returns undefined when there is no such run */
  async deleteTag(runId: string, key: string): Promise<{ lifecycle: Lifecycle; had: boolean } | undefined> {
    const [outcome] = await this.database.query<{ lifecycle: Lifecycle; had: boolean }>(DELETE_TAG, [runId, key]);
    return outcome;
  }

  /** @param entry a JSON list of one model. @returns undefined when there is no such run */
  async addLoggedModel(runId: string, entry: string): Promise<{ lifecycle: Lifecycle } | undefined> {
    const [outcome] = await this.database.query<{ lifecycle: Lifecycle }>(ADD_LOGGED_MODEL, [runId, entry]);
    return outcome;
  }
}
