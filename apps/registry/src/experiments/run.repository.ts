import type { Run } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction, Prisma } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import type { z } from 'zod';

const RUN_PARTS = {
  params: { orderBy: { key: 'asc' } },
  tags: { orderBy: { key: 'asc' } },
  latestMetrics: { orderBy: { key: 'asc' } },
  artifacts: { orderBy: { path: 'asc' } },
} as const satisfies Prisma.RunInclude;

type RunRow = Prisma.RunGetPayload<{ include: typeof RUN_PARTS }>;
type Shown = z.output<typeof Run>;

/** A run with everything logged to it. @throws DomainError `run-not-found`, also for a deleted one */
export async function readRun(db: DatabaseReader, id: string): Promise<Shown> {
  const [run] = await readRuns(db, { where: { id }, take: 1 });
  if (!run) throw runNotFound(id);
  return run;
}

export const runNotFound = (id: string): DomainError => new DomainError('run-not-found', `There is no run ${id}.`);

/** Runs that are not deleted, newest first, with the latest value of each metric. */
export async function readRuns(
  db: DatabaseReader,
  { where, take }: { readonly where: Prisma.RunWhereInput; readonly take: number },
): Promise<Shown[]> {
  const rows = await db.run.findMany({
    where: { ...where, lifecycle: 'active' },
    include: RUN_PARTS,
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take,
  });
  return rows.map(showRun);
}

/** Makes the writers of one run take turns. @throws DomainError `run-not-found` */
export async function lockRun(tx: DatabaseTransaction, id: string): Promise<void> {
  const rows = await tx.$queryRaw<
    unknown[]
  >`SELECT 1 FROM runs WHERE id = ${id}::uuid AND lifecycle = 'active' FOR NO KEY UPDATE`;
  if (rows.length === 0) throw runNotFound(id);
}

/** JSON has no NaN: it goes as text. */
export const showValue = (value: number): number | 'NaN' => (Number.isNaN(value) ? 'NaN' : value);

function showRun(row: RunRow): Shown {
  return {
    id: row.id,
    experimentId: row.experimentId,
    name: row.name,
    state: row.state,
    parentRunId: row.parentRunId,
    params: Object.fromEntries(row.params.map(({ key, value }) => [key, value])),
    metrics: Object.fromEntries(row.latestMetrics.map(({ key, value }) => [key, showValue(value)])),
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
