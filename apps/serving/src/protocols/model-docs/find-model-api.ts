import { findModel, findVersion, readVersion } from '../../predict/find-version.js';
import type { ServedModels } from '../../traffic/served-models.js';
import { describeModelApi } from './describe-model-api.js';

/**
 * The OpenAPI document of a model: of the version that is named, or of the live one.
 * @throws DomainError `no-model-available`, `model-not-found`, `version-not-found`, `no-live-version`
 */
export function findModelApi(models: ServedModels, name: string, version: string | undefined): object {
  const served = findVersion(findModel(models, name), readVersion(version), null);
  return describeModelApi({ served, isNamed: version !== undefined });
}
