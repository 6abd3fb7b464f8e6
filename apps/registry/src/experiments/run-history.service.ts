import { type MetricHistory, type Paging, Timestamp } from '@gimbal/contracts';
import { cutPage, decodeCursor, type PageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database/database.js';
import { readRun, showValue } from './run.repository.js';

type Point = z.output<typeof MetricHistory>['items'][number];

/** Step, time and value of the last point shown: together they are the point's key. */
const PointMark = z.tuple([z.int(), Timestamp, z.union([z.number(), z.literal('NaN')])]);

/** Reads all that a run has logged of a metric. */
@Injectable()
export class RunHistoryService {
  constructor(private readonly database: Database) {}

  /** All values of one metric, the highest step first. @throws DomainError `run-not-found`, `invalid-cursor` */
  async metric(runId: string, key: string, { limit, cursor }: z.output<typeof Paging>): Promise<PageOf<Point>> {
    const rows = await this.database.reader.runMetric.findMany({
      where: { runId, key, ...before(decodeCursor(PointMark, cursor)) },
      orderBy: [{ step: 'desc' }, { at: 'desc' }, { value: 'desc' }],
      take: limit + 1,
    });
    if (rows.length === 0) await readRun(this.database.reader, runId);
    return cutPage(rows, {
      limit,
      show: ({ value, step, at }) => ({ value: showValue(value), step: Number(step), at: at.toISOString() }),
      place: ({ value, step, at }) => [Number(step), at.toISOString(), showValue(value)],
    });
  }
}

function before(mark: z.output<typeof PointMark> | undefined) {
  if (!mark) return {};
  const [step, time, value] = mark;
  const at = new Date(time);
  return { OR: [{ step: { lt: step } }, { step, at: { lt: at } }, { step, at, value: { lt: Number(value) } }] };
}
