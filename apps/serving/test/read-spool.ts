import { crc32 } from 'node:zlib';
import { type JobPayload, readLoggedPredictions } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { PredictionLog } from '../src/prediction-log/prediction-log.js';
import type { ServingHarness } from './serving-harness.js';

/** The predictions that a serving which has ended left in its folder, as monitoring would get them; the folder is empty afterwards. */
export async function readSpool({ home }: Pick<ServingHarness, 'home'>) {
  const shipped: JobPayload<'predictions.spooled'>[] = [];
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const log = await PredictionLog.open({
    directory: `${home}/spool`,
    publish: async (_id, job) => void shipped.push(job),
    sync: 'none',
    segmentBytesMax: 1_000_000,
    segmentAgeMsMax: 60_000,
    bytesMax: 1_000_000_000,
    rowsPerJob: 300,
    delayMs: 1,
    logger: silent,
  });
  await log.startShipping();
  await eventually(() => {
    const { waitingRows, waitingBytes, isBlocked } = log.state;
    if (waitingRows > 0 || waitingBytes > 0 || isBlocked) throw new Error('something is not shipped yet');
  });
  await log.close();
  return shipped.flatMap((job) => readLoggedPredictions(job, crc32));
}
