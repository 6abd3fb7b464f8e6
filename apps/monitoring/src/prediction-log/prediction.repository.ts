import type { Prediction, Prisma } from '@gimbal/db';
import { NEWEST_FIRST, olderThan } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** Which predictions; `from` included, `until` excluded. */
export interface PredictionFilter {
  readonly model?: string | undefined;
  readonly version?: number | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly labelled?: 'true' | 'false' | undefined;
}

/** The prediction log, as it is read. */
@Injectable()
export class PredictionRepository {
  constructor(private readonly database: Database) {}

  /**
   * At most `take` predictions after the cursor, newest first. The log is indexed by model and time, so without a model each model
   * gives its newest, and the newest of those are the answer.
   */
  async list(filter: PredictionFilter, cursor: string | undefined, take: number): Promise<Prediction[]> {
    const models = filter.model === undefined ? await this.modelNames() : [filter.model];
    const found: Prediction[] = [];
    for (const modelName of models) {
      const where: Prisma.PredictionWhereInput = { ...conditionOf(filter), modelName, AND: olderThan(cursor) };
      found.push(...(await this.database.reader.prediction.findMany({ where, orderBy: NEWEST_FIRST, take })));
    }
    return found.sort(newestFirst).slice(0, take);
  }

  find(id: string): Promise<Prediction | null> {
    return this.database.reader.prediction.findFirst({ where: { id } });
  }

  private async modelNames(): Promise<string[]> {
    return (await this.database.reader.model.findMany({ select: { name: true } })).map(({ name }) => name);
  }
}

const newestFirst = (one: Prediction, other: Prediction): number =>
  other.createdAt.getTime() - one.createdAt.getTime() || (other.id < one.id ? -1 : 1);

function conditionOf({ version, from, until, labelled }: PredictionFilter): Prisma.PredictionWhereInput {
  return {
    ...(version !== undefined && { modelVersion: version }),
    ...(labelled !== undefined && { actual: labelled === 'true' ? { not: null } : null }),
    ...((from !== undefined || until !== undefined) && {
      createdAt: {
        ...(from !== undefined && { gte: new Date(from) }),
        ...(until !== undefined && { lt: new Date(until) }),
      },
    }),
  };
}
