import type { DatabaseReader } from '@gimbal/db';

/** More metrics than a run that measures one model has. */
const METRICS_MAX = 2_000;

/** What made a model, as far as it is known here. */
interface ModelOrigin {
  readonly runId: string | null;
  readonly loggedModelId: string | null;
}

/** The last figures of the run that made a model; those that were measured of the model itself go before those of the whole run. */
export async function readMeasuredMetrics(
  db: DatabaseReader,
  { runId, loggedModelId }: ModelOrigin,
): Promise<Readonly<Record<string, number>>> {
  const ofRun =
    runId === null
      ? []
      : await db.runLatestMetric.findMany({ where: { runId }, take: METRICS_MAX, orderBy: { key: 'asc' } });
  const ofModel =
    loggedModelId === null
      ? []
      : await db.loggedModelMetric.findMany({
          where: { modelId: loggedModelId },
          take: METRICS_MAX,
          orderBy: [{ step: 'asc' }, { at: 'asc' }, { id: 'asc' }],
        });
  return Object.fromEntries([...ofRun, ...ofModel].map(({ key, value }) => [key, value]));
}
