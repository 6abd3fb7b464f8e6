import { DomainError } from '@gimbal/domain';
import { chooseVersion } from '../traffic/choose-version.js';
import type { ServedModel, ServedModels, ServedVersion } from '../traffic/served-models.js';

/** @throws DomainError `no-model-available` before anything is known, `model-not-found` */
export function findModel(models: Pick<ServedModels, 'find' | 'isInformed'>, name: string): ServedModel {
  const model = models.find(name);
  if (model) return model;
  if (!models.isInformed)
    throw new DomainError('no-model-available', 'Serving has not yet learned which models there are.');
  throw new DomainError('model-not-found', 'There is no model of this name.');
}

/**
 * The version that the caller names, which may be the one that was live before, or the one that the traffic plan chooses for a unit;
 * whether it can answer is another question.
 *
 * @param asked undefined when the caller names none
 * @param key of the unit; null: the live version, whatever canary or test there is
 * @throws DomainError `no-live-version`, `version-not-found`
 */
export function findVersion(model: ServedModel, asked: number | undefined, key: string | null): ServedVersion {
  const { versions, standby, plan, name } = model;
  const planned = key === null ? plan.live : chooseVersion(name, plan, key);
  const chosen = asked ?? planned;
  if (chosen === null) throw new DomainError('no-live-version', 'The model has no live version; promote one.');
  const version = versions.get(chosen) ?? (standby?.planned.version === chosen ? standby : undefined);
  if (version) return version;
  throw new DomainError('version-not-found', `Version ${chosen} is not in this model's traffic plan.`);
}

/**
 * The number of a version as it stands in a path; undefined when the path names none.
 * @throws DomainError `version-not-found` when there can be no such version
 */
export function readVersion(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new DomainError('version-not-found', 'Versions are numbers that count from 1.');
}

/**
 * Whether a model answers: the version that is named, or the live one, can be loaded and does not rest after failures.
 * @throws DomainError `no-model-available` before anything is known, `model-not-found`, `version-not-found`
 */
export function isReady(
  models: Pick<ServedModels, 'find' | 'isInformed'>,
  name: string,
  version: number | undefined,
): boolean {
  const model = findModel(models, name);
  try {
    const { graph } = findVersion(model, version, null);
    return !graph.isOut && graph.breaker.state(performance.now()) !== 'open';
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'version-not-found') throw error;
    return false;
  }
}
