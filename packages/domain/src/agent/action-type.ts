/** The seven things that the agent can do; each has its file in `actions/`. */
export const ACTION_TYPES = [
  'retrain_model',
  'rollback_model',
  'send_alert',
  'adjust_threshold',
  'collect_diagnostics',
  'validate_data',
  'generate_report',
] as const;
export type ActionType = (typeof ACTION_TYPES)[number];
