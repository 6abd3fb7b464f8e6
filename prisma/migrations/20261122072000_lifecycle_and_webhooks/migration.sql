-- Who moved a version, what a promotion has to fulfil, who agreed, who outside is told of it.

-- CreateEnum
CREATE TYPE "review_verdict" AS ENUM ('approved', 'rejected');

-- CreateEnum
CREATE TYPE "announcement_channel" AS ENUM ('github', 'slack');

-- CreateEnum
CREATE TYPE "webhook_status" AS ENUM ('active', 'disabled');

-- CreateEnum
CREATE TYPE "delivery_state" AS ENUM ('pending', 'delivered', 'refused', 'expired', 'skipped');

-- CreateTable
CREATE TABLE "stage_history" (
    "id" BIGSERIAL NOT NULL,
    "model_name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "from_stage" "model_stage",
    "to_stage" "model_stage" NOT NULL,
    "changed_by" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "decision_id" UUID,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stage_history_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "promotion_policies" (
    "model_name" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "updated_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "promotion_policies_pkey" PRIMARY KEY ("model_name","revision")
);

-- CreateTable
CREATE TABLE "version_reviews" (
    "id" BIGSERIAL NOT NULL,
    "model_name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "verdict" "review_verdict" NOT NULL,
    "comment" TEXT NOT NULL,
    "reviewer_id" TEXT NOT NULL,
    "reviewed_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "version_reviews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "deployment_announcements" (
    "decision_id" UUID NOT NULL,
    "channel" "announcement_channel" NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "url" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deployment_announcements_pkey" PRIMARY KEY ("decision_id","channel")
);

-- CreateTable
CREATE TABLE "webhooks" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "status" "webhook_status" NOT NULL DEFAULT 'active',
    "secret" BYTEA,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhooks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "webhook_id" UUID NOT NULL,
    "event" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" "delivery_state" NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "status_code" INTEGER,
    "last_error" TEXT,
    "next_attempt_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "stage_history_model_name_changed_at_idx" ON "stage_history"("model_name", "changed_at");

-- CreateIndex
CREATE INDEX "stage_history_model_name_version_changed_at_idx" ON "stage_history"("model_name", "version", "changed_at");

-- CreateIndex
CREATE INDEX "version_reviews_model_name_version_id_idx" ON "version_reviews"("model_name", "version", "id");

-- CreateIndex
CREATE INDEX "webhooks_created_at_id_idx" ON "webhooks"("created_at", "id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_webhook_id_created_at_id_idx" ON "webhook_deliveries"("webhook_id", "created_at", "id");

-- AddForeignKey
ALTER TABLE "stage_history" ADD CONSTRAINT "stage_history_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "promotion_policies" ADD CONSTRAINT "promotion_policies_model_name_fkey" FOREIGN KEY ("model_name") REFERENCES "models"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "version_reviews" ADD CONSTRAINT "version_reviews_model_name_version_fkey" FOREIGN KEY ("model_name", "version") REFERENCES "model_versions"("model_name", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "deployment_announcements" ADD CONSTRAINT "deployment_announcements_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "promotions"("decision_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhooks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "version_reviews" ADD CONSTRAINT "version_reviews_comment_is_required" CHECK (btrim("comment") <> '');
ALTER TABLE "promotion_policies" ADD CONSTRAINT "promotion_policies_revision_counts_from_1" CHECK ("revision" >= 1);
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_end_has_its_time"
  CHECK (("state" = 'pending') = ("finished_at" IS NULL));

-- The history that the promotions of before tell: registered, moved, and archived when another version took the place.
INSERT INTO "stage_history" ("model_name", "version", "from_stage", "to_stage", "changed_by", "reason", "decision_id", "changed_at")
SELECT "model_name", "version", lag("to_stage") OVER (PARTITION BY "model_name", "version" ORDER BY "at", "turn"), "to_stage",
       "changed_by", "reason", "decision_id", "at"
FROM (
  SELECT "model_name", "version", 'training'::"model_stage" AS "to_stage", "created_by" AS "changed_by", 'Registered.' AS "reason",
         NULL::uuid AS "decision_id", "created_at" AS "at", 0 AS "turn"
  FROM "model_versions"
  UNION ALL
  SELECT "model_name", "from_version", 'archived', "decided_by", "reason", "decision_id", "created_at", 1
  FROM "promotions" WHERE "from_version" IS NOT NULL
  UNION ALL
  SELECT "model_name", "to_version", "stage", "decided_by", "reason", "decision_id", "created_at", 2
  FROM "promotions"
) AS "moves"
ORDER BY "at", "turn";
