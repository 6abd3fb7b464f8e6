import type { Statement } from '@gimbal/db';

/** MLflow's clients give up about four minutes after their first try (7 retries, doubling from 2 s). */
const RETRIED_WITHIN = `interval '10 minutes'`;

const COLUMNS = [
  'id',
  'model_name',
  'algorithm',
  'framework',
  'accuracy',
  'f1_score',
  'precision',
  'recall',
  'roc_auc',
  'evaluation',
  'feature_names',
  'signature',
  'threshold',
  'artifact_digest',
  'artifact_bytes',
  'unserved_reason',
  'gate_verdict',
  'source',
  'source_run',
  'run_id',
  'logged_model_id',
  'run_link',
  'tags',
  'code_version',
  'description',
  'created_by',
  'created_at',
  'updated_at',
] as const;
/** A version's row but for its number, by the names of the table; JSON has them all. */
export type VersionColumns = Readonly<Record<(typeof COLUMNS)[number], unknown>>;

/** What came of it: a new number, or the version that the same request made before; neither where nothing was added. */
export interface AddedVersion {
  readonly made_before: string | null;
  readonly number: number | null;
  readonly has_model: boolean;
}

/**
 * Adds a version in one statement: its number, its row, its history, its note among the unanswered ones, its event for the audit chain. As a
 * whole it takes the model's turn for a fraction of the time that its parts would, and MLflow's clients register many at once. It does not
 * notify the outbox's relay, since transactions that do are committed one after the other: wake the relay when it is done.
 *
 * Values: name of the model; hash of the request; {@link VersionColumns} as JSON; name of who registers; the event as the outbox holds it;
 * its subject up to the number; true to add nothing when a webhook wants to be told, which takes a transaction.
 */
export const ADD_VERSION: Statement = {
  name: 'registry_add_version',
  text: `
    WITH lost AS (
      SELECT u.version_id FROM unanswered_registrations u
      WHERE u.request_hash = $2 AND u.created_at > now() - ${RETRIED_WITHIN}
        AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid::text = u.backend AND a.backend_start <= u.created_at)
      ORDER BY u.created_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ), again AS (
      UPDATE unanswered_registrations u SET backend = pg_backend_pid()::text, created_at = now()
      FROM lost WHERE u.version_id = lost.version_id RETURNING u.version_id
    ), numbered AS (
      UPDATE models SET last_version = last_version + 1, updated_at = now()
      WHERE name = $1 AND NOT EXISTS (SELECT FROM lost)
        AND NOT ($7::boolean AND EXISTS (SELECT FROM webhooks WHERE status = 'active' AND 'model_version.created' = ANY(events)))
      RETURNING last_version
    ), added AS (
      INSERT INTO model_versions (version, ${COLUMNS.join(', ')})
      SELECT numbered.last_version, ${COLUMNS.map((column) => `r.${column}`).join(', ')}
      FROM numbered, jsonb_populate_record(NULL::model_versions, $3::jsonb) r
      RETURNING id, model_name, version, status, created_at
    ), staged AS (
      INSERT INTO stage_history (model_name, version, to_stage, changed_by, reason, changed_at)
      SELECT model_name, version, status, $4, 'Registered.', created_at FROM added
    ), noted AS (
      INSERT INTO unanswered_registrations (version_id, request_hash, backend) SELECT id, $2, pg_backend_pid()::text FROM added
    ), told AS (
      INSERT INTO outbox (owner, name, payload)
      SELECT 'registry', 'audit.recorded', jsonb_set($5::jsonb, '{subject}', to_jsonb($6::text || version)) FROM added
    )
    SELECT (SELECT version_id::text FROM again) AS made_before, (SELECT version FROM added) AS number,
      EXISTS (SELECT FROM models WHERE name = $1) AS has_model`,
};
