-- How far a search for hyperparameters is, so that another attempt goes on with it. JSON and not JSONB: the order of names is part of it.
ALTER TABLE "training_runs" ADD COLUMN "search" JSON;
