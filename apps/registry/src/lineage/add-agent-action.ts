import type { AgentAction } from '@gimbal/db';
import { type LineageGraph, nodeId } from './lineage-graph.js';

export const trainingRunId = (id: string): string => nodeId('training-run', id);

/** @returns the node's id */
export function addAction(graph: LineageGraph, action: AgentAction): string {
  const { id, actionId, actionType, state, riskLevel, reason, proposedBy, reviewedBy, createdAt, executedAt } = action;
  return graph.add({
    kind: 'agent-action',
    key: id,
    label: `${actionType} ${actionId}`,
    at: createdAt,
    until: executedAt,
    facts: { type: actionType, state, risk: riskLevel, reason, proposed_by: proposedBy, reviewed_by: reviewedBy },
  });
}
