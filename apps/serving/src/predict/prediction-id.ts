import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4_096;
const RANDOM_BYTES = 10;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * A new prediction id: UUID version 7 (RFC 9562), so that ids made later sort later and land together in an index.
 * @param nowMs milliseconds since 1970
 */
export function createPredictionId(nowMs: number): string {
  if (used + RANDOM_BYTES > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const time = Math.trunc(nowMs).toString(16).padStart(12, '0');
  const random = pool.toString('hex', used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  const variant = (8 + (Number.parseInt(random.charAt(3), 16) & 3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

/** Ids of one request differ in their last 32 bits alone, which count on from those of the first row. */
const COUNTED_DIGITS = 8;

/**
 * The id of a row behind the first one of its request.
 * @param first id of the first row
 * @param row 0 is the first one
 */
export function followPredictionId(first: string, row: number): string {
  const at = first.length - COUNTED_DIGITS;
  const counted = (Number.parseInt(first.slice(at), 16) + row) >>> 0;
  return first.slice(0, at) + counted.toString(16).padStart(COUNTED_DIGITS, '0');
}
