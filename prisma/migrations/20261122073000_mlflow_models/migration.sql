-- What MLflow's model registry may do with ours: rename and delete models, and ask again for a registration that was not answered.

-- DropForeignKey
ALTER TABLE "alias_history" DROP CONSTRAINT "alias_history_model_name_fkey";

-- DropForeignKey
ALTER TABLE "model_versions" DROP CONSTRAINT "model_versions_model_name_parent_version_fkey";

-- DropForeignKey
ALTER TABLE "traffic_plans" DROP CONSTRAINT "traffic_plans_model_name_fkey";

-- AlterTable
ALTER TABLE "model_versions" ADD COLUMN     "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateTable
CREATE TABLE "unanswered_registrations" (
    "version_id" UUID NOT NULL,
    "request_hash" TEXT NOT NULL,
    "backend" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "unanswered_registrations_pkey" PRIMARY KEY ("version_id")
);

-- CreateIndex
CREATE INDEX "unanswered_registrations_request_hash_idx" ON "unanswered_registrations"("request_hash");

-- AddForeignKey
ALTER TABLE "model_versions" ADD CONSTRAINT "model_versions_model_name_parent_version_fkey" FOREIGN KEY ("model_name", "parent_version") REFERENCES "model_versions"("model_name", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unanswered_registrations" ADD CONSTRAINT "unanswered_registrations_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "model_versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alias_history" ADD CONSTRAINT "alias_history_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "traffic_plans" ADD CONSTRAINT "traffic_plans_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE CASCADE ON UPDATE CASCADE;

UPDATE "model_versions" SET "updated_at" = coalesce("promoted_at", "created_at");
