/** What is found out about a graph before it takes traffic: how long its runs take, and whether rows may run together. */
import type { InferenceSession } from 'onnxruntime-node';
import { certifyBatches } from '#inference/certify-batches.js';
import { runRows } from '#inference/run-rows.js';
import { pickRows, sampleRows } from '#inference/sample-rows.js';
import { timeRuns } from '#inference/time-runs.js';
import type { ExamineRequest, GraphReport } from './session-host.js';

const BATCH_SIZES = [16, 64, 256, 1_024];

/**
 * @param loadMs what the load took
 * @throws GraphRefusal, or Error when the graph fails on a row that training might have seen
 */
export async function examineGraph(
  session: InferenceSession,
  { shape, batchRowsMax, runMsMax }: ExamineRequest,
  { loadMs, mayLoop }: Pick<GraphReport, 'loadMs' | 'mayLoop'>,
): Promise<GraphReport> {
  const rows = sampleRows(shape, batchRowsMax);
  const time = (count: number): Promise<number> => {
    const first = pickRows(
      rows,
      Array.from({ length: count }, (_, row) => row),
    );
    return timeRuns(() => runRows(session, first, shape));
  };
  const rowMs = await time(1);
  const certificate = await certifyBatches(session, shape, { largest: batchRowsMax, rowMs, runMsMax });
  const { batchable, largestBatch } = certificate;
  const runMsByRows: [number, number][] = [[1, rowMs]];
  const sizes = batchable ? [...BATCH_SIZES.filter((size) => size < largestBatch), largestBatch] : [];
  for (const size of sizes) if (size > 1) runMsByRows.push([size, await time(size)]);
  return { certificate, loadMs, runMsByRows, mayLoop };
}
