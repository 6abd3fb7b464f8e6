import type { TrafficPlan } from '@gimbal/contracts';

/** FNV-1a with a final mix, so that keys which differ in one digit land far apart. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * The place of a unit in [0, 1): the same key always lands at the same place of one test, and at an unrelated one of another.
 * @param salt the model and the name of the test
 */
export function placeUnit(salt: string, key: string): number {
  return hashText(`${salt}\u0000${key}`) / 4_294_967_296;
}

/** Which version answers a unit: an A/B test first, then a canary, else the live one; null when none is live. */
export function chooseVersion(modelName: string, plan: TrafficPlan, key: string): number | null {
  if (plan.ab) {
    const place = placeUnit(`${modelName}/${plan.ab.name}`, key);
    let until = 0;
    for (const { version, weight } of plan.ab.arms) {
      until += weight;
      if (place < until) return version;
    }
    return plan.ab.arms.findLast(({ weight }) => weight > 0)?.version ?? plan.live; // weights sum to 1 but for rounding
  }
  if (plan.canary && placeUnit(`${modelName}/canary`, key) * 100 < plan.canary.percent) return plan.canary.version;
  return plan.live;
}
