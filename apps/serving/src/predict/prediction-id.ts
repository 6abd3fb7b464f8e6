import { ID_SEED_BYTES, type LogDefinition } from '@gimbal/contracts';

const scratch = Buffer.alloc(ID_SEED_BYTES);
/** Random bytes of a seed that neither say its time, version and variant nor count the rows. */
const SALTED_BYTE = 9;
const SALTED_BYTES = 3;

const salts = new WeakMap<LogDefinition, number>();

/** 24 bits that stand for a version of a model at one threshold (FNV-1a). */
function saltOf(definition: LogDefinition): number {
  let salt = salts.get(definition);
  if (salt === undefined) {
    salt = 0x811c9dc5;
    for (const character of `${definition.modelVersionId} ${definition.threshold}`)
      salt = Math.imul(salt ^ character.charCodeAt(0), 0x01000193);
    salt = (salt ^ (salt >>> 24)) & 0xff_ffff;
    salts.set(definition, salt);
  }
  return salt;
}

/**
 * The id of the first row of a request: a UUID version 7 of the seed's time. The same seed gives the same id as long as the same version
 * answers at the same threshold, and another one else. So a request that two replicas answer is in the log once; and when the plan
 * changed in between, the row of the caller's id is still what the caller was told.
 */
export function predictionIdOf(seed: Uint8Array, definition: LogDefinition): string {
  scratch.set(seed);
  scratch.writeUIntBE(scratch.readUIntBE(SALTED_BYTE, SALTED_BYTES) ^ saltOf(definition), SALTED_BYTE, SALTED_BYTES);
  const hex = scratch.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const TIME_BYTES = 6;

/** When a seed was drawn, ms since 1970: two replicas that answer the same request log it under the same time. */
export function timeOfSeed(seed: Uint8Array): number {
  let time = 0;
  for (let at = 0; at < TIME_BYTES; at++) time = time * 256 + (seed[at] ?? 0);
  return time;
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
