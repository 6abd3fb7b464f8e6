import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { type JudgedVersion, readJudgedVersion } from './judged-version.js';

/** The registry's versions, as monitoring reads them. */
@Injectable()
export class VersionRepository {
  constructor(private readonly database: Database) {}

  async hasModel(name: string): Promise<boolean> {
    return (await this.database.reader.model.count({ where: { name } })) > 0;
  }

  async find(id: string): Promise<JudgedVersion | null> {
    const row = await this.database.reader.modelVersion.findUnique({ where: { id } });
    return row && readJudgedVersion(row);
  }

  /** The version that takes live traffic; null before the first promotion. */
  async findLive(modelName: string): Promise<JudgedVersion | null> {
    const row = await this.database.reader.modelVersion.findFirst({ where: { modelName, isActive: true } });
    return row && readJudgedVersion(row);
  }

  async listLive(): Promise<JudgedVersion[]> {
    const rows = await this.database.reader.modelVersion.findMany({
      where: { isActive: true },
      orderBy: { modelName: 'asc' },
    });
    return rows.map(readJudgedVersion);
  }

  /**
   * The other versions of the model that the gate admitted, best known first: those that were live, the latest first, then the rest by
   * number. At most ten: what stands in for a version is the last good one, not history.
   */
  async listAdmitted({ modelName, id }: JudgedVersion): Promise<JudgedVersion[]> {
    const rows = await this.database.reader.modelVersion.findMany({
      where: { modelName, id: { not: id }, gateVerdict: { path: ['admitted'], equals: true } },
      orderBy: [{ promotedAt: { sort: 'desc', nulls: 'last' } }, { version: 'desc' }],
      take: 10,
    });
    return rows.map(readJudgedVersion);
  }
}
