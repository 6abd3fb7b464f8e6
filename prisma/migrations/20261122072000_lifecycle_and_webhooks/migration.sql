-- Who moved a version, what a promotion has to fulfil, who agreed, who outside is told of it.


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
