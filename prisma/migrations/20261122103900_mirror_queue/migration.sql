-- What waits is taken in the order in which it falls due, kind by kind, from an index; what refers to something that is not told yet is woken
-- when that is.
ALTER TYPE "sync_state" ADD VALUE 'waiting' BEFORE 'synced';

DROP INDEX "mlflow_sync_state_next_attempt_at_idx";
DROP INDEX "mlflow_sync_state_place_idx";
ALTER TABLE "mlflow_sync" ADD COLUMN "waits_for_kind" TEXT, ADD COLUMN "waits_for_id" TEXT;
CREATE INDEX "mlflow_sync_state_entity_kind_next_attempt_at_place_idx" ON "mlflow_sync"("state", "entity_kind", "next_attempt_at", "place");
CREATE INDEX "mlflow_sync_state_changed_at_idx" ON "mlflow_sync"("state", "changed_at");
CREATE INDEX "mlflow_sync_waits_for_kind_waits_for_id_idx" ON "mlflow_sync"("waits_for_kind", "waits_for_id");

-- Metrics of logged models are mirrored, too. A mirror that is on lacks their triggers: it is begun again, and everything is looked at once.
-- Begins, goes on with or ends (null) the telling of the server at `uri`, and answers whether it began. Only while a server is told do the
-- triggers exist: without one, writers pay nothing. What was written before is marked at the beginning; a trigger is made when no writer
-- is under way, so nothing falls between the two. Runs as the owner of the tables, because only an owner makes triggers.
CREATE OR REPLACE FUNCTION "mirror_to_mlflow"("uri" text) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  watched CONSTANT text[][] := ARRAY[
    ['experiments', 'by_id', 'experiment'],
    ['runs', 'by_id', 'run'],
    ['run_params', 'by_run', 'run'],
    ['run_metrics', 'by_run', 'run'],
    ['run_tags', 'by_run', 'run'],
    ['run_inputs', 'by_run', 'run'],
    ['run_models', 'by_logged_model', 'logged-model'],
    ['artifacts', 'by_run', 'run'],
    ['logged_models', 'by_id', 'logged-model'],
    ['logged_model_artifacts', 'by_logged_model', 'logged-model'],
    ['logged_model_metrics', 'by_logged_model', 'logged-model'],
    ['models', 'by_id', 'model'],
    ['model_versions', 'by_id', 'model-version'],
    ['model_aliases', 'by_model_name', 'aliases']
  ];
  triggers integer;
  place text[];
  event text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('gimbal.mirror-to-mlflow', 0));
  triggers := (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'mark\_for\_mlflow\_%');
  IF triggers = 3 * array_length(watched, 1) AND EXISTS (SELECT FROM mlflow_mirror WHERE tracking_uri = uri)
     OR triggers = 0 AND uri IS NULL THEN
    RETURN false;
  END IF;
  FOREACH place SLICE 1 IN ARRAY watched LOOP
    FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
      EXECUTE format('DROP TRIGGER IF EXISTS %I ON public.%I', 'mark_for_mlflow_' || event, place[1]);
      CONTINUE WHEN uri IS NULL;
      EXECUTE format(
        'CREATE TRIGGER %I AFTER %s ON public.%I REFERENCING %s TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.%I(%L)',
        'mark_for_mlflow_' || event, event, place[1], CASE event WHEN 'delete' THEN 'OLD' ELSE 'NEW' END,
        'mark_for_mlflow_' || place[2], place[3]);
    END LOOP;
  END LOOP;
  DELETE FROM mlflow_marks;
  IF uri IS NULL THEN
    RETURN false;
  END IF;
  DELETE FROM mlflow_sync WHERE NOT EXISTS (SELECT FROM mlflow_mirror WHERE tracking_uri = uri);
  INSERT INTO mlflow_mirror (tracking_uri) VALUES (uri)
  ON CONFLICT (id) DO UPDATE SET tracking_uri = EXCLUDED.tracking_uri, last_failure = NULL;
  PERFORM mark_all_for_mlflow();
  RETURN true;
END;
$$;
