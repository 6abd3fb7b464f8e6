-- The log loss and the Brier score of many classes need the probability of the true one.
ALTER TABLE "predictions" ADD COLUMN "class_probabilities" REAL[] DEFAULT ARRAY[]::REAL[];

-- What a label means, only its version knows: a label that came before its prediction is kept as it was said.
ALTER TABLE "prediction_labels" ALTER COLUMN "actual" DROP NOT NULL;
ALTER TABLE "prediction_labels" ADD COLUMN "stated" JSONB;
ALTER TABLE "prediction_labels" ALTER COLUMN "conflicting_actual" TYPE JSONB USING to_jsonb("conflicting_actual");
UPDATE "prediction_labels" SET "stated" = to_jsonb("actual"), "actual" = NULL WHERE "prediction_created_at" IS NULL;
