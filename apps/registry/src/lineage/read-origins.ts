import type { DatabaseReader } from '@gimbal/db';
import type { VersionRow } from '../models/show-version.js';
import { addAction, trainingRunId } from './add-agent-action.js';
import { addVersion, versionId } from './add-version.js';
import { type LineageGraph, nodeId } from './lineage-graph.js';

/** Finds what a version was made from: data, runs, the versions before it, and who asked for it. */
export async function readOrigins(
  db: DatabaseReader,
  row: VersionRow,
  graph: LineageGraph,
  parents: readonly number[],
) {
  const version = addVersion(graph, row);
  await addAncestors(db, row, graph, parents);
  const training = await addTraining(db, row, graph);
  const run = await addRun(db, row, graph);
  const logged = await addLoggedModel(db, row, graph);
  const steps = [training, run, logged, version].filter((id) => id !== null);
  steps.forEach((id, at) => {
    const next = steps[at + 1];
    if (next !== undefined) graph.link(id, relationTo(next), next);
  });
  for (const dataset of await addDatasets(db, row.datasetDigest, graph)) graph.link(dataset, 'read-by', steps[0]!); // the version is always there
}

const relationTo = (id: string) =>
  id.startsWith('run:') ? 'recorded-as' : id.startsWith('logged-model:') ? 'logged' : 'registered-as';

async function addAncestors(
  db: DatabaseReader,
  { modelName, version }: VersionRow,
  graph: LineageGraph,
  parents: readonly number[],
): Promise<void> {
  const shown = graph.take('version', parents);
  for (const row of await db.modelVersion.findMany({ where: { modelName, version: { in: [...shown] } } }))
    addVersion(graph, row);
  [version, ...shown].forEach((child, at) => {
    const parent = shown[at];
    if (parent !== undefined) graph.link(versionId(modelName, parent), 'trained-into', versionId(modelName, child));
  });
}

/** Content is the same under whatever names and versions it was added; where it was not added, its digest is what is known. */
async function addDatasets(db: DatabaseReader, digest: string | null, graph: LineageGraph): Promise<readonly string[]> {
  if (digest === null) return [];
  const rows = await db.datasetVersion.findMany({
    where: { digest },
    orderBy: { createdAt: 'desc' },
    take: graph.limit + 1,
    select: { datasetName: true, version: true, rows: true, columns: true, createdAt: true },
  });
  if (rows.length === 0) {
    return [graph.add({ kind: 'dataset', key: digest, label: digest.slice(0, 12), facts: { sha256: digest } })];
  }
  return graph.take('dataset', rows).map((row) =>
    graph.add({
      kind: 'dataset',
      key: `${row.datasetName}/${row.version}`,
      label: `${row.datasetName} ${row.version}`,
      at: row.createdAt,
      facts: { sha256: digest, rows: row.rows, columns: row.columns },
    }),
  );
}

async function addTraining(db: DatabaseReader, row: VersionRow, graph: LineageGraph): Promise<string | null> {
  if (row.trainingRunId === null) return null;
  const training = await db.trainingRun.findUnique({ where: { id: row.trainingRunId } });
  const node = graph.add({
    kind: 'training-run',
    key: row.trainingRunId,
    label: `training of ${row.modelName}`,
    at: training?.startedAt ?? null,
    until: training?.endedAt ?? null,
    facts: training ? { state: training.state, reason: training.reason, requested_by: training.requestedBy } : {},
  });
  const asked = row.decisionId && (await db.agentAction.findUnique({ where: { id: row.decisionId } }));
  if (asked) graph.link(addAction(graph, asked), 'asked-for', trainingRunId(row.trainingRunId));
  return node;
}

async function addRun(db: DatabaseReader, row: VersionRow, graph: LineageGraph): Promise<string | null> {
  if (row.runId === null) return null;
  const run = await db.run.findUnique({
    where: { id: row.runId },
    include: {
      experiment: { select: { name: true } },
      inputs: { include: { dataset: true }, orderBy: { createdAt: 'desc' }, take: graph.limit + 1 },
    },
  });
  if (!run) return null;
  const node = graph.add({
    kind: 'run',
    key: run.id,
    label: run.name,
    at: run.startedAt,
    until: run.endedAt,
    facts: { experiment: run.experiment.name, state: run.state, created_by: run.createdBy },
  });
  for (const { dataset } of graph.take('dataset', run.inputs)) {
    const { id, name, digest, sourceType, source } = dataset;
    const facts = { digest, source_type: sourceType, source: source.slice(0, SOURCE_SHOWN) };
    graph.link(graph.add({ kind: 'dataset', key: id, label: name, facts }), 'read-by', node);
  }
  return node;
}

/** A source may be a whole document. */
const SOURCE_SHOWN = 200;

async function addLoggedModel(db: DatabaseReader, row: VersionRow, graph: LineageGraph): Promise<string | null> {
  const logged = row.loggedModelId && (await db.loggedModel.findUnique({ where: { id: row.loggedModelId } }));
  if (!logged) return null;
  const { id, name, modelType, state, createdAt, sourceRunId } = logged;
  const facts = { model_type: modelType, state };
  const node = graph.add({ kind: 'logged-model', key: id, label: name, at: createdAt, facts });
  if (sourceRunId !== null) graph.link(nodeId('run', sourceRunId), 'logged', node);
  return node;
}
