import { refuseSearch } from '@gimbal/domain';

/** MLflow's ids of experiments, each once. @throws DomainError `validation-failed` in MLflow's words */
export function readExperimentIds(ids: readonly string[]): readonly string[] {
  for (const id of ids) {
    if (!/^-?\d{1,18}$/.test(id)) {
      throw refuseSearch(`Invalid experiment ID '${id.slice(0, 100)}'. Experiment ID must be a valid integer.`);
    }
  }
  return [...new Set(ids)];
}
