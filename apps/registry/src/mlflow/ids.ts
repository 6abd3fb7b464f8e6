import { invalidParameter, notThere } from './mlflow-error.js';

/** The default experiment, which is meant where none is named. */
const DEFAULT_EXPERIMENT = '0';
const INT64_MAX = 2n ** 63n - 1n;

/** A run's id as MLflow writes it: the uuid without its dashes. */
export const mlflowRunId = (id: string): string => id.replaceAll('-', '');

/** A run's id as ours, from 32 hex digits; perhaps with dashes. Undefined when no run can have it. */
export function runUuid(id: string): string | undefined {
  const hex = mlflowRunId(id);
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** How a call names its run. */
interface NamesRun {
  readonly run_id?: string | undefined;
  readonly run_uuid?: string | undefined;
}

/** The run that a call is about. @throws MlflowError when it names none, or one that cannot be there */
export function readRunId({ run_id, run_uuid }: NamesRun): string {
  const named = run_id || run_uuid;
  if (!named)
    throw invalidParameter(
      "Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.",
    );
  const id = runUuid(named);
  if (id === undefined) throw runNotThere(named);
  return id;
}

export const runNotThere = (id: string) => notThere(`Run with id=${mlflowRunId(id)} not found`);

/** An experiment's number, as text of a bigint. @throws MlflowError when it is none */
export function readExperimentNumber(id: string | undefined): string {
  const text = id || DEFAULT_EXPERIMENT;
  if (!/^\d{1,19}$/.test(text))
    throw invalidParameter(`Invalid experiment ID '${text}'. Experiment ID must be a valid integer.`);
  if (BigInt(text) > INT64_MAX) throw experimentNotThere(text);
  return text;
}

export const experimentNotThere = (id: string) => notThere(`No Experiment with id=${id} exists`);
