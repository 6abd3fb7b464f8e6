-- What Prisma's schema language can't say: rules over rows, rows of several owners in one table, and partitions by day.

-- At most one version of a model takes live traffic.
CREATE UNIQUE INDEX "model_versions_one_active" ON "model_versions" ("model_name") WHERE "is_active";

-- A sighting of an unresolved trouble is counted on its alert.
CREATE UNIQUE INDEX "alerts_one_unresolved" ON "alerts" ("dedup_key") WHERE "status" <> 'resolved';

ALTER TABLE "model_versions"
  ADD CONSTRAINT "model_versions_version_counts_from_1" CHECK ("version" >= 1),
  ADD CONSTRAINT "model_versions_threshold_is_a_share" CHECK ("threshold" BETWEEN 0 AND 1),
  ADD CONSTRAINT "model_versions_parent_is_older" CHECK ("parent_version" < "version");
ALTER TABLE "traffic_plans" ADD CONSTRAINT "traffic_plans_revision_counts_from_1" CHECK ("revision" >= 1);
ALTER TABLE "threshold_adjustments"
  ADD CONSTRAINT "threshold_adjustments_are_shares" CHECK ("from_threshold" BETWEEN 0 AND 1 AND "to_threshold" BETWEEN 0 AND 1);

ALTER TABLE "training_runs" ADD CONSTRAINT "training_runs_progress_is_a_share" CHECK ("progress" BETWEEN 0 AND 1);

ALTER TABLE "health_assessments"
  ADD CONSTRAINT "health_assessments_window_is_not_empty" CHECK ("window_start" < "window_end"),
  ADD CONSTRAINT "health_assessments_verdict_is_known"
    CHECK ("verdict" IN ('healthy', 'drift', 'degraded', 'data-fault', 'insufficient')),
  ADD CONSTRAINT "health_assessments_done_has_verdict" CHECK ("state" <> 'done' OR "verdict" IS NOT NULL);
ALTER TABLE "drift_reports" ADD CONSTRAINT "drift_reports_score_is_a_share" CHECK ("drift_score" BETWEEN 0 AND 1);
ALTER TABLE "data_quality_reports"
  ADD CONSTRAINT "data_quality_reports_verdict_is_known" CHECK ("verdict" IN ('ok', 'warning', 'fault'));

ALTER TABLE "incidents" ADD CONSTRAINT "incidents_state_is_known" CHECK ("state" IN ('open', 'resolved', 'no-action'));
ALTER TABLE "agent_actions"
  ADD CONSTRAINT "agent_actions_state_is_known" CHECK (
    "status" IN ('proposed', 'approved', 'executing', 'verifying', 'succeeded', 'failed', 'compensated', 'rejected', 'expired',
                 'superseded', 'dry-run')
  );
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_comment_is_required" CHECK (btrim("comment") <> '');
ALTER TABLE "agent_controls" ADD CONSTRAINT "agent_controls_is_one_row" CHECK ("id" = 1);

ALTER TABLE "audit_log"
  ADD CONSTRAINT "audit_log_seq_counts_from_1" CHECK ("seq" >= 1),
  ADD CONSTRAINT "audit_log_hashes_are_sha256" CHECK ("hash" ~ '^[0-9a-f]{64}$' AND "prev_hash" ~ '^[0-9a-f]{64}$');

-- Every service writes its own rows here and nobody else's. The role gimbal_<service> says who it is.
ALTER TABLE "outbox" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "read" ON "outbox" FOR SELECT USING (true);
CREATE POLICY "write_own" ON "outbox" FOR INSERT WITH CHECK ("owner" = substring(current_user::text FROM '^gimbal_(.+)$'));
CREATE POLICY "change_own" ON "outbox" FOR UPDATE USING ("owner" = substring(current_user::text FROM '^gimbal_(.+)$'));
CREATE POLICY "delete_own" ON "outbox" FOR DELETE USING ("owner" = substring(current_user::text FROM '^gimbal_(.+)$'));

ALTER TABLE "consumed_jobs" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "read" ON "consumed_jobs" FOR SELECT USING (true);
CREATE POLICY "write_own" ON "consumed_jobs" FOR INSERT WITH CHECK ("owner" = substring(current_user::text FROM '^gimbal_(.+)$'));
CREATE POLICY "change_own" ON "consumed_jobs" FOR UPDATE USING ("owner" = substring(current_user::text FROM '^gimbal_(.+)$'));
CREATE POLICY "delete_own" ON "consumed_jobs" FOR DELETE USING ("owner" = substring(current_user::text FROM '^gimbal_(.+)$'));

-- Makes the missing partitions of `days` UTC days from `first_day` on, and answers how many it made. Rows that came to the
-- default partition before are moved. Runs as the owner of the tables, because only an owner may attach; monitoring's role
-- may call it. Attaching lets readers and writers of other days go on. Safe to call from several places at once.
CREATE FUNCTION "ensure_prediction_partitions"("first_day" date, "days" integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC'
AS $$
DECLARE
  day date;
  partition text;
  made integer := 0;
BEGIN
  IF days NOT BETWEEN 1 AND 400 THEN
    RAISE EXCEPTION 'days must be 1 to 400, not %', days USING ERRCODE = '22023';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('gimbal.prediction-partitions', 0));
  FOR day IN SELECT first_day + n FROM generate_series(0, days - 1) AS n LOOP
    partition := 'predictions_' || to_char(day, 'YYYYMMDD');
    CONTINUE WHEN to_regclass('public.' || partition) IS NOT NULL;
    EXECUTE format(
      'CREATE TABLE public.%I (LIKE public.predictions INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', partition);
    -- Before the parent's lock: a writer that holds the parent may be waiting for this one.
    LOCK TABLE public.predictions_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format(
      'WITH moved AS (DELETE FROM public.predictions_default WHERE created_at >= %L AND created_at < %L RETURNING *)
       INSERT INTO public.%I SELECT * FROM moved', day::timestamptz, (day + 1)::timestamptz, partition);
    EXECUTE format('ALTER TABLE public.predictions ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
      partition, day::timestamptz, (day + 1)::timestamptz);
    made := made + 1;
  END LOOP;
  RETURN made;
END;
$$;
REVOKE ALL ON FUNCTION "ensure_prediction_partitions"(date, integer) FROM PUBLIC;

-- Drops the partitions of the UTC days before `first_kept_day`, and answers how many. Today and yesterday can't be dropped.
CREATE FUNCTION "drop_prediction_partitions"("first_kept_day" date) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public, pg_temp
  SET timezone = 'UTC'
AS $$
DECLARE
  partition text;
  dropped integer := 0;
BEGIN
  IF first_kept_day >= current_date THEN
    RAISE EXCEPTION 'today and yesterday are kept' USING ERRCODE = '22023';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('gimbal.prediction-partitions', 0));
  FOR partition IN
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'public.predictions'::regclass AND relname ~ '^predictions_[0-9]{8}$'
      AND to_date(right(relname, 8), 'YYYYMMDD') < first_kept_day
  LOOP
    EXECUTE format('DROP TABLE public.%I', partition);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END;
$$;
REVOKE ALL ON FUNCTION "drop_prediction_partitions"(date) FROM PUBLIC;
