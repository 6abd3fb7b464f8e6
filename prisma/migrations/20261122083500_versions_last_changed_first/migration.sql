-- The order in which versions are searched when no other is asked for.

-- CreateIndex
CREATE INDEX "model_versions_last_changed_first" ON "model_versions"("updated_at" DESC, "model_name", "version" DESC);
