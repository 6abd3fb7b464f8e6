import type { ComparePredictions, PredictionComparison } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import { ARTIFACT_STORE, type ArtifactStore } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { findVersion } from '../models/version.repository.js';
import { planVersion } from '../traffic/plan-version.js';
import { findSample } from './find-sample.js';
import { ServingClient } from './serving.client.js';
import { summarizeAnswers } from './summarize-answers.js';

/** Compares what two versions say of the same rows; serving runs them, in traffic or not. */
@Injectable()
export class PredictionComparisonService {
  constructor(
    private readonly database: Database,
    private readonly serving: ServingClient,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /**
   * @throws DomainError `model-not-found`, `version-not-found`, `version-not-servable`, `not-enough-data`; as {@link ServingClient.scoreRows}
   */
  async compare(model: string, { versions, rows: sent }: ComparePredictions): Promise<PredictionComparison> {
    const db = this.database.reader;
    const found = await Promise.all(versions.map((version) => findVersion(db, model, version)));
    const planned = await Promise.all(found.map(async (row) => planVersion(row, await findSigned(db, row.id))));
    const { sample, rows } = sent ? { sample: 'sent' as const, rows: sent } : await findSample(db, this.store, found);
    const score = (version: (typeof planned)[number]) =>
      this.serving.scoreRows({ modelName: model, version, rows: [...rows] });
    const [first = [], second = []] = await Promise.all(planned.map(score));
    const answered = rows.map((features, row) => ({ features, v1: first[row]!, v2: second[row]! })); // serving answers every row
    return { modelName: model, versions, sample, ...summarizeAnswers(answered), rows: answered };
  }
}

/** The last manifest of a version, if it has one. */
async function findSigned(db: DatabaseReader, versionId: string): Promise<string | undefined> {
  const row = await db.versionManifest.findFirst({
    where: { versionId },
    orderBy: { id: 'desc' },
    select: { signed: true },
  });
  return row?.signed;
}
