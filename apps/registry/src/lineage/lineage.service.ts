import { DataOrigin, type Lineage, type LineageQuery } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { VersionRow } from '../models/show-version.js';
import { findRelatives, findVersion } from '../models/version.repository.js';
import { LineageGraph } from './lineage-graph.js';
import { readEffects } from './read-effects.js';
import { readOrigins } from './read-origins.js';

/** Where a version came from, and what came of it, over the tables of all services. */
@Injectable()
export class LineageService {
  constructor(private readonly database: Database) {}

  /** @throws DomainError `model-not-found`, `version-not-found` */
  async trace(model: string, version: number, { direction, limit }: LineageQuery): Promise<Lineage> {
    const db = this.database.reader;
    const row = await findVersion(db, model, version);
    const relatives = await findRelatives(db, model, version);
    const graph = new LineageGraph(limit);
    if (direction !== 'effects') await readOrigins(db, row, graph, relatives.parents);
    if (direction !== 'origins') await readEffects(db, row, graph);
    const { trainingRunId, runId, codeVersion, datasetDigest } = row;
    const dataOrigin = DataOrigin.nullable().parse(row.dataOrigin);
    return {
      ...{ modelName: model, version, datasetDigest, dataOrigin, trainingRunId, runId, codeVersion },
      ...relatives,
      decisions: [...trainingDecision(row), ...(await readDecisions(db, model, version))],
      nodes: graph.nodes,
      edges: graph.edges,
      cut: graph.cut,
    };
  }
}

type Decision = Lineage['decisions'][number];

function trainingDecision(row: VersionRow): Decision[] {
  if (row.decisionId === null) return [];
  const reason = 'Asked for the training that made this version.';
  return [
    { decisionId: row.decisionId, kind: 'retrain', actor: row.createdBy, reason, at: row.createdAt.toISOString() },
  ];
}

/** What moved the version or its threshold, oldest first. */
async function readDecisions(db: DatabaseReader, modelName: string, version: number): Promise<Decision[]> {
  const promotions = await db.promotion.findMany({
    where: { modelName, OR: [{ toVersion: version }, { fromVersion: version }] },
  });
  const adjustments = await db.thresholdAdjustment.findMany({ where: { modelName, version } });
  return [
    ...promotions.map(({ kind, ...rest }) => ({ kind: kind as string, ...rest })), // widened to hold the kind below
    ...adjustments.map((one) => ({ kind: 'adjust-threshold', ...one })),
  ]
    .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime())
    .map(({ decisionId, kind, decidedBy, reason, createdAt }) => ({
      decisionId,
      kind,
      actor: decidedBy,
      reason,
      at: createdAt.toISOString(),
    }));
}
