-- Indexes that searches of runs walk. That of start times grows at its end, where its pages stay full.

-- DropIndex
DROP INDEX "run_latest_metrics_by_start";

-- DropIndex
DROP INDEX "run_latest_metrics_by_value";

-- CreateIndex
CREATE INDEX "run_latest_metrics_by_start" ON "run_latest_metrics"("experiment_id", "key", "run_started_at", "run_id" DESC, "value");

-- Every value is at least -Infinity: a search that wants this index says so, and one that must not be planned with it does not.
CREATE INDEX "run_latest_metrics_by_value" ON "run_latest_metrics"("experiment_id", "key", "value" DESC, "run_started_at" DESC, "run_id")
  WHERE "value" >= '-Infinity';

-- Runs by the value of a parameter or of a tag; of long values the beginning.
CREATE INDEX "run_params_by_value" ON "run_params"("key", left("value", 64), "run_id");
CREATE INDEX "run_tags_by_value" ON "run_tags"("key", left("value", 64), "run_id");
