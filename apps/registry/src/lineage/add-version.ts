import type { ModelVersion } from '@gimbal/db';
import { type LineageGraph, nodeId } from './lineage-graph.js';

export const versionId = (model: string, version: number): string => nodeId('version', `${model}/${version}`);

type ShownVersion = Pick<
  ModelVersion,
  'modelName' | 'version' | 'createdAt' | 'stage' | 'isActive' | 'algorithm' | 'framework' | 'createdBy'
>;

/** @returns the node's id */
export function addVersion(graph: LineageGraph, row: ShownVersion): string {
  const { modelName, version, createdAt, stage, isActive, algorithm, framework, createdBy } = row;
  return graph.add({
    kind: 'version',
    key: `${modelName}/${version}`,
    label: `${modelName} ${version}`,
    at: createdAt,
    facts: { stage, live: isActive, algorithm, framework, registered_by: createdBy },
  });
}
