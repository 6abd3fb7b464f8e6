-- Files whose rows a model answers.
CREATE TYPE "batch_prediction_state" AS ENUM ('queued', 'running', 'succeeded', 'failed', 'cancelled');

CREATE TABLE "batch_predictions" (
    "id" UUID NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" INTEGER,
    "state" "batch_prediction_state" NOT NULL DEFAULT 'queued',
    "request" JSONB NOT NULL,
    "file_name" TEXT NOT NULL,
    "rows_total" INTEGER,
    "rows_done" INTEGER NOT NULL DEFAULT 0,
    "rows_failed" INTEGER NOT NULL DEFAULT 0,
    "result_bytes" BIGINT NOT NULL DEFAULT 0,
    "failures" JSONB NOT NULL DEFAULT '[]',
    "waiting_for" TEXT,
    "error" JSONB,
    "requested_by" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "fencing_token" INTEGER NOT NULL DEFAULT 0,
    "heartbeat_at" TIMESTAMPTZ(3),
    "cancel_requested_at" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "batch_predictions_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "batch_predictions_idempotency_key_key" ON "batch_predictions"("idempotency_key");
CREATE INDEX "batch_predictions_state_created_at_idx" ON "batch_predictions"("state", "created_at");
CREATE INDEX "batch_predictions_created_at_id_idx" ON "batch_predictions"("created_at", "id");
CREATE INDEX "batch_predictions_key_id_state_idx" ON "batch_predictions"("key_id", "state");
