import type { Run } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction, Prisma } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import type { z } from 'zod';

const RUN_PARTS = {
  params: { orderBy: { key: 'asc' } },
  tags: { orderBy: { key: 'asc' } },
  artifacts: { orderBy: { path: 'asc' } },
} as const satisfies Prisma.RunInclude;

type RunRow = Prisma.RunGetPayload<{ include: typeof RUN_PARTS }>;
type Shown = z.output<typeof Run>;

/** A run with everything logged to it. @throws DomainError `run-not-found` */
export async function readRun(db: DatabaseReader, id: string): Promise<Shown> {
  const [run] = await readRuns(db, { where: { id }, take: 1 });
  if (!run) throw runNotFound(id);
  return run;
}

const runNotFound = (id: string): DomainError => new DomainError('run-not-found', `There is no run ${id}.`);

/** Runs, newest first, with the latest value of each metric. */
export async function readRuns(
  db: DatabaseReader,
  { where, take }: { readonly where: Prisma.RunWhereInput; readonly take: number },
): Promise<Shown[]> {
  const rows = await db.run.findMany({
    where,
    include: RUN_PARTS,
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take,
  });
  const latest = await readLatestMetrics(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => showRun(row, latest.get(row.id) ?? {}));
}

/** The latest value of a metric is the one of its highest step, then of its latest time, as MLflow has it. */
async function readLatestMetrics(
  db: DatabaseReader,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, Record<string, number>>> {
  const latest = new Map<string, Record<string, number>>();
  if (runIds.length === 0) return latest;
  const rows = await db.$queryRaw<{ run_id: string; key: string; value: number }[]>`
    SELECT DISTINCT ON (run_id, key) run_id, key, value FROM run_metrics WHERE run_id = ANY(${[...runIds]}::uuid[])
    ORDER BY run_id, key, step DESC, "timestamp" DESC, value DESC`;
  for (const { run_id, key, value } of rows) latest.set(run_id, { ...latest.get(run_id), [key]: value });
  return latest;
}

/** Makes the writers of one run take turns. @throws DomainError `run-not-found` */
export async function lockRun(tx: DatabaseTransaction, id: string): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM runs WHERE id = ${id}::uuid FOR UPDATE`;
  if (rows.length === 0) throw runNotFound(id);
}

/**
 * Writes parameters that are not there yet. The caller holds the run's turn.
 * @throws DomainError `already-exists` when one is there with another value
 */
export async function writeParams(
  tx: DatabaseTransaction,
  runId: string,
  params: Readonly<Record<string, string>>,
): Promise<void> {
  const present = await tx.runParam.findMany({ where: { runId, key: { in: Object.keys(params) } } });
  const changed = present.filter(({ key, value }) => params[key] !== value).map(({ key }) => key);
  if (changed.length > 0) {
    throw new DomainError(
      'already-exists',
      `Parameters are written once; these have another value: ${changed.slice(0, 10).join(', ')}.`,
    );
  }
  const data = Object.entries(params).map(([key, value]) => ({ runId, key, value }));
  await tx.runParam.createMany({ data, skipDuplicates: true });
}

/** Sets tags; a tag that is there gets the new value. */
export async function writeTags(
  tx: DatabaseTransaction,
  runId: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  await tx.runTag.deleteMany({ where: { runId, key: { in: Object.keys(tags) } } });
  await tx.runTag.createMany({ data: Object.entries(tags).map(([key, value]) => ({ runId, key, value })) });
}

function showRun(row: RunRow, metrics: Record<string, number>): Shown {
  return {
    id: row.id,
    experimentId: row.experimentId,
    name: row.name,
    state: row.state,
    parentRunId: row.parentRunId,
    params: Object.fromEntries(row.params.map(({ key, value }) => [key, value])),
    metrics,
    tags: Object.fromEntries(row.tags.map(({ key, value }) => [key, value])),
    datasetDigest: row.datasetDigest,
    artifacts: row.artifacts.map(({ path, digest, bytes, contentType }) => ({
      path,
      digest,
      bytes: Number(bytes),
      contentType,
    })),
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
