import type { ActionType } from '../action-type.js';
import type { ActionDefinition } from './action-definition.js';
import { adjustThreshold } from './adjust-threshold.js';
import { collectDiagnostics } from './collect-diagnostics.js';
import { generateReport } from './generate-report.js';
import { retrainModel } from './retrain-model.js';
import { rollbackModel } from './rollback-model.js';
import { sendAlert } from './send-alert.js';
import { validateData } from './validate-data.js';

/**
 * All seven, in the order in which they are considered: repairs from the likeliest cause to the mildest, then looking and writing, and
 * the alert last, because it tells of the others.
 */
export const ACTIONS: Readonly<Record<ActionType, ActionDefinition>> = {
  rollback_model: rollbackModel,
  retrain_model: retrainModel,
  adjust_threshold: adjustThreshold,
  validate_data: validateData,
  generate_report: generateReport,
  collect_diagnostics: collectDiagnostics,
  send_alert: sendAlert,
};
