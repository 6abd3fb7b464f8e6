import { randomUUID } from 'node:crypto';
import type { ModelArchive } from '@gimbal/contracts';
import type { DatabaseTransaction, Prisma } from '@gimbal/db';

type ArchivedRun = ModelArchive['runs'][number];

/** Says of an imported run what it was called where it was made. */
const ORIGIN_TAG = 'gimbal.imported_run_id';

/** Adds runs under ids of their own, in experiments of the same names. @returns the new id of each old one */
export async function insertRuns(
  tx: DatabaseTransaction,
  runs: readonly ArchivedRun[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const run of runs) {
    const id = randomUUID();
    ids.set(run.id, id);
    await insertRun(tx, id, run);
  }
  return ids;
}

async function insertRun(tx: DatabaseTransaction, id: string, run: ArchivedRun): Promise<void> {
  const { name, state, datasetDigest, userName, createdBy, experiment } = run;
  const startedAt = new Date(run.startedAt);
  const endedAt = run.endedAt === null ? null : new Date(run.endedAt);
  const { experimentId } = await tx.run.create({
    data: {
      ...{ id, name, state, datasetDigest, userName, createdBy, startedAt, endedAt },
      experiment: { connectOrCreate: { where: { name: experiment }, create: { name: experiment, createdBy } } },
    },
  });
  const rowsOf = (entries: Readonly<Record<string, string>>) =>
    Object.entries(entries).map(([key, value]) => ({ runId: id, key, value }));
  await tx.runParam.createMany({ data: rowsOf(run.params) });
  await tx.runTag.createMany({ data: rowsOf({ ...run.tags, [ORIGIN_TAG]: run.id }) });
  const points = run.metrics.map(({ key, step, at, value }) => ({
    ...{ runId: id, key, step: BigInt(step), at: new Date(at), value: Number(value) },
  }));
  await tx.runMetric.createMany({ data: points, skipDuplicates: true });
  const latest = [...latestPoints(points)].map((point) => ({ ...point, experimentId, runStartedAt: startedAt }));
  await tx.runLatestMetric.createMany({ data: latest });
  await tx.artifact.createMany({ data: run.files.map((file) => ({ runId: id, ...file })) });
}

type Point = Prisma.RunMetricCreateManyInput & { readonly step: bigint; readonly at: Date; readonly value: number };

/** Highest step, then latest time, then greatest value, as everywhere. */
function latestPoints(points: readonly Point[]): Iterable<Point> {
  const latest = new Map<string, Point>();
  for (const point of points) {
    const known = latest.get(point.key);
    if (!known || isLater(point, known)) latest.set(point.key, point);
  }
  return latest.values();
}

function isLater(one: Point, other: Point): boolean {
  if (one.step !== other.step) return one.step > other.step;
  if (one.at.getTime() !== other.at.getTime()) return one.at > other.at;
  return one.value > other.value;
}
