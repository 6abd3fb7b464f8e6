import { Injectable } from '@nestjs/common';
import { AssessmentRepository } from '../assessments/assessment.repository.js';
import { AssessmentService } from '../assessments/assessment.service.js';
import { Database } from '../database/database.js';
import type { JudgedVersion } from '../references/judged-version.js';
import { VersionRepository } from '../references/version.repository.js';

/** Rows of a transaction that had not committed when the last assessment was asked for are older than it; they are news all the same. */
const OVERLAP_MS = 60_000;
/** Predictions that waited longer than this in a spool are found with the next ones. */
const REACH_MS = 7 * 86_400_000;

/** Asks for the assessments of a scheduler's turn. */
@Injectable()
export class DueAssessments {
  constructor(
    private readonly database: Database,
    private readonly versions: VersionRepository,
    private readonly assessments: AssessmentRepository,
    private readonly service: AssessmentService,
  ) {}

  /** One assessment for each live version with news, however often the turn is delivered. @returns how many were asked for */
  async request(occasion: string): Promise<number> {
    let asked = 0;
    for (const version of await this.versions.listLive()) {
      if (!(await this.hasNews(version))) continue;
      if ((await this.service.requestDue(version, occasion)) !== null) asked++;
    }
    return asked;
  }

  /** Whether predictions of the version, or labels of them, came since the model was last assessed. */
  private async hasNews({ id, modelName }: JudgedVersion): Promise<boolean> {
    const last = await this.assessments.findLatest(modelName);
    const since = new Date((last?.createdAt.getTime() ?? 0) - OVERLAP_MS);
    const reach = new Date(Date.now() - REACH_MS);
    const [news] = await this.database.reader.$queryRaw<{ any: boolean }[]>`
      SELECT EXISTS (
        SELECT FROM predictions
        WHERE model_name = ${modelName} AND created_at >= ${reach} AND model_id = ${id}::uuid AND received_at > ${since}
      ) OR EXISTS (
        SELECT FROM prediction_labels l
        JOIN predictions p ON p.id = l.prediction_id AND p.created_at = l.prediction_created_at
        WHERE l.received_at > ${since} AND p.model_name = ${modelName} AND p.model_id = ${id}::uuid
      ) AS any`;
    return news?.any ?? false;
  }
}
