-- What versions are proved by, and how long they are kept.

-- CreateTable
CREATE TABLE "version_manifests" (
    "id" BIGSERIAL NOT NULL,
    "version_id" UUID NOT NULL,
    "signed" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "signed_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "version_manifests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retention_policies" (
    "model_name" TEXT NOT NULL,
    "keep_versions" INTEGER NOT NULL,
    "keep_days" INTEGER NOT NULL,
    "updated_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "retention_policies_pkey" PRIMARY KEY ("model_name")
);

-- CreateIndex
CREATE INDEX "version_manifests_version_id_id_idx" ON "version_manifests"("version_id", "id");

-- AddForeignKey
ALTER TABLE "version_manifests" ADD CONSTRAINT "version_manifests_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "model_versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "retention_policies" ADD CONSTRAINT "retention_policies_keep_something" CHECK ("keep_versions" >= 1 AND "keep_days" >= 0);
