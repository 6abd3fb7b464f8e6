-- AlterEnum
ALTER TYPE "sync_state" ADD VALUE 'conflict';

-- AlterTable
ALTER TABLE "mlflow_sync" ADD COLUMN     "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "metrics_before" BIGINT,
ADD COLUMN     "place" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "telling" JSONB,
ADD COLUMN     "told" JSONB;

-- CreateTable
CREATE TABLE "mlflow_mirror" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "tracking_uri" TEXT NOT NULL,
    "last_failure" JSONB,

    CONSTRAINT "mlflow_mirror_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mlflow_marks" (
    "id" BIGSERIAL NOT NULL,
    "entity_kind" TEXT NOT NULL,
    "entity_id" TEXT NOT NULL,
    "marked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mlflow_marks_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "mlflow_sync_state_place_idx" ON "mlflow_sync"("state", "place");

ALTER TABLE "mlflow_mirror" ADD CONSTRAINT "mlflow_mirror_is_one_row" CHECK ("id" = 1);

-- Every statement that changes what is mirrored marks what it changed, once for each run, model and so on, by one insert that waits for
-- nobody. `changed` are the rows of the statement. One function for each way of naming the entity: a name that is put into the text of a
-- statement would have it planned anew each time.
CREATE FUNCTION "mark_for_mlflow_by_id"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.mlflow_marks (entity_kind, entity_id) SELECT DISTINCT TG_ARGV[0], id::text FROM changed;
  RETURN NULL;
END;
$$;
CREATE FUNCTION "mark_for_mlflow_by_run"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.mlflow_marks (entity_kind, entity_id) SELECT DISTINCT TG_ARGV[0], run_id::text FROM changed;
  RETURN NULL;
END;
$$;
CREATE FUNCTION "mark_for_mlflow_by_logged_model"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.mlflow_marks (entity_kind, entity_id) SELECT DISTINCT TG_ARGV[0], model_id FROM changed;
  RETURN NULL;
END;
$$;
CREATE FUNCTION "mark_for_mlflow_by_model_name"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.mlflow_marks (entity_kind, entity_id)
  SELECT DISTINCT TG_ARGV[0], models.id::text FROM changed JOIN public.models ON models.name = changed.model_name;
  RETURN NULL;
END;
$$;

-- Begins, goes on with or ends (null) the telling of the server at `uri`, and answers whether it began. Only while a server is told do the
-- triggers exist: without one, writers pay nothing. What was written before is marked at the beginning; a trigger is made when no writer
-- is under way, so nothing falls between the two. Runs as the owner of the tables, because only an owner makes triggers.
CREATE FUNCTION "mirror_to_mlflow"("uri" text) RETURNS boolean
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
    ['models', 'by_id', 'model'],
    ['model_versions', 'by_id', 'model-version'],
    ['model_aliases', 'by_model_name', 'aliases']
  ];
  is_on boolean;
  place text[];
  event text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('gimbal.mirror-to-mlflow', 0));
  is_on := EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'public.experiments'::regclass AND tgname = 'mark_for_mlflow_insert');
  IF is_on AND EXISTS (SELECT FROM mlflow_mirror WHERE tracking_uri = uri) OR NOT is_on AND uri IS NULL THEN
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

-- Marks everything that is mirrored, in the order it is told in, and what was told but is here no more.
CREATE FUNCTION "mark_all_for_mlflow"() RETURNS void
  LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO public.mlflow_marks (entity_kind, entity_id) SELECT 'experiment', id::text FROM public.experiments ORDER BY number;
  INSERT INTO public.mlflow_marks (entity_kind, entity_id) SELECT 'run', id::text FROM public.runs ORDER BY started_at, id;
  INSERT INTO public.mlflow_marks (entity_kind, entity_id) SELECT 'logged-model', id FROM public.logged_models ORDER BY created_at, id;
  INSERT INTO public.mlflow_marks (entity_kind, entity_id) SELECT 'model', id::text FROM public.models ORDER BY created_at, id;
  INSERT INTO public.mlflow_marks (entity_kind, entity_id)
  SELECT 'model-version', id::text FROM public.model_versions ORDER BY model_name, version;
  INSERT INTO public.mlflow_marks (entity_kind, entity_id) SELECT 'aliases', id::text FROM public.models ORDER BY created_at, id;
  INSERT INTO public.mlflow_marks (entity_kind, entity_id)
  SELECT entity_kind, entity_id FROM public.mlflow_sync ORDER BY place, id;
END;
$$;

REVOKE ALL ON FUNCTION "mirror_to_mlflow"(text) FROM PUBLIC;
