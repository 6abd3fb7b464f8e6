import { type MlflowFailure, mlflowFailureOf, type Problem } from '@gimbal/contracts';

/** What the tracking client calls, and the same for MLflow's pages in a browser. */
export const MLFLOW_PREFIXES = ['/api', '/ajax-api'] as const;

const MLFLOW_PATH = /^\/(api|ajax-api)\/[23]\.0\/|^\/(model-versions\/)?get-artifact$/;

/** Whether a path, without its query, is one of MLflow's REST. */
export const isMlflowPath = (path: string): boolean => MLFLOW_PATH.test(path);

/** Failures below MLflow's paths have MLflow's shape. */
export const renderMlflowFailure = (problem: Problem, path: string): MlflowFailure | undefined =>
  isMlflowPath(path) ? mlflowFailureOf(problem).body : undefined;
