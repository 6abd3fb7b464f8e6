/** What training tells the audit chain. */
export type AuditedAction =
  | 'training.requested'
  | 'training.succeeded'
  | 'training.failed'
  | 'training.cancelled'
  | 'schedule.changed';
