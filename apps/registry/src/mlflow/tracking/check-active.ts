import { experimentNotThere, mlflowRunId, runNotThere } from '../ids.js';
import { invalidParameter } from '../mlflow-error.js';

interface Living {
  readonly lifecycle: 'active' | 'deleted';
}

/** Refuses to write to a run that is not there or deleted. */
export function checkRunActive<Row extends Living>(id: string, row: Row | undefined): asserts row is Row {
  if (!row) throw runNotThere(id);
  if (row.lifecycle !== 'active')
    throw invalidParameter(
      `The run ${mlflowRunId(id)} must be in the 'active' state. Current state is ${row.lifecycle}.`,
    );
}

/** Refuses to write to an experiment that is not there or deleted. */
export function checkExperimentActive<Row extends Living>(number: string, row: Row | undefined): asserts row is Row {
  if (!row) throw experimentNotThere(number);
  if (row.lifecycle !== 'active')
    throw invalidParameter(
      `The experiment ${number} must be in the 'active' state. Current state is ${row.lifecycle}.`,
    );
}
