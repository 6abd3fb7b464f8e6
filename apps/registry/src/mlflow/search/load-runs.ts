import type { DatabaseReader } from '@gimbal/db';

/** A run with everything logged to it, as it is kept. */
export interface StoredRun {
  /** Ours: a UUID. */
  readonly id: string;
  /** MLflow's id of the experiment. */
  readonly experiment: string;
  /** Where the experiment's files are when not here. */
  readonly artifactLocation: string | null;
  readonly name: string;
  readonly state: 'scheduled' | 'running' | 'finished' | 'failed' | 'killed';
  readonly lifecycle: 'active' | 'deleted';
  readonly userName: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly params: readonly StoredEntry[];
  readonly tags: readonly StoredEntry[];
  /** The last point of each metric. */
  readonly metrics: readonly StoredMetric[];
  readonly datasets: readonly StoredDataset[];
  readonly models: readonly StoredRunModel[];
}

export interface StoredEntry {
  readonly key: string;
  readonly value: string;
}

export interface StoredMetric {
  readonly key: string;
  /** A number; NaN and infinities by name. */
  readonly value: number | 'NaN' | 'Infinity' | '-Infinity';
  readonly timestamp: number;
  readonly step: number;
}

export interface StoredDataset {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  readonly source: string;
  readonly schema: string;
  readonly profile: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface StoredRunModel {
  readonly modelId: string;
  readonly role: 'input' | 'output';
  readonly step: number;
}

/** Columns of what a run has, one list for each: the database writes these as JSON several times faster than a list of objects. */
type Columns<T extends readonly unknown[]> = { readonly [K in keyof T]: readonly T[K][] | null };

type RunRow = Omit<StoredRun, 'params' | 'tags' | 'metrics' | 'datasets' | 'models'> & {
  readonly params: Columns<[key: string, value: string]>;
  readonly tags: Columns<[key: string, value: string]>;
  readonly metrics: Columns<[key: string, value: StoredMetric['value'], timestamp: number, step: number]>;
  readonly datasets: readonly StoredDataset[] | null;
  readonly models: readonly StoredRunModel[] | null;
};

/** Reads runs by their ids, in this order, in one query however many they are. */
export async function loadRuns(db: DatabaseReader, ids: readonly string[]): Promise<readonly StoredRun[]> {
  if (ids.length === 0) return [];
  const rows = await db.$queryRaw<RunRow[]>`
    SELECT r.id, e.number::text AS experiment, e.artifact_location AS "artifactLocation", r.name, r.state::text, r.lifecycle::text,
      r.user_name AS "userName", date_part('epoch', r.started_at) * 1000 AS "startedAtMs",
      date_part('epoch', r.ended_at) * 1000 AS "endedAtMs",
      (SELECT json_build_array(json_agg(p.key), json_agg(p.value))
        FROM (SELECT key, value FROM run_params WHERE run_id = r.id ORDER BY key) p) AS params,
      (SELECT json_build_array(json_agg(t.key), json_agg(t.value))
        FROM (SELECT key, value FROM run_tags WHERE run_id = r.id ORDER BY key) t) AS tags,
      (SELECT json_build_array(json_agg(m.key), json_agg(m.value), json_agg(date_part('epoch', m."timestamp") * 1000), json_agg(m.step))
        FROM (SELECT key, value, "timestamp", step FROM run_latest_metrics WHERE run_id = r.id ORDER BY key) m) AS metrics,
      (SELECT json_agg(json_build_object('name', d.name, 'digest', d.digest, 'sourceType', d.source_type,
          'source', d.source, 'schema', d.schema, 'profile', d.profile, 'tags', i.tags) ORDER BY i.created_at, d.name, d.digest)
        FROM run_inputs i JOIN used_datasets d ON d.id = i.dataset_id WHERE i.run_id = r.id) AS datasets,
      (SELECT json_agg(json_build_object('modelId', l.model_id, 'role', l.role, 'step', l.step) ORDER BY l.step, l.model_id)
        FROM run_models l WHERE l.run_id = r.id) AS models
    FROM unnest(${[...ids]}::uuid[]) WITH ORDINALITY page(id, place)
    JOIN runs r ON r.id = page.id JOIN experiments e ON e.id = r.experiment_id
    ORDER BY page.place`;
  return rows.map(readRow);
}

function readRow({ params, tags, metrics, datasets, models, ...run }: RunRow): StoredRun {
  const [keys, values, timestamps, steps] = metrics;
  return {
    ...run,
    startedAtMs: Math.round(run.startedAtMs), // the database gives a fraction of seconds
    endedAtMs: run.endedAtMs === null ? null : Math.round(run.endedAtMs),
    params: readEntries(params),
    tags: readEntries(tags),
    metrics: (keys ?? []).map((key, at) => ({
      key,
      value: values?.[at] ?? 'NaN',
      timestamp: Math.round(timestamps?.[at] ?? 0),
      step: steps?.[at] ?? 0,
    })),
    datasets: datasets ?? [],
    models: models ?? [],
  };
}

const readEntries = ([keys, values]: RunRow['params']): StoredEntry[] =>
  (keys ?? []).map((key, at) => ({ key, value: values?.[at] ?? '' }));
