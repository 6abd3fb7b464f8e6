import { ModelName } from '@gimbal/contracts';
import type { VersionRow } from '../models/show-version.js';
import { type MoveOutcome, refuse } from './promotion-outcome.js';

/** Why a version can't go live whatever it was measured to be; null when it can. */
export function checkServable({
  modelName,
  version,
  unservedReason,
}: Pick<VersionRow, 'modelName' | 'version' | 'unservedReason'>): MoveOutcome | null {
  if (unservedReason !== null)
    return refuse('version-not-servable', `Version ${version} can't be served: ${unservedReason}`);
  const name = ModelName.safeParse(modelName);
  if (name.success) return null;
  const rule = name.error.issues.map(({ message }) => message).join(' ');
  return refuse('version-not-servable', `Rename the model before it goes live. A name that is served has: ${rule}.`);
}
