import type { DatabaseReader } from '@gimbal/db';
import type { VersionRow } from '../models/show-version.js';
import { addAction, trainingRunId } from './add-agent-action.js';
import { addVersion, versionId } from './add-version.js';
import { type LineageGraph, nodeId } from './lineage-graph.js';
import { readDeployments } from './read-deployments.js';

/** Predictions are counted up to here: a graph is no report, and a version may have answered for years. */
const COUNTED_MAX = 100_000;

/** Finds what came of a version: where it answered, how it was judged, what was done about it, and which versions came after it. */
export async function readEffects(db: DatabaseReader, row: VersionRow, graph: LineageGraph): Promise<void> {
  addVersion(graph, row);
  const deployments = await readDeployments(db, row, graph);
  const predictions = await addPredictions(db, row, graph, deployments);
  const assessments = await addAssessments(db, row, graph, predictions);
  await addActions(db, assessments, graph);
  await addChildren(db, row, graph);
}

async function addPredictions(
  db: DatabaseReader,
  { id, modelName, version, createdAt }: VersionRow,
  graph: LineageGraph,
  deployments: readonly string[],
): Promise<string | null> {
  // The first and the last are found in the order of the index; no version answers before it is registered.
  const [found] = await db.$queryRaw<{ first: Date | null; last: Date | null; counted: bigint }[]>`
    SELECT
      (SELECT created_at FROM predictions WHERE model_name = ${modelName} AND created_at >= ${createdAt} AND model_id = ${id}::uuid
        ORDER BY created_at LIMIT 1) AS first,
      (SELECT created_at FROM predictions WHERE model_name = ${modelName} AND created_at >= ${createdAt} AND model_id = ${id}::uuid
        ORDER BY created_at DESC LIMIT 1) AS last,
      (SELECT count(*) FROM (SELECT 1 FROM predictions WHERE model_name = ${modelName} AND created_at >= ${createdAt}
        AND model_id = ${id}::uuid LIMIT ${COUNTED_MAX}) c) AS counted`;
  const count = Number(found?.counted ?? 0);
  if (count === 0) return null;
  const node = graph.add({
    kind: 'predictions',
    key: `${modelName}/${version}`,
    label: `predictions of ${modelName} ${version}`,
    at: found?.first ?? null,
    until: found?.last ?? null,
    facts: { count, counted_all: count < COUNTED_MAX },
  });
  for (const deployment of deployments) graph.link(deployment, 'answered', node);
  if (deployments.length === 0) graph.link(versionId(modelName, version), 'answered', node);
  return node;
}

/** @returns ids of the assessments shown */
async function addAssessments(
  db: DatabaseReader,
  { id: modelId, modelName, version }: VersionRow,
  graph: LineageGraph,
  predictions: string | null,
): Promise<readonly string[]> {
  const rows = await db.healthAssessment.findMany({
    where: { modelId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: graph.limit + 1,
    include: { driftReport: { select: { id: true, driftDetected: true, driftScore: true, createdAt: true } } },
  });
  const judged = predictions ?? versionId(modelName, version);
  return graph.take('assessment', rows).map((row) => {
    const { id, state, verdict, dataQuality, performance, rows: judgedRows, from, until, driftReport } = row;
    const node = graph.add({
      kind: 'assessment',
      key: id,
      label: `assessment: ${verdict ?? state}`,
      at: from,
      until,
      facts: { state, verdict, rows: judgedRows, data_quality: dataQuality, performance },
    });
    graph.link(judged, 'judged-in', node);
    if (driftReport) {
      const { driftDetected, driftScore, createdAt } = driftReport;
      const found = graph.add({
        kind: 'drift-report',
        key: driftReport.id,
        label: driftDetected ? 'drift' : 'no drift',
        at: createdAt,
        facts: { drift_detected: driftDetected, drift_score: driftScore },
      });
      graph.link(node, 'found', found);
    }
    return id;
  });
}

async function addActions(db: DatabaseReader, assessments: readonly string[], graph: LineageGraph): Promise<void> {
  const rows = await db.agentAction.findMany({
    where: { incident: { assessmentId: { in: [...assessments] } } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: graph.limit + 1,
    include: { incident: { select: { assessmentId: true } } },
  });
  const shown = graph.take('agent-action', rows);
  for (const row of shown) graph.link(nodeId('assessment', row.incident.assessmentId), 'led-to', addAction(graph, row));
  const ids = shown.map(({ id }) => id);
  await addTrainings(db, ids, graph);
  const moves = await db.promotion.findMany({ where: { decisionId: { in: ids } } });
  const moved = moves.map(({ modelName, toVersion: version }) => ({ modelName, version }));
  for (const row of moved.length === 0 ? [] : await db.modelVersion.findMany({ where: { OR: moved } }))
    addVersion(graph, row);
  for (const { decisionId, modelName, toVersion } of moves)
    graph.link(nodeId('agent-action', decisionId), 'asked-for', versionId(modelName, toVersion));
}

/** Trainings that actions asked for, and the versions that these made. */
async function addTrainings(db: DatabaseReader, decisionIds: readonly string[], graph: LineageGraph): Promise<void> {
  const runs = await db.trainingRun.findMany({ where: { decisionId: { in: [...decisionIds] } } });
  for (const { id, modelName, state, reason, startedAt, endedAt, decisionId } of runs) {
    const facts = { state, reason };
    const label = `training of ${modelName}`;
    graph.add({ kind: 'training-run', key: id, label, at: startedAt, until: endedAt, facts });
    graph.link(nodeId('agent-action', decisionId!), 'asked-for', trainingRunId(id)); // the query asked for those with one
  }
  const made = await db.modelVersion.findMany({ where: { trainingRunId: { in: runs.map(({ id }) => id) } } });
  for (const row of made) graph.link(trainingRunId(row.trainingRunId!), 'registered-as', addVersion(graph, row)); // as above
}

async function addChildren(db: DatabaseReader, { modelName, version }: VersionRow, graph: LineageGraph): Promise<void> {
  const rows = await db.modelVersion.findMany({
    where: { modelName, parentVersion: version },
    orderBy: { version: 'desc' },
    take: graph.limit + 1,
  });
  for (const row of graph.take('version', rows))
    graph.link(versionId(modelName, version), 'trained-into', addVersion(graph, row));
}
