/** What training tells the audit chain. */
export type AuditedAction =
  | 'training.requested'
  | 'training.succeeded'
  | 'training.failed'
  | 'training.cancelled'
  | 'schedule.changed'
  | 'batch-prediction.requested'
  | 'batch-prediction.succeeded'
  | 'batch-prediction.failed'
  | 'batch-prediction.cancelled';
