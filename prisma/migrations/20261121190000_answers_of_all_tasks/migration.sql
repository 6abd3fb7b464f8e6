-- A regression answers a value, which has no probability.
ALTER TABLE "predictions" ALTER COLUMN "probability" DROP NOT NULL;
