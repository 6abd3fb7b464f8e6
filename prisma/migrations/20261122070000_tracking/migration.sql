-- What MLflow's clients keep: numbers of experiments, the last point of each metric, read tables, logged models, versions of any framework.

-- CreateEnum
CREATE TYPE "logged_model_state" AS ENUM ('pending', 'ready', 'failed');

-- CreateEnum
CREATE TYPE "run_model_role" AS ENUM ('input', 'output');

-- AlterEnum
ALTER TYPE "run_state" ADD VALUE 'scheduled' BEFORE 'running';

-- AlterTable
ALTER TABLE "experiments" ADD COLUMN     "artifact_location" TEXT,
ADD COLUMN     "number" BIGSERIAL NOT NULL;

-- AlterTable
ALTER TABLE "model_versions" ADD COLUMN     "logged_model_id" TEXT,
ADD COLUMN     "run_link" TEXT,
ADD COLUMN     "source" TEXT,
ADD COLUMN     "source_run" TEXT,
ADD COLUMN     "tags" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "unserved_reason" TEXT,
ALTER COLUMN "signature" DROP NOT NULL,
ALTER COLUMN "threshold" DROP NOT NULL,
ALTER COLUMN "artifact_digest" DROP NOT NULL,
ALTER COLUMN "artifact_bytes" DROP NOT NULL;

-- AlterTable
ALTER TABLE "models" ADD COLUMN     "tags" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "lifecycle" "lifecycle" NOT NULL DEFAULT 'active',
ADD COLUMN     "user_name" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "used_datasets" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "experiment_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "source_type" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "schema" TEXT NOT NULL DEFAULT '',
    "profile" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "used_datasets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_inputs" (
    "run_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "tags" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_inputs_pkey" PRIMARY KEY ("run_id","dataset_id")
);

-- CreateTable
CREATE TABLE "logged_models" (
    "id" TEXT NOT NULL,
    "experiment_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "model_type" TEXT NOT NULL DEFAULT '',
    "source_run_id" UUID,
    "state" "logged_model_state" NOT NULL DEFAULT 'pending',
    "state_message" TEXT NOT NULL DEFAULT '',
    "lifecycle" "lifecycle" NOT NULL DEFAULT 'active',
    "params" JSONB NOT NULL DEFAULT '{}',
    "tags" JSONB NOT NULL DEFAULT '{}',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "logged_models_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "logged_model_metrics" (
    "id" BIGSERIAL NOT NULL,
    "model_id" TEXT NOT NULL,
    "run_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "step" BIGINT NOT NULL DEFAULT 0,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,
    "dataset_name" TEXT,
    "dataset_digest" TEXT,

    CONSTRAINT "logged_model_metrics_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "logged_model_artifacts" (
    "model_id" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "content_type" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "logged_model_artifacts_pkey" PRIMARY KEY ("model_id","path")
);

-- CreateTable
CREATE TABLE "run_models" (
    "run_id" UUID NOT NULL,
    "model_id" TEXT NOT NULL,
    "role" "run_model_role" NOT NULL,
    "step" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "run_models_pkey" PRIMARY KEY ("run_id","model_id","role")
);

-- CreateTable
CREATE TABLE "multipart_uploads" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "path" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "multipart_uploads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "uploaded_parts" (
    "upload_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "uploaded_parts_pkey" PRIMARY KEY ("upload_id","number")
);

-- CreateTable
CREATE TABLE "run_latest_metrics" (
    "run_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "experiment_id" UUID NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "step" BIGINT NOT NULL,
    "timestamp" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_latest_metrics_pkey" PRIMARY KEY ("run_id","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "used_datasets_experiment_id_name_digest_key" ON "used_datasets"("experiment_id", "name", "digest");

-- CreateIndex
CREATE INDEX "run_inputs_dataset_id_idx" ON "run_inputs"("dataset_id");

-- CreateIndex
CREATE INDEX "logged_models_experiment_id_created_at_id_idx" ON "logged_models"("experiment_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "logged_models_source_run_id_idx" ON "logged_models"("source_run_id");

-- CreateIndex
CREATE INDEX "logged_model_metrics_model_id_key_idx" ON "logged_model_metrics"("model_id", "key");

-- CreateIndex
CREATE INDEX "logged_model_artifacts_digest_idx" ON "logged_model_artifacts"("digest");

-- CreateIndex
CREATE INDEX "run_models_model_id_idx" ON "run_models"("model_id");

-- CreateIndex
CREATE INDEX "multipart_uploads_created_at_idx" ON "multipart_uploads"("created_at");

-- CreateIndex
CREATE INDEX "run_latest_metrics_experiment_id_key_value_run_id_idx" ON "run_latest_metrics"("experiment_id", "key", "value", "run_id");

-- CreateIndex
CREATE UNIQUE INDEX "experiments_number_key" ON "experiments"("number");

-- CreateIndex
CREATE INDEX "model_versions_run_id_idx" ON "model_versions"("run_id");

-- CreateIndex
CREATE INDEX "model_versions_logged_model_id_idx" ON "model_versions"("logged_model_id");

-- AddForeignKey
ALTER TABLE "used_datasets" ADD CONSTRAINT "used_datasets_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_inputs" ADD CONSTRAINT "run_inputs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_inputs" ADD CONSTRAINT "run_inputs_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "used_datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "logged_models" ADD CONSTRAINT "logged_models_experiment_id_fkey" FOREIGN KEY ("experiment_id") REFERENCES "experiments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "logged_models" ADD CONSTRAINT "logged_models_source_run_id_fkey" FOREIGN KEY ("source_run_id") REFERENCES "runs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "logged_model_metrics" ADD CONSTRAINT "logged_model_metrics_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "logged_models"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "logged_model_artifacts" ADD CONSTRAINT "logged_model_artifacts_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "logged_models"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_models" ADD CONSTRAINT "run_models_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_models" ADD CONSTRAINT "run_models_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "logged_models"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "uploaded_parts" ADD CONSTRAINT "uploaded_parts_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "multipart_uploads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_latest_metrics" ADD CONSTRAINT "run_latest_metrics_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_logged_model_id_fkey" FOREIGN KEY ("logged_model_id") REFERENCES "logged_models"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- MLflow's clients log to experiment 0, `Default`, when none is named: it always exists.
INSERT INTO "experiments" ("name", "number", "created_by") VALUES ('Default', 0, 'gimbal')
ON CONFLICT ("name") DO UPDATE SET "number" = 0;

INSERT INTO "run_latest_metrics" ("run_id", "key", "experiment_id", "value", "step", "timestamp")
SELECT DISTINCT ON (m."run_id", m."key") m."run_id", m."key", r."experiment_id", m."value", m."step", m."timestamp"
FROM "run_metrics" m JOIN "runs" r ON r."id" = m."run_id"
ORDER BY m."run_id", m."key", m."step" DESC, m."timestamp" DESC, m."value" DESC;

-- A version either has all that serving needs, or says why serving cannot run it.
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_served_or_reason" CHECK (
  num_nulls("signature", "threshold", "artifact_digest", "artifact_bytes") = CASE WHEN "unserved_reason" IS NULL THEN 0 ELSE 4 END
);
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_unserved_is_not_active" CHECK ("unserved_reason" IS NULL OR NOT "is_active");
ALTER TABLE "uploaded_parts" ADD CONSTRAINT "uploaded_parts_count_from_1" CHECK ("number" >= 1);
