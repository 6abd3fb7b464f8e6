import { createHash, randomUUID } from 'node:crypto';

/**
 * A graph that multiplies two matrices of 900 x 900 numbers for each row, some fifty milliseconds on one core. Written by `slowGraph(900)` of
 * `apps/serving/test/odd-graphs.ts`.
 */
const GRAPH = Buffer.from(
  'CAg6vwMKOAoIZmVhdHVyZXMSA293biIJUmVkdWNlTWF4KgsKBGF4ZXNAAaABByoPCghrZWVwZGltcxgBoAECCjASBGN1YmUiCENvbnN0YW50Kh4KCnZhbHVlX2ludHNA////////////AUABQAGgAQcKKhIFbGFyZ2UiCENvbnN0YW50KhcKCnZhbHVlX2ludHNAAUCEB0CEB6ABBwowEgZjb2x1bW4iCENvbnN0YW50KhwKCnZhbHVlX2ludHNA////////////AUABoAEHChoKA293bgoEY3ViZRIEc2VlZCIHUmVzaGFwZQodCgRzZWVkCgVsYXJnZRIGbWF0cml4IgZFeHBhbmQKIQoGbWF0cml4CgZtYXRyaXgSB3Byb2R1Y3QiBk1hdE11bAo7Cgdwcm9kdWN0EgRtZWFuIgpSZWR1Y2VNZWFuKg0KBGF4ZXNAAUACoAEHKg8KCGtlZXBkaW1zGAGgAQIKHgoEbWVhbgoGY29sdW1uEgV2YWx1ZSIHUmVzaGFwZRIBZ1obCghmZWF0dXJlcxIPCg0IARIJCgMSAU4KAggCYhgKBXZhbHVlEg8KDQgBEgkKAxIBTgoCCAFCBAoAEA0=',
  'base64',
);

const input = (name: string) => ({
  ...{ name, type: 'number', description: '', allowed: null, range: null, missing: 'refused' },
  training_range: [0, 1],
});

/** How {@link GRAPH} has the size of its matrices: a number of protobuf, of two bytes as every one from 128 to 16 383. */
const WRITTEN_SIZE = Buffer.from([0x84, 0x07]);

/** The same with matrices of `size` x `size` numbers; time goes with its cube. @param size 128 to 16 383 */
export function slowGraph(size: number): Buffer {
  const written = Buffer.from([(size & 0x7f) | 0x80, size >> 7]);
  return Buffer.from(
    GRAPH.toString('latin1').replaceAll(WRITTEN_SIZE.toString('latin1'), written.toString('latin1')),
    'latin1',
  );
}

/** What the registry is to know of such a file, beside the file. */
export const SLOW_SIGNATURE = {
  task: 'regression',
  target: 'y',
  inputs: [input('a'), input('b')],
  codings: {},
} as const;

/** A model file, and its place in a kept traffic plan. */
export interface PlannedFile {
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly planned: { readonly model_name: string; readonly versions: readonly object[] };
}

export function slowModel(): PlannedFile {
  const digest = createHash('sha256').update(GRAPH).digest('hex');
  const version = {
    ...{ id: randomUUID(), version: 1, algorithm: 'ridge_regression', threshold: 0.5, data_origin: null },
    ...{ artifact_digest: digest, artifact_bytes: GRAPH.byteLength },
    signature: SLOW_SIGNATURE,
  };
  const plan = { live: 1 };
  const planned = { model_name: 'slow', plan, versions: [version], standby: null };
  return { bytes: GRAPH, digest, planned };
}

export const SLOW_BODY = JSON.stringify({
  inputs: [{ name: 'features', shape: [1, 2], datatype: 'FP32', data: [0.25, 0.5] }],
});
