-- Generated from schema/*.prisma, except for the partitioning of predictions.

-- CreateEnum
CREATE TYPE "risk_level" AS ENUM ('low', 'medium', 'high');

-- CreateEnum
CREATE TYPE "approval_decision" AS ENUM ('approve', 'reject');

-- CreateEnum
CREATE TYPE "assessment_state" AS ENUM ('pending', 'done', 'failed');

-- CreateEnum
CREATE TYPE "alert_severity" AS ENUM ('info', 'warning', 'critical');

-- CreateEnum
CREATE TYPE "alert_status" AS ENUM ('active', 'acknowledged', 'resolved');

-- CreateEnum
CREATE TYPE "run_state" AS ENUM ('running', 'finished', 'failed', 'killed');

-- CreateEnum
CREATE TYPE "lifecycle" AS ENUM ('active', 'deleted');

-- CreateEnum
CREATE TYPE "model_stage" AS ENUM ('training', 'staging', 'production', 'archived');

-- CreateEnum
CREATE TYPE "promotion_kind" AS ENUM ('promote', 'rollback');

-- CreateEnum
CREATE TYPE "sync_state" AS ENUM ('pending', 'synced', 'failed');

-- CreateEnum
CREATE TYPE "training_state" AS ENUM ('queued', 'running', 'succeeded', 'failed', 'cancelled');

-- CreateTable
CREATE TABLE "incidents" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "assessment_id" UUID NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" INTEGER,
    "state" TEXT NOT NULL DEFAULT 'open',
    "conclusion" TEXT NOT NULL,
    "diagnoses" JSONB NOT NULL,
    "refused" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "resolution" TEXT,

    CONSTRAINT "incidents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent_actions" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "action_id" TEXT NOT NULL,
    "incident_id" UUID NOT NULL,
    "action_type" TEXT NOT NULL,
    "risk_level" "risk_level" NOT NULL,
    "requires_approval" BOOLEAN NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'proposed',
    "model_name" TEXT NOT NULL,
    "model_version" INTEGER,
    "reason" TEXT NOT NULL,
    "arguments" JSONB NOT NULL,
    "arguments_hash" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "evidence_hash" TEXT NOT NULL,
    "conditions" JSONB NOT NULL DEFAULT '[]',
    "proposed_by" TEXT NOT NULL,
    "proposed_by_key_id" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "reviewed_by" TEXT,
    "reviewed_at" TIMESTAMPTZ(3),
    "comment" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "fencing_token" INTEGER NOT NULL DEFAULT 0,
    "heartbeat_at" TIMESTAMPTZ(3),
    "intent_at" TIMESTAMPTZ(3),
    "executed_at" TIMESTAMPTZ(3),
    "execution_result" JSONB,
    "verify_at" TIMESTAMPTZ(3),
    "verify_until" TIMESTAMPTZ(3),
    "verification" JSONB,
    "compensation" JSONB,
    "error" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_actions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approvals" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "agent_action_id" UUID NOT NULL,
    "decision" "approval_decision" NOT NULL,
    "decided_by" TEXT NOT NULL,
    "decided_by_key_id" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "evidence_hash" TEXT NOT NULL,
    "arguments_hash" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "consumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "approvals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent_policies" (
    "name" TEXT NOT NULL,
    "policy" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "updated_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_policies_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "agent_controls" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT NOT NULL DEFAULT '',
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_controls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "user_id" UUID,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "roles" TEXT[],
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by" TEXT,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_log" (
    "seq" BIGINT NOT NULL,
    "event_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "service" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "caller" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "response_status" INTEGER,
    "response_body" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("caller","key")
);

-- CreateTable
CREATE TABLE "predictions" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "model_id" UUID NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" INTEGER NOT NULL,
    "features" JSONB NOT NULL,
    "prediction" DOUBLE PRECISION NOT NULL,
    "probability" DOUBLE PRECISION NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "warnings" JSONB NOT NULL DEFAULT '[]',
    "request_id" TEXT NOT NULL DEFAULT '',
    "actual" DOUBLE PRECISION,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "predictions_pkey" PRIMARY KEY ("id","created_at")
) PARTITION BY RANGE ("created_at");

-- Takes what belongs to a day that has no partition yet; ensure_prediction_partitions moves it when the day gets one.
CREATE TABLE "predictions_default" PARTITION OF "predictions" DEFAULT;

-- CreateTable
CREATE TABLE "prediction_labels" (
    "prediction_id" UUID NOT NULL,
    "prediction_created_at" TIMESTAMPTZ(3),
    "actual" DOUBLE PRECISION NOT NULL,
    "observed_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "source" TEXT NOT NULL,
    "conflict_count" INTEGER NOT NULL DEFAULT 0,
    "conflicting_actual" DOUBLE PRECISION,
    "conflicted_at" TIMESTAMPTZ(3),

    CONSTRAINT "prediction_labels_pkey" PRIMARY KEY ("prediction_id")
);

-- CreateTable
CREATE TABLE "reference_profiles" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "model_id" UUID NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" INTEGER NOT NULL,
    "dataset_digest" TEXT,
    "rows" INTEGER NOT NULL,
    "profile" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reference_profiles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "health_assessments" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "model_name" TEXT NOT NULL,
    "model_id" UUID,
    "model_version" INTEGER,
    "state" "assessment_state" NOT NULL DEFAULT 'pending',
    "trigger" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "window_end" TIMESTAMPTZ(3) NOT NULL,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "labelled_rows" INTEGER NOT NULL DEFAULT 0,
    "verdict" TEXT,
    "data_quality" TEXT,
    "drift_detected" BOOLEAN,
    "performance" TEXT,
    "summary" TEXT NOT NULL DEFAULT '',
    "details" JSONB,
    "report_path" TEXT,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "health_assessments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drift_reports" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "assessment_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" INTEGER NOT NULL,
    "drift_detected" BOOLEAN NOT NULL,
    "drift_score" DOUBLE PRECISION NOT NULL,
    "drifted_features" JSONB NOT NULL,
    "details" JSONB NOT NULL,
    "rows" INTEGER NOT NULL,
    "reference_rows" INTEGER NOT NULL,
    "report_path" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "drift_reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "performance_metrics" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "assessment_id" UUID,
    "model_id" UUID NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" INTEGER NOT NULL,
    "metric_name" TEXT NOT NULL,
    "metric_value" DOUBLE PRECISION NOT NULL,
    "confidence_low" DOUBLE PRECISION,
    "confidence_high" DOUBLE PRECISION,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "performance_metrics_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_quality_reports" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "assessment_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" INTEGER NOT NULL,
    "verdict" TEXT NOT NULL,
    "findings" JSONB NOT NULL,
    "details" JSONB NOT NULL,
    "rows" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_quality_reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alerts" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "alert_type" TEXT NOT NULL,
    "severity" "alert_severity" NOT NULL,
    "title" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "status" "alert_status" NOT NULL DEFAULT 'active',
    "dedup_key" TEXT NOT NULL,
    "occurrences" INTEGER NOT NULL DEFAULT 1,
    "model_name" TEXT,
    "assessment_id" UUID,
    "decision_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "acknowledged_by" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledgement_notes" TEXT,
    "resolved_by" TEXT,
    "resolved_at" TIMESTAMPTZ(3),
    "resolution_notes" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consumed_jobs" (
    "owner" TEXT NOT NULL,
    "job_id" TEXT NOT NULL,
    "consumed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consumed_jobs_pkey" PRIMARY KEY ("owner","job_id")
);

-- CreateTable
CREATE TABLE "experiments" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "lifecycle" "lifecycle" NOT NULL DEFAULT 'active',
    "tags" JSONB NOT NULL DEFAULT '{}',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "experiments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "experiment_id" UUID NOT NULL,
    "parent_run_id" UUID,
    "name" TEXT NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'running',
    "dataset_digest" TEXT,
    "created_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_params" (
    "run_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "run_params_pkey" PRIMARY KEY ("run_id","key")
);

-- CreateTable
CREATE TABLE "run_metrics" (
    "run_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "step" BIGINT NOT NULL DEFAULT 0,
    "timestamp" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "run_metrics_pkey" PRIMARY KEY ("run_id","key","step","timestamp","value")
);

-- CreateTable
CREATE TABLE "run_tags" (
    "run_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "run_tags_pkey" PRIMARY KEY ("run_id","key")
);

-- CreateTable
CREATE TABLE "datasets" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "profile" JSONB,
    "rows" INTEGER NOT NULL,
    "data_origin" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "datasets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "run_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "content_type" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("run_id","path")
);

-- CreateTable
CREATE TABLE "models" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "last_version" INTEGER NOT NULL DEFAULT 0,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "models_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_versions" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "model_name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "algorithm" TEXT NOT NULL,
    "framework" TEXT NOT NULL,
    "status" "model_stage" NOT NULL DEFAULT 'training',
    "is_active" BOOLEAN NOT NULL DEFAULT false,
    "accuracy" DOUBLE PRECISION,
    "f1_score" DOUBLE PRECISION,
    "precision" DOUBLE PRECISION,
    "recall" DOUBLE PRECISION,
    "roc_auc" DOUBLE PRECISION,
    "evaluation" JSONB,
    "hyperparameters" JSONB NOT NULL DEFAULT '{}',
    "feature_names" JSONB NOT NULL,
    "signature" JSONB NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "artifact_digest" TEXT NOT NULL,
    "artifact_bytes" BIGINT NOT NULL,
    "reference_profile_digest" TEXT,
    "parity" JSONB,
    "gate_verdict" JSONB,
    "run_id" UUID,
    "parent_version" INTEGER,
    "dataset_digest" TEXT,
    "data_origin" TEXT,
    "code_version" TEXT NOT NULL,
    "training_run_id" UUID,
    "decision_id" UUID,
    "description" TEXT NOT NULL DEFAULT '',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "promoted_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_aliases" (
    "model_name" TEXT NOT NULL,
    "alias" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_aliases_pkey" PRIMARY KEY ("model_name","alias")
);

-- CreateTable
CREATE TABLE "alias_history" (
    "id" BIGSERIAL NOT NULL,
    "model_name" TEXT NOT NULL,
    "alias" TEXT NOT NULL,
    "version" INTEGER,
    "previous_version" INTEGER,
    "changed_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "decision_id" UUID,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alias_history_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotions" (
    "decision_id" UUID NOT NULL,
    "kind" "promotion_kind" NOT NULL,
    "model_name" TEXT NOT NULL,
    "stage" "model_stage" NOT NULL,
    "from_version" INTEGER,
    "to_version" INTEGER NOT NULL,
    "forced" BOOLEAN NOT NULL DEFAULT false,
    "request_hash" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "decided_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "promotions_pkey" PRIMARY KEY ("decision_id")
);

-- CreateTable
CREATE TABLE "threshold_adjustments" (
    "decision_id" UUID NOT NULL,
    "model_name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "from_threshold" DOUBLE PRECISION NOT NULL,
    "to_threshold" DOUBLE PRECISION NOT NULL,
    "reason" TEXT NOT NULL,
    "decided_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "threshold_adjustments_pkey" PRIMARY KEY ("decision_id")
);

-- CreateTable
CREATE TABLE "traffic_plans" (
    "model_name" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "plan" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "updated_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "traffic_plans_pkey" PRIMARY KEY ("model_name","revision")
);

-- CreateTable
CREATE TABLE "mlflow_sync" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "entity_kind" TEXT NOT NULL,
    "entity_id" TEXT NOT NULL,
    "mlflow_id" TEXT,
    "state" "sync_state" NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "synced_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mlflow_sync_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "training_runs" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "model_name" TEXT NOT NULL,
    "state" "training_state" NOT NULL DEFAULT 'queued',
    "stage" TEXT NOT NULL DEFAULT 'queued',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "data" JSONB NOT NULL,
    "request" JSONB NOT NULL,
    "data_origin" TEXT,
    "dataset_digest" TEXT,
    "rows" JSONB,
    "expectations" JSONB NOT NULL DEFAULT '[]',
    "candidates" JSONB NOT NULL DEFAULT '[]',
    "outcome" JSONB,
    "error" JSONB,
    "experiment_id" UUID,
    "reason" TEXT NOT NULL DEFAULT '',
    "requested_by" TEXT NOT NULL,
    "decision_id" UUID,
    "schedule_name" TEXT,
    "idempotency_key" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "fencing_token" INTEGER NOT NULL DEFAULT 0,
    "claimed_by" TEXT,
    "heartbeat_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "cancel_requested_by" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "training_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "training_schedules" (
    "name" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "model_name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "next_at" TIMESTAMPTZ(3),
    "last_at" TIMESTAMPTZ(3),
    "last_training_run_id" UUID,
    "updated_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "training_schedules_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE UNIQUE INDEX "incidents_assessment_id_key" ON "incidents"("assessment_id");

-- CreateIndex
CREATE INDEX "incidents_state_created_at_idx" ON "incidents"("state", "created_at");

-- CreateIndex
CREATE INDEX "incidents_created_at_id_idx" ON "incidents"("created_at", "id");

-- CreateIndex
CREATE INDEX "incidents_model_name_created_at_idx" ON "incidents"("model_name", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "agent_actions_action_id_key" ON "agent_actions"("action_id");

-- CreateIndex
CREATE INDEX "agent_actions_status_expires_at_idx" ON "agent_actions"("status", "expires_at");

-- CreateIndex
CREATE INDEX "agent_actions_model_name_action_type_created_at_idx" ON "agent_actions"("model_name", "action_type", "created_at");

-- CreateIndex
CREATE INDEX "agent_actions_created_at_id_idx" ON "agent_actions"("created_at", "id");

-- CreateIndex
CREATE INDEX "agent_actions_incident_id_idx" ON "agent_actions"("incident_id");

-- CreateIndex
CREATE UNIQUE INDEX "approvals_agent_action_id_key" ON "approvals"("agent_action_id");

-- CreateIndex
CREATE INDEX "approvals_decided_at_idx" ON "approvals"("decided_at");

-- CreateIndex
CREATE UNIQUE INDEX "users_name_key" ON "users"("name");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- CreateIndex
CREATE INDEX "api_keys_created_at_id_idx" ON "api_keys"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_log_event_id_key" ON "audit_log"("event_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_log_hash_key" ON "audit_log"("hash");

-- CreateIndex
CREATE INDEX "audit_log_at_idx" ON "audit_log"("at");

-- CreateIndex
CREATE INDEX "audit_log_subject_idx" ON "audit_log"("subject");

-- CreateIndex
CREATE INDEX "idempotency_keys_expires_at_idx" ON "idempotency_keys"("expires_at");

-- CreateIndex
CREATE INDEX "predictions_created_at_idx" ON "predictions" USING BRIN ("created_at");

-- CreateIndex
CREATE INDEX "predictions_model_name_created_at_idx" ON "predictions"("model_name", "created_at");

-- CreateIndex
CREATE INDEX "prediction_labels_prediction_created_at_idx" ON "prediction_labels"("prediction_created_at");

-- CreateIndex
CREATE INDEX "prediction_labels_received_at_idx" ON "prediction_labels"("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "reference_profiles_model_id_key" ON "reference_profiles"("model_id");

-- CreateIndex
CREATE UNIQUE INDEX "reference_profiles_model_name_model_version_key" ON "reference_profiles"("model_name", "model_version");

-- CreateIndex
CREATE UNIQUE INDEX "health_assessments_idempotency_key_key" ON "health_assessments"("idempotency_key");

-- CreateIndex
CREATE INDEX "health_assessments_model_name_created_at_idx" ON "health_assessments"("model_name", "created_at");

-- CreateIndex
CREATE INDEX "health_assessments_created_at_id_idx" ON "health_assessments"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "drift_reports_assessment_id_key" ON "drift_reports"("assessment_id");

-- CreateIndex
CREATE INDEX "drift_reports_model_name_created_at_idx" ON "drift_reports"("model_name", "created_at");

-- CreateIndex
CREATE INDEX "drift_reports_created_at_id_idx" ON "drift_reports"("created_at", "id");

-- CreateIndex
CREATE INDEX "performance_metrics_model_name_metric_name_created_at_idx" ON "performance_metrics"("model_name", "metric_name", "created_at");

-- CreateIndex
CREATE INDEX "performance_metrics_created_at_id_idx" ON "performance_metrics"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "performance_metrics_assessment_id_metric_name_key" ON "performance_metrics"("assessment_id", "metric_name");

-- CreateIndex
CREATE UNIQUE INDEX "data_quality_reports_assessment_id_key" ON "data_quality_reports"("assessment_id");

-- CreateIndex
CREATE INDEX "data_quality_reports_model_name_created_at_idx" ON "data_quality_reports"("model_name", "created_at");

-- CreateIndex
CREATE INDEX "data_quality_reports_created_at_id_idx" ON "data_quality_reports"("created_at", "id");

-- CreateIndex
CREATE INDEX "alerts_status_severity_idx" ON "alerts"("status", "severity");

-- CreateIndex
CREATE INDEX "alerts_dedup_key_idx" ON "alerts"("dedup_key");

-- CreateIndex
CREATE INDEX "alerts_created_at_id_idx" ON "alerts"("created_at", "id");

-- CreateIndex
CREATE INDEX "outbox_owner_published_at_id_idx" ON "outbox"("owner", "published_at", "id");

-- CreateIndex
CREATE INDEX "consumed_jobs_consumed_at_idx" ON "consumed_jobs"("consumed_at");

-- CreateIndex
CREATE UNIQUE INDEX "experiments_name_key" ON "experiments"("name");

-- CreateIndex
CREATE INDEX "experiments_created_at_id_idx" ON "experiments"("created_at", "id");

-- CreateIndex
CREATE INDEX "runs_experiment_id_started_at_id_idx" ON "runs"("experiment_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "runs_started_at_id_idx" ON "runs"("started_at", "id");

-- CreateIndex
CREATE INDEX "runs_parent_run_id_idx" ON "runs"("parent_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "datasets_digest_key" ON "datasets"("digest");

-- CreateIndex
CREATE INDEX "datasets_name_created_at_idx" ON "datasets"("name", "created_at");

-- CreateIndex
CREATE INDEX "artifacts_digest_idx" ON "artifacts"("digest");

-- CreateIndex
CREATE UNIQUE INDEX "models_name_key" ON "models"("name");

-- CreateIndex
CREATE INDEX "models_created_at_id_idx" ON "models"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "model_versions_training_run_id_key" ON "model_versions"("training_run_id");

-- CreateIndex
CREATE INDEX "model_versions_status_idx" ON "model_versions"("status");

-- CreateIndex
CREATE INDEX "model_versions_created_at_id_idx" ON "model_versions"("created_at", "id");

-- CreateIndex
CREATE INDEX "model_versions_artifact_digest_idx" ON "model_versions"("artifact_digest");

-- CreateIndex
CREATE UNIQUE INDEX "model_versions_model_name_version_key" ON "model_versions"("model_name", "version");

-- CreateIndex
CREATE INDEX "alias_history_model_name_alias_changed_at_idx" ON "alias_history"("model_name", "alias", "changed_at");

-- CreateIndex
CREATE INDEX "promotions_model_name_created_at_idx" ON "promotions"("model_name", "created_at");

-- CreateIndex
CREATE INDEX "threshold_adjustments_model_name_version_created_at_idx" ON "threshold_adjustments"("model_name", "version", "created_at");

-- CreateIndex
CREATE INDEX "mlflow_sync_state_next_attempt_at_idx" ON "mlflow_sync"("state", "next_attempt_at");

-- CreateIndex
CREATE UNIQUE INDEX "mlflow_sync_entity_kind_entity_id_key" ON "mlflow_sync"("entity_kind", "entity_id");

-- CreateIndex
CREATE UNIQUE INDEX "training_runs_decision_id_key" ON "training_runs"("decision_id");

-- CreateIndex
CREATE UNIQUE INDEX "training_runs_idempotency_key_key" ON "training_runs"("idempotency_key");

-- CreateIndex
CREATE INDEX "training_runs_state_heartbeat_at_idx" ON "training_runs"("state", "heartbeat_at");

-- CreateIndex
CREATE INDEX "training_runs_created_at_id_idx" ON "training_runs"("created_at", "id");

-- CreateIndex
CREATE INDEX "training_runs_model_name_created_at_idx" ON "training_runs"("model_name", "created_at");

-- AddForeignKey
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "health_assessments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_actions" ADD CONSTRAINT "agent_actions_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_agent_action_id_fkey" FOREIGN KEY ("agent_action_id") REFERENCES "agent_actions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reference_profiles" ADD CONSTRAINT "reference_profiles_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "health_assessments" ADD CONSTRAINT "health_assessments_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drift_reports" ADD CONSTRAINT "drift_reports_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drift_reports" ADD CONSTRAINT "drift_reports_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "health_assessments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "performance_metrics" ADD CONSTRAINT "performance_metrics_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "performance_metrics" ADD CONSTRAINT "performance_metrics_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "health_assessments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_quality_reports" ADD CONSTRAINT "data_quality_reports_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_quality_reports" ADD CONSTRAINT "data_quality_reports_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "health_assessments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "health_assessments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_parent_run_id_fkey" FOREIGN KEY ("parent_run_id") REFERENCES "runs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_params" ADD CONSTRAINT "run_params_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_metrics" ADD CONSTRAINT "run_metrics_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_tags" ADD CONSTRAINT "run_tags_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_model_name_parent_version_fkey" FOREIGN KEY ("model_name", "parent_version") REFERENCES "model_versions"("model_name", "version") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "model_aliases" ADD CONSTRAINT "model_aliases_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_aliases" ADD CONSTRAINT "model_aliases_model_name_version_fkey" FOREIGN KEY ("model_name", "version") REFERENCES "model_versions"("model_name", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alias_history" ADD CONSTRAINT "alias_history_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotions" ADD CONSTRAINT "promotions_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "threshold_adjustments" ADD CONSTRAINT "threshold_adjustments_model_name_version_fkey" FOREIGN KEY ("model_name", "version") REFERENCES "model_versions"("model_name", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "traffic_plans" ADD CONSTRAINT "traffic_plans_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE RESTRICT ON UPDATE CASCADE;


