import type { ModelSignature } from '@gimbal/contracts';
import type { ServedModel, ServedVersion } from '../traffic/served-models.js';

/** Whether what was sent for one can be read for the other, and answered in the same form. */
function isAskedAlike(one: ModelSignature, other: ModelSignature): boolean {
  if (one.task !== other.task || one.inputs.length !== other.inputs.length) return false;
  if ((one.classes ?? []).join('\0') !== (other.classes ?? []).join('\0')) return false;
  return one.inputs.every(({ name, type }, index) => {
    const twin = other.inputs[index];
    return twin?.name === name && twin.type === type;
  });
}

/** It could not be loaded the last time, or rests after failures. */
const isOutOfService = ({ graph }: ServedVersion, nowMs: number): boolean =>
  graph.fault !== undefined || graph.breaker.waitMs(nowMs) > 0;

/**
 * Who answers while a version is out of service: the live one for a canary or an arm of a test, else the version that was live before.
 * Both must be asked alike, but for the live one where the version cannot be loaded: who names none sends what the live one takes.
 * @returns undefined when the version is in service, and when nobody can stand in
 */
export function findStandIn(
  { plan, versions, standby }: ServedModel,
  version: ServedVersion,
  nowMs: number,
): ServedVersion | undefined {
  if (!isOutOfService(version, nowMs)) return undefined;
  const live = plan.live === null ? undefined : versions.get(plan.live);
  const fits = (other: ServedVersion): boolean =>
    isAskedAlike(version.planned.signature, other.planned.signature) ||
    (other === live && version.graph.fault !== undefined);
  return [live, standby].find(
    (other) => other !== undefined && other.graph !== version.graph && !isOutOfService(other, nowMs) && fits(other),
  );
}
