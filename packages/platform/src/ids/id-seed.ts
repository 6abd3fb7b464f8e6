import { randomFillSync } from 'node:crypto';
import { ID_SEED_BYTES } from '@gimbal/contracts';

const TIME_BYTES = 6;
const RANDOM_BYTES = ID_SEED_BYTES - TIME_BYTES;
const POOL_BYTES = 4_090;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * A new seed of prediction ids: the 16 bytes of a UUID version 7 (RFC 9562), so that ids made later sort later and land together in an
 * index.
 * @param nowMs milliseconds since 1970
 */
export function drawIdSeed(nowMs: number): Uint8Array {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const seed = Buffer.allocUnsafe(ID_SEED_BYTES);
  seed.writeUIntBE(Math.trunc(nowMs), 0, TIME_BYTES);
  pool.copy(seed, TIME_BYTES, used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  seed[6] = 0x70 | ((seed[6] ?? 0) & 0x0f);
  seed[8] = 0x80 | ((seed[8] ?? 0) & 0x3f);
  return seed;
}
