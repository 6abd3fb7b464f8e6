import { randomBytes, randomUUID } from 'node:crypto';
import type { ModelArchive } from '@gimbal/contracts';
import { type DatabaseTransaction, toJson } from '@gimbal/db';
import { finite } from '../experiments/run-writer.js';
import { artifactUriOf } from '../mlflow/artifact-uri.js';
import { insertRows } from './insert-rows.js';

/** Say of what was imported what it was called where it was made. */
const ORIGIN_RUN_TAG = 'gimbal.imported_run_id';
const ORIGIN_MODEL_TAG = 'gimbal.imported_model_id';

/** A run or a logged model as it is called here, and where its files are for MLflow's clients. */
interface ImportedOwner {
  readonly id: string;
  readonly uri: string;
}

/** What was imported, by the ids of where it was made. */
export type ImportedOwners = ReadonlyMap<string, ImportedOwner>;

/** Adds runs and logged models under ids of their own, in experiments of the same names. */
export async function insertOwners(
  tx: DatabaseTransaction,
  { runs, loggedModels }: ModelArchive,
): Promise<ImportedOwners> {
  const experiments = await openExperiments(tx, [...runs, ...loggedModels]);
  const owners = new Map<string, ImportedOwner>();
  const own = (kind: 'run' | 'logged-model', was: string, { id, experiment }: { id: string; experiment: string }) =>
    owners.set(was, { id, uri: artifactUriOf(experiments.get(experiment)!, { kind, id }) }); // all were opened above
  for (const { id, experiment } of runs) own('run', id, { id: randomUUID(), experiment });
  for (const { id, experiment } of loggedModels)
    own('logged-model', id, { id: `m-${randomBytes(16).toString('hex')}`, experiment });
  const idOf = (was: string) => owners.get(was)!.id; // likewise
  const experimentOf = ({ experiment }: Filed) => experiments.get(experiment)!.id;
  await insertRuns(tx, runs, { idOf, experimentOf });
  await tx.loggedModel.createMany({
    data: loggedModels.map(({ id, files: _, experiment, sourceRunId, tags, params, createdAt, ...model }) => ({
      ...model,
      id: idOf(id),
      experimentId: experimentOf({ experiment }),
      sourceRunId: sourceRunId === null ? null : (owners.get(sourceRunId)?.id ?? null),
      state: 'ready' as const,
      params: toJson(params),
      tags: toJson({ ...tags, [ORIGIN_MODEL_TAG]: id }),
      createdAt: new Date(createdAt),
    })),
  });
  const filesOf = (owned: readonly { id: string; files: ArchivedRun['files'] }[], key: 'run_id' | 'model_id') =>
    owned.flatMap(({ id, files }) =>
      files.map(({ contentType, ...file }) => ({ ...file, [key]: idOf(id), content_type: contentType })),
    );
  const columns = ['path text', 'digest text', 'bytes bigint', 'content_type text'];
  await insertRows(tx, { name: 'artifacts', columns: ['run_id uuid', ...columns] }, filesOf(runs, 'run_id'));
  const ofModels = { name: 'logged_model_artifacts', columns: ['model_id text', ...columns] };
  await insertRows(tx, ofModels, filesOf(loggedModels, 'model_id'));
  return owners;
}

type ArchivedRun = ModelArchive['runs'][number];
type Filed = Pick<ArchivedRun, 'experiment'>;

interface Experiment {
  readonly id: string;
  readonly number: bigint;
  readonly artifactLocation: string | null;
}

/** Experiments by their names; those that are not there are made, whoever else makes them at the same time. */
async function openExperiments(
  tx: DatabaseTransaction,
  filed: readonly (Filed & { readonly createdBy: string })[],
): Promise<ReadonlyMap<string, Experiment>> {
  const creators = new Map(filed.map(({ experiment, createdBy }) => [experiment, createdBy]));
  const rows = [...creators].map(([name, created_by]) => ({ name, created_by }));
  rows.sort((one, other) => (one.name < other.name ? -1 : 1)); // in one order, lest two imports wait for each other
  await insertRows(tx, { name: 'experiments', columns: ['name text', 'created_by text'] }, rows);
  const found = await tx.experiment.findMany({
    where: { name: { in: [...creators.keys()] } },
    select: { id: true, name: true, number: true, artifactLocation: true },
  });
  return new Map(found.map((experiment) => [experiment.name, experiment]));
}

interface Places {
  readonly idOf: (was: string) => string;
  readonly experimentOf: (filed: Filed) => string;
}

async function insertRuns(
  tx: DatabaseTransaction,
  runs: readonly ArchivedRun[],
  { idOf, experimentOf }: Places,
): Promise<void> {
  await tx.run.createMany({
    data: runs.map(({ id, name, state, datasetDigest, userName, createdBy, experiment, startedAt, endedAt }) => ({
      ...{ id: idOf(id), experimentId: experimentOf({ experiment }), name, state, datasetDigest, userName, createdBy },
      ...{ startedAt: new Date(startedAt), endedAt: endedAt === null ? null : new Date(endedAt) },
    })),
  });
  const pairsOf = (read: (run: ArchivedRun) => Readonly<Record<string, string>>) =>
    runs.flatMap((run) => Object.entries(read(run)).map(([key, value]) => ({ run_id: idOf(run.id), key, value })));
  const pairs = ['run_id uuid', 'key text', 'value text'];
  await insertRows(
    tx,
    { name: 'run_params', columns: pairs },
    pairsOf(({ params }) => params),
  );
  const tags = pairsOf((run) => ({ ...run.tags, [ORIGIN_RUN_TAG]: run.id }));
  await insertRows(tx, { name: 'run_tags', columns: pairs }, tags);
  const points = runs.flatMap(({ id, metrics }) =>
    metrics.map(({ value, at, ...point }) => {
      const kept = finite(Number(value));
      return { ...point, run_id: idOf(id), timestamp: at, value: Number.isNaN(kept) ? 'NaN' : kept };
    }),
  );
  const columns = ['run_id uuid', 'key text', 'step bigint', '"timestamp" timestamptz', 'value float8'];
  await insertRows(tx, { name: 'run_metrics', columns }, points);
  // Highest step, then latest time, then greatest value, as everywhere.
  await tx.$executeRaw`
    INSERT INTO run_latest_metrics (run_id, key, experiment_id, run_started_at, value, step, "timestamp")
    SELECT DISTINCT ON (m.run_id, m.key) m.run_id, m.key, r.experiment_id, r.started_at, m.value, m.step, m."timestamp"
    FROM run_metrics m JOIN runs r ON r.id = m.run_id WHERE m.run_id = ANY(${runs.map(({ id }) => idOf(id))}::uuid[])
    ORDER BY m.run_id, m.key, m.step DESC, m."timestamp" DESC, m.value DESC`;
}
