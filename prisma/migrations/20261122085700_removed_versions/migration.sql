-- Removing a version costs what refers to it, not what its tables hold; nor does a sweep read whole tables for each batch of contents.

-- A logged model that was made by the registration of a version goes with it.
ALTER TABLE "logged_models" ADD COLUMN     "of_version" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "predictions_model_id_idx" ON "predictions"("model_id");

-- CreateIndex
CREATE INDEX "health_assessments_model_id_idx" ON "health_assessments"("model_id");

-- CreateIndex
CREATE INDEX "drift_reports_model_id_idx" ON "drift_reports"("model_id");

-- CreateIndex
CREATE INDEX "performance_metrics_model_id_idx" ON "performance_metrics"("model_id");

-- CreateIndex
CREATE INDEX "data_quality_reports_model_id_idx" ON "data_quality_reports"("model_id");

-- CreateIndex
CREATE INDEX "dataset_versions_digest_idx" ON "dataset_versions"("digest");

-- CreateIndex
CREATE INDEX "model_versions_reference_profile_digest_idx" ON "model_versions"("reference_profile_digest");

-- CreateIndex
CREATE INDEX "model_versions_model_name_parent_version_idx" ON "model_versions"("model_name", "parent_version");
