/** Latency of one prediction, in seconds: from half a millisecond to ten seconds. */
const LATENCY_BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** One request to another server, in seconds: from a millisecond to a minute. */
const REQUEST_BUCKETS_S = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const SHARE_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
}

/** Every metric that the services publish, by the name that dashboards and alerts use. Units are in the names. */
export const METRICS = {
  ml_requests_total: { kind: 'counter', help: 'Requests by action and outcome.', labels: ['action', 'status'] },
  ml_prediction_total: { kind: 'counter', help: 'Predictions by model and outcome.', labels: ['model', 'status'] },
  ml_prediction_latency_seconds: {
    kind: 'histogram',
    help: 'Time to answer one prediction, in seconds.',
    labels: ['model'],
    buckets: LATENCY_BUCKETS_S,
  },
  ml_prediction_confidence: {
    kind: 'histogram',
    help: 'Probability of the predicted class.',
    labels: ['model'],
    buckets: SHARE_BUCKETS,
  },
  ml_model_cache_hits_total: {
    kind: 'counter',
    help: 'Cache hits by kind of cache: prediction, and in-flight for what was being computed just then.',
    labels: ['type'],
  },
  ml_model_cache_misses_total: { kind: 'counter', help: 'Cache misses by kind of cache.', labels: ['type'] },
  ml_circuit_breaker_state: {
    kind: 'gauge',
    help: 'State of a circuit breaker: 0 closed, 1 half open, 2 open.',
    labels: ['name'],
  },
  ml_invalid_input_total: {
    kind: 'counter',
    help: 'Refused inputs by model and kind of error.',
    labels: ['model', 'error'],
  },
  gimbal_shadow_predictions_total: {
    kind: 'counter',
    help: 'Rows tried on a shadow version: agrees, differs (another label than the answer), failed, or dropped to hold up nobody.',
    labels: ['model', 'version', 'outcome'],
  },
  gimbal_serving_replicas: {
    kind: 'gauge',
    help: 'Serving processes that a gateway knows: connected, or away.',
    labels: ['state'],
  },
  gimbal_failover_predictions_total: {
    kind: 'counter',
    help: 'Rows that another version answered, because the breaker of this one was open.',
    labels: ['model', 'version'],
  },
  gimbal_explanations_total: {
    kind: 'counter',
    help: 'Rows asked to be explained, by model and outcome: explained, refused (the request or the model) or failed.',
    labels: ['model', 'outcome'],
  },
  gimbal_prediction_log_rows: {
    kind: 'gauge',
    help: 'Rows of the prediction log: waiting for the queue, and shipped since the start.',
    labels: ['state'],
  },
  gimbal_prediction_log_bytes: {
    kind: 'gauge',
    help: 'Bytes of the prediction log that wait for the queue.',
    labels: [],
  },
  ml_predictions_logged_total: { kind: 'counter', help: 'Predictions that reached the log.', labels: ['model'] },
  gimbal_payload_log_events_total: {
    kind: 'counter',
    help: 'Events of the payload log: sent; refused by the sink for good; dropped because there was no room or the service ended.',
    labels: ['outcome'],
  },
  gimbal_payload_log_failures_total: {
    kind: 'counter',
    help: 'Tries that the sink of the payload log did not take, by HTTP status or "unreachable".',
    labels: ['reason'],
  },
  ml_labels_total: {
    kind: 'counter',
    help: 'Reported labels: accepted, unknown, duplicate or conflict.',
    labels: ['outcome'],
  },
  ml_assessments_total: {
    kind: 'counter',
    help: 'Assessments by verdict, "failed" among them.',
    labels: ['model', 'verdict'],
  },
  ml_model_health: { kind: 'gauge', help: '1 for the verdict of the latest assessment.', labels: ['model', 'verdict'] },
  ml_assessed_timestamp_seconds: { kind: 'gauge', help: 'When the latest assessment ended.', labels: ['model'] },
  ml_drift_score: {
    kind: 'gauge',
    help: 'Share of drifted features in the latest assessment, 0 to 1.',
    labels: ['model'],
  },
  ml_drifted_features: { kind: 'gauge', help: 'Drifted features in the latest assessment.', labels: ['model'] },
  ml_feature_drift: {
    kind: 'gauge',
    help: 'Effect size of a feature in the latest assessment: Kolmogorov-Smirnov or total variation distance, 0 to 1.',
    labels: ['model', 'feature'],
  },
  ml_model_performance: {
    kind: 'gauge',
    help: 'Metrics of the latest assessment, by their names in /api/v1/performance.',
    labels: ['model', 'metric'],
  },
  ml_alerts_open: { kind: 'gauge', help: 'Alerts that are not resolved.', labels: ['severity'] },
  ml_registrations_total: {
    kind: 'counter',
    help: 'Requests to register a version: registered, refused (the request) or failed; by door: api, training or mlflow.',
    labels: ['door', 'outcome'],
  },
  ml_registration_duration_seconds: {
    kind: 'histogram',
    help: 'Time to answer a request to register a version, in seconds.',
    labels: ['door'],
    buckets: REQUEST_BUCKETS_S,
  },
  mlflow_up: {
    kind: 'gauge',
    help: '1 while the MLflow server that is told what is written here answers.',
    labels: [],
  },
  mlflow_requests_total: {
    kind: 'counter',
    help: 'Requests to that server by operation and outcome: the HTTP status, or why there was none.',
    labels: ['operation', 'outcome'],
  },
  mlflow_request_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one request to that server, in seconds.',
    labels: ['operation'],
    buckets: REQUEST_BUCKETS_S,
  },
  mlflow_sync_backlog: {
    kind: 'gauge',
    help: 'Entities whose last change that server is not told of, by state: pending, waiting (for another one), failed, conflict.',
    labels: ['state'],
  },
  mlflow_sync_backlog_age_seconds: { kind: 'gauge', help: 'Age of the oldest change that is pending.', labels: [] },
  mlflow_sync_failures_total: {
    kind: 'counter',
    help: 'What was not told: refused by that server (failed), or owned or changed there by somebody else (conflict).',
    labels: ['kind', 'state'],
  },
  gimbal_jobs: {
    kind: 'gauge',
    help: 'Jobs by queue and state; state "dead" counts the dead letters.',
    labels: ['queue', 'state'],
  },
  gimbal_webhook_tries_total: {
    kind: 'counter',
    help: 'Tries of webhook deliveries: delivered, pending (tried again), refused or expired.',
    labels: ['state'],
  },
  gimbal_retention_failures_total: {
    kind: 'counter',
    help: 'Models whose old versions a run of the retention could not judge or remove.',
    labels: [],
  },
  gimbal_outbox_published_total: { kind: 'counter', help: 'Outbox rows handed to the queue.', labels: ['owner'] },
  gimbal_outbox_failures_total: { kind: 'counter', help: 'Relay rounds that failed.', labels: ['owner'] },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;
