-- Searches walk one index and stop when their page is full: by a metric's value, or by start time with the value beside it.

-- DropIndex
DROP INDEX "run_latest_metrics_experiment_id_key_value_run_id_idx";

-- AlterTable
ALTER TABLE "run_latest_metrics" ADD COLUMN     "run_started_at" TIMESTAMPTZ(3);
UPDATE "run_latest_metrics" m SET "run_started_at" = r."started_at" FROM "runs" r WHERE r."id" = m."run_id";
ALTER TABLE "run_latest_metrics" ALTER COLUMN "run_started_at" SET NOT NULL;

-- CreateIndex
CREATE INDEX "run_latest_metrics_by_start" ON "run_latest_metrics"("experiment_id", "key", "run_started_at" DESC, "run_id", "value");

-- CreateIndex
CREATE INDEX "run_latest_metrics_by_value" ON "run_latest_metrics"("experiment_id", "key", "value" DESC, "run_started_at" DESC, "run_id");

-- CreateIndex
CREATE INDEX "runs_newest_first" ON "runs"("experiment_id", "started_at" DESC, "id");
