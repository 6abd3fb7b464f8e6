-- A regression answers a value, which has no probability.
ALTER TABLE "predictions" ALTER COLUMN "probability" DROP NOT NULL;

-- Named warnings of a training: a leak, a constant column, rows on both sides of a split.
ALTER TABLE "training_runs" ADD COLUMN "warnings" JSONB NOT NULL DEFAULT '[]';
