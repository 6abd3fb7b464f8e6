import type { ActionType } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import type { Executor } from '../execution/executor.js';
import { AdjustThresholdExecutor } from './adjust-threshold.executor.js';
import { CollectDiagnosticsExecutor } from './collect-diagnostics.executor.js';
import { GenerateReportExecutor } from './generate-report.executor.js';
import { RetrainModelExecutor } from './retrain-model.executor.js';
import { RollbackModelExecutor } from './rollback-model.executor.js';
import { SendAlertExecutor } from './send-alert.executor.js';
import { ValidateDataExecutor } from './validate-data.executor.js';

/** The seven, for Nest to make. */
export const EXECUTORS = [
  AdjustThresholdExecutor,
  CollectDiagnosticsExecutor,
  GenerateReportExecutor,
  RetrainModelExecutor,
  RollbackModelExecutor,
  SendAlertExecutor,
  ValidateDataExecutor,
] as const;

/** Those that change what is served. */
@Injectable()
export class RepairExecutors {
  readonly byType: Readonly<Record<'retrain_model' | 'rollback_model' | 'adjust_threshold', Executor>>;

  constructor(retrain: RetrainModelExecutor, rollBack: RollbackModelExecutor, adjust: AdjustThresholdExecutor) {
    this.byType = { retrain_model: retrain, rollback_model: rollBack, adjust_threshold: adjust };
  }
}

/** Those that tell, look or write a report. */
@Injectable()
export class InformingExecutors {
  readonly byType: Readonly<
    Record<'send_alert' | 'collect_diagnostics' | 'validate_data' | 'generate_report', Executor>
  >;

  constructor(
    alert: SendAlertExecutor,
    collect: CollectDiagnosticsExecutor,
    validate: ValidateDataExecutor,
    report: GenerateReportExecutor,
  ) {
    this.byType = {
      send_alert: alert,
      collect_diagnostics: collect,
      validate_data: validate,
      generate_report: report,
    };
  }
}

/** Finds the executor of an action; one that is missing does not compile. */
@Injectable()
export class ExecutorCatalogue {
  private readonly byType: Readonly<Record<ActionType, Executor>>;

  constructor(repairs: RepairExecutors, informing: InformingExecutors) {
    this.byType = { ...repairs.byType, ...informing.byType };
  }

  of(type: ActionType): Executor {
    return this.byType[type];
  }
}
