/** The services that write tables. Serving is not among them: prediction does not depend on the database. */
export const OWNERS = ['registry', 'training', 'monitoring', 'agent', 'gateway'] as const;
export type Owner = (typeof OWNERS)[number];

/** What an owner may do to a table of its own, besides reading it. */
export type Writing =
  /** Insert, update and delete. */
  | 'free'
  /** Insert only: the rows are history. */
  | 'append'
  /** Insert, delete, and update of these columns only: the rest of a row never changes. */
  | { readonly update: readonly string[] };

/** Who writes which table. Every table of the schema stands here exactly once, or among {@link TABLES_OF_ALL}. */
export const OWNERSHIP: Readonly<Record<Owner, Readonly<Record<string, Writing>>>> = {
  registry: {
    experiments: 'free',
    runs: 'free',
    run_params: 'free',
    run_metrics: 'free',
    run_latest_metrics: 'free',
    run_tags: 'free',
    used_datasets: 'free',
    run_inputs: 'free',
    logged_models: 'free',
    logged_model_metrics: 'free',
    logged_model_artifacts: 'free',
    run_models: 'free',
    multipart_uploads: 'free',
    uploaded_parts: 'free',
    datasets: 'free',
    dataset_versions: 'append',
    dataset_definitions: 'append',
    dataset_expectations: 'append',
    artifacts: 'free',
    models: 'free',
    model_versions: {
      update: ['status', 'is_active', 'gate_verdict', 'description', 'tags', 'promoted_at', 'updated_at'],
    },
    unanswered_registrations: 'free',
    model_aliases: 'free',
    alias_history: 'append',
    promotions: 'append',
    stage_history: 'append',
    promotion_policies: 'append',
    version_reviews: 'append',
    deployment_announcements: 'free',
    webhooks: 'free',
    webhook_deliveries: 'free',
    threshold_adjustments: 'append',
    traffic_plans: 'append',
    version_manifests: 'append',
    retention_policies: 'free',
    mlflow_sync: 'free',
    mlflow_marks: 'free',
    mlflow_mirror: 'free',
  },
  training: { training_runs: 'free', training_schedules: 'free', batch_predictions: 'free' },
  monitoring: {
    predictions: 'free',
    prediction_labels: 'free',
    reference_profiles: 'free',
    health_assessments: 'free',
    drift_reports: 'free',
    performance_metrics: 'free',
    data_quality_reports: 'free',
    alerts: 'free',
  },
  agent: {
    incidents: 'free',
    agent_actions: 'free',
    approvals: 'free',
    agent_policies: 'free',
    agent_controls: 'free',
  },
  gateway: { users: 'free', api_keys: 'free', idempotency_keys: 'free', audit_log: 'append' },
};

/** Tables where each owner writes its own rows; a row level security policy keeps them apart by the column `owner`. */
export const TABLES_OF_ALL = ['outbox', 'consumed_jobs'] as const;

/** Whoever logs in to the database. Serving only reaches the job queue, to ship what it logged. */
export const DATABASE_USERS = [...OWNERS, 'serving'] as const;
export type DatabaseUser = (typeof DATABASE_USERS)[number];

/** The login role of a service. */
export function roleOf(user: DatabaseUser): string {
  return `gimbal_${user}`;
}

/** Owns the schema of BullMQ's PostgreSQL backend; nobody logs in as it, every service is a member. */
export const QUEUE_ROLE = 'gimbal_queue';
/** The schema of BullMQ's PostgreSQL backend (its default). */
export const QUEUE_SCHEMA = 'bullmq';
