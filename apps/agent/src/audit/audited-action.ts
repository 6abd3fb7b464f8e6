/** What the agent tells the audit chain. */
export type AuditedAction =
  | 'incident.opened'
  | 'action.proposed'
  | 'action.refused'
  | 'action.approved'
  | 'action.rejected'
  | 'action.expired'
  | 'action.executed'
  | 'action.verified'
  | 'action.failed'
  | 'action.compensated'
  | 'agent.paused'
  | 'agent.resumed'
  | 'policy.changed';
